package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a name: written down, a literal, or asked of the module; never of this
 * computer.
 */
final class Resolver {
  private final AtChannel channel;

  Resolver(AtChannel channel) {
    this.channel = channel;
  }

  /** Blocks up to the deadline if the module has to be asked. */
  InetAddress resolve(String host, Deadline deadline, Stop stop) throws IOException {
    InetAddress given = channel.config().address(host);
    if (given != null) {
      return InetAddress.getByAddress(host, given.getAddress());
    }
    Optional<InetAddress> literal = AddressLiteral.parse(host, host);
    return literal.isPresent() ? literal.get() : ask(host, deadline, stop);
  }

  private InetAddress ask(String host, Deadline deadline, Stop stop) throws IOException {
    AtCommand command;
    try {
      command = AtCommand.builder("AT+CIPDOMAIN").with(host).build();
    } catch (IllegalArgumentException e) {
      throw unknown(host, "not a host name", e);
    }
    try (Turn turn = channel.take(deadline, stop)) {
      AtReply reply;
      try {
        reply = turn.ask(command, deadline, stop);
      } catch (ModuleLostException e) {
        throw e;
      } catch (AtException e) {
        throw unresolved(host, e, turn);
      }
      String text = reply.value("+CIPDOMAIN:").orElse("").replace("\"", "");
      return AddressLiteral.parse(host, text)
          .orElseThrow(() -> unknown(host, "the module gave no address", null));
    }
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
