package io.espat.at;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a link is to be connected to, and how.
 *
 * @param peer resolved
 * @param keepAlive seconds of silence before TCP asks the peer, 0 for never
 * @param tls what the module's TLS is to do; null for none
 */
record Dial(InetSocketAddress peer, int keepAlive, @Nullable ModuleTls tls) {

  boolean six() {
    return peer.getAddress() instanceof Inet6Address;
  }

  AtCommand command(int id) {
    AtCommand.Builder command =
        AtCommand.builder("AT+CIPSTART")
            .with(id)
            .with((tls == null ? "TCP" : "SSL") + (six() ? "v6" : ""))
            .with(AddressLiteral.text(peer.getAddress()))
            .with(peer.getPort());
    if (keepAlive > 0) {
      command.with(keepAlive);
    }
    return command.build();
  }

  /** Names the peer for messages. */
  String place() {
    return peer.getHostString() + ":" + peer.getPort();
  }
}
