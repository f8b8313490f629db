package io.espat.smtp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;

/**
 * The only way out for the client under test: one name, one port on loopback. Whoever asks for a
 * resolved address, for another name, or in another way than agreed, fails.
 */
final class LoopbackSockets extends SocketFactory {
  static final String NAME = "mail.test";

  private final int port;
  private final int chunk;
  private final List<Socket> made = new CopyOnWriteArrayList<>();

  LoopbackSockets(int port) {
    this(port, Integer.MAX_VALUE);
  }

  /** Sockets whose reads hand over so many octets at most. */
  LoopbackSockets(int port, int chunk) {
    this.port = port;
    this.chunk = chunk;
  }

  /** Every socket handed out. */
  List<Socket> made() {
    return made;
  }

  @Override
  public Socket createSocket() {
    Socket socket = new Mapped();
    made.add(socket);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int number) {
    throw new AssertionError("connected without a time-out");
  }

  @Override
  public Socket createSocket(String host, int number, InetAddress own, int ownPort) {
    throw new AssertionError("connected without a time-out");
  }

  @Override
  public Socket createSocket(InetAddress host, int number) {
    throw new AssertionError("connected to an address that the host resolved");
  }

  @Override
  public Socket createSocket(InetAddress host, int number, InetAddress own, int ownPort) {
    throw new AssertionError("connected to an address that the host resolved");
  }

  private final class Mapped extends Socket {
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      InetSocketAddress asked = (InetSocketAddress) endpoint;
      if (!asked.isUnresolved()) throw new AssertionError("resolved by the host: " + asked);
      if (!asked.getHostString().equals(NAME))
        throw new UnknownHostException(asked.getHostString());
      super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
          return in.read(bytes, offset, Math.min(count, chunk));
        }
      };
    }
  }
}
