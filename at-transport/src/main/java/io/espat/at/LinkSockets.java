package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/** The factory of a module's sockets; nothing here touches the host's network or resolver. */
final class LinkSockets extends SocketFactory {
  private final EspAtModule module;

  LinkSockets(EspAtModule module) {
    this.module = module;
  }

  @Override
  public Socket createSocket() {
    return new LinkSocket(module, null);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetSocketAddress.createUnresolved(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw noLocalEnd();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw noLocalEnd();
  }

  private static SocketException noLocalEnd() {
    return new SocketException("the local end of a link cannot be chosen: the module chooses it");
  }

  private Socket connected(InetSocketAddress peer) throws IOException {
    LinkSocket socket = new LinkSocket(module, null);
    socket.connect(peer);
    return socket;
  }
}
