package io.espat.sim;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The module's name service: its host table, {@code localhost}, literals and, where the network is
 * allowed, the JVM's resolver.
 */
final class Resolver {
  private final Map<String, List<InetAddress>> hosts;
  private final boolean allowNetwork;
  private final EventLoop loop;

  Resolver(Setup setup, EventLoop loop) {
    hosts = setup.hosts();
    allowNetwork = setup.allowNetwork();
    this.loop = loop;
  }

  /** Parses four decimal octets; anything else is no literal and is never handed to the JVM. */
  static byte @Nullable [] literal(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] octets = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (!parts[i].matches("[0-9]{1,3}") || Integer.parseInt(parts[i]) > 255) {
        return null;
      }
      octets[i] = (byte) Integer.parseInt(parts[i]);
    }
    return octets;
  }

  /** Whether the module may dial this address. */
  boolean allows(InetAddress address) {
    return allowNetwork || address.isLoopbackAddress();
  }

  /**
   * Looks a name up and hands the answer, or null, to {@code then} on the loop's thread: at once
   * when the module knows it by itself, else when the JVM's resolver has answered.
   */
  void lookup(String name, Family family, Consumer<@Nullable InetAddress> then) {
    InetAddress known = known(name, family);
    if (known != null || !allowNetwork || name.isEmpty()) {
      then.accept(known);
      return;
    }
    Thread asker =
        new Thread(
            () -> {
              InetAddress answer = ask(name, family);
              loop.post(() -> then.accept(answer));
            },
            "espat-sim-resolver");
    asker.setDaemon(true);
    asker.start();
  }

  private @Nullable InetAddress known(String name, Family family) {
    String lower = name.toLowerCase(Locale.ROOT);
    List<InetAddress> listed = hosts.get(lower);
    if (listed != null) {
      return first(listed, family);
    }
    if (lower.equals("localhost")) {
      return family.loopback();
    }
    InetAddress literal = Family.literal(name);
    return literal != null && family.takes(literal) ? literal : null;
  }

  /** The first address of the family; where any will do, IPv4 goes first. */
  private static @Nullable InetAddress first(List<InetAddress> addresses, Family family) {
    Family before = family == Family.ANY ? Family.V4 : family;
    InetAddress other = null;
    for (InetAddress address : addresses) {
      if (before.takes(address)) {
        return address;
      }
      if (other == null && family.takes(address)) {
        other = address;
      }
    }
    return other;
  }

  private static @Nullable InetAddress ask(String name, Family family) {
    try {
      return first(List.of(InetAddress.getAllByName(name)), family);
    } catch (UnknownHostException e) {
      return null; // the module says ERROR
    }
  }
}
