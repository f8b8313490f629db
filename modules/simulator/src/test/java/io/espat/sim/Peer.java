package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A server on loopback whose connections the test plays by hand. */
final class Peer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket();

  Peer() throws IOException {
    this(InetAddress.getByName("127.0.0.1"));
  }

  Peer(InetAddress here) throws IOException {
    server.setSoTimeout((int) HostSide.LIMIT.toMillis());
    server.bind(new InetSocketAddress(here, 0));
  }

  int port() {
    return server.getLocalPort();
  }

  Socket accept() throws IOException {
    Socket socket = server.accept();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) HostSide.LIMIT.toMillis());
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  static String receive(Socket socket, int count) throws IOException {
    return new String(socket.getInputStream().readNBytes(count), ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
