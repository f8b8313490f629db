package io.espat.ftp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Whom to dial, without ever asking the host's resolver. */
final class Addresses {
  private Addresses() {}

  /** The name an address carries, or its digits; {@code getHostName} would ask the resolver. */
  static String name(InetAddress address) {
    String text = address.toString();
    int slash = text.indexOf('/');
    return slash > 0 ? text.substring(0, slash) : digits(address);
  }

  private static String digits(InetAddress address) {
    String digits = address.getHostAddress();
    int zone = digits.indexOf('%');
    return zone < 0 ? digits : digits.substring(0, zone);
  }

  /**
   * Where data connections go: to the address the control connection reached, with the control
   * host's name; to the name alone if the socket does not tell its address.
   */
  static InetSocketAddress data(@Nullable InetAddress peer, String host, int port)
      throws IOException {
    if (peer == null || peer.isAnyLocalAddress()) {
      return InetSocketAddress.createUnresolved(host, port);
    }
    return new InetSocketAddress(InetAddress.getByAddress(host, peer.getAddress()), port);
  }

  /** Connects; refuses a socket whose TLS somebody else has begun, since nobody has verified it. */
  static void dial(Socket raw, InetSocketAddress target, int timeout) throws IOException {
    if (raw instanceof SSLSocket) {
      raw.close();
      throw new SocketException(
          "dialling "
              + target.getHostString()
              + ": the socket factory hands out TLS sockets; give it one for plain sockets, TLS is"
              + " done and verified here");
    }
    raw.connect(target, timeout);
  }
}
