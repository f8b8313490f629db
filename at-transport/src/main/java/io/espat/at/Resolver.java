package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a name: written down, a literal, or asked of the module; never of this
 * computer.
 */
final class Resolver {
  private static final Logger LOG = LogManager.getLogger();

  /**
   * For {@code AT+CIPDOMAIN}; without a number it is IPv4, and IPv6 where there is nothing else.
   */
  private static final int ONLY_V6 = 3;

  private final ModuleConfig config;
  private final Way way;

  /** Waits for the module to be there and in its network. */
  @FunctionalInterface
  interface Way {
    Session online(Deadline deadline, Stop stop) throws IOException;
  }

  Resolver(ModuleConfig config, Way way) {
    this.config = config;
    this.way = way;
  }

  /** Blocks up to the deadline if the module has to be asked. */
  InetAddress resolve(String host, Deadline deadline, Stop stop) throws IOException {
    InetAddress given = config.address(host);
    if (given != null) {
      return InetAddress.getByAddress(host, given.getAddress());
    }
    Optional<InetAddress> literal = AddressLiteral.parse(host, host);
    return literal.isPresent() ? literal.get() : ask(host, deadline, stop);
  }

  private InetAddress ask(String host, Deadline deadline, Stop stop) throws IOException {
    check(host);
    Session session = way.online(deadline, stop);
    try (Turn turn = session.channel().take(deadline, stop)) {
      boolean six =
          config.family() == StandardProtocolFamily.INET6 && session.links().ipv6.use(turn);
      if (six) {
        try {
          return ask(turn, question(host).with(ONLY_V6).build(), host, deadline, stop);
        } catch (ModuleLostException e) {
          throw e;
        } catch (AtException e) {
          LOG.debug("{} has no IPv6 address, it seems: {}", host, e.getMessage());
        }
      }
      try {
        return ask(turn, question(host).build(), host, deadline, stop);
      } catch (ModuleLostException e) {
        throw e;
      } catch (AtException e) {
        throw unresolved(host, e, turn);
      }
    }
  }

  private static void check(String host) throws IOException {
    try {
      question(host).with(ONLY_V6).build();
    } catch (IllegalArgumentException e) {
      throw unknown(host, "not a host name", e);
    }
  }

  private static AtCommand.Builder question(String host) {
    return AtCommand.builder("AT+CIPDOMAIN").with(host);
  }

  private static InetAddress ask(
      Turn turn, AtCommand command, String host, Deadline deadline, Stop stop) throws IOException {
    AtReply reply = turn.ask(command, deadline, stop);
    String text = reply.value("+CIPDOMAIN:").orElse("").replace("\"", "");
    return AddressLiteral.parse(host, text)
        .orElseThrow(() -> unknown(host, "the module gave no address", null));
  }

  private static IOException unresolved(String host, AtException error, Turn turn)
      throws IOException {
    if (!Wifi.joined(turn)) {
      return new WifiException(
          WifiException.ABSENT,
          "resolving " + host + ": the module is in no Wi-Fi network",
          error.command(),
          error.words());
    }
    return unknown(host, "the module could not resolve it", error);
  }

  private static UnknownHostException unknown(String host, String why, @Nullable Exception cause) {
    UnknownHostException unknown = new UnknownHostException(host + ": " + why);
    if (cause != null) {
      unknown.initCause(cause);
    }
    return unknown;
  }
}
