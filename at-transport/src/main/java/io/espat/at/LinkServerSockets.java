package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;

/** The factory of a module's server sockets, of which one can be bound at a time. */
final class LinkServerSockets extends ServerSocketFactory {
  private final EspAtModule module;

  LinkServerSockets(EspAtModule module) {
    this.module = module;
  }

  @Override
  public ServerSocket createServerSocket() throws IOException {
    return new LinkServerSocket(module);
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return bound(new InetSocketAddress(Addresses.ANY, port), 0);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return bound(new InetSocketAddress(Addresses.ANY, port), backlog);
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress local)
      throws IOException {
    return bound(new InetSocketAddress(local == null ? Addresses.ANY : local, port), backlog);
  }

  private ServerSocket bound(InetSocketAddress local, int backlog) throws IOException {
    LinkServerSocket socket = new LinkServerSocket(module);
    socket.bind(local, backlog);
    return socket;
  }
}
