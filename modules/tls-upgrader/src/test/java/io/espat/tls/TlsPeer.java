package io.espat.tls;

import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server on loopback with the JDK's TLS, which plays the same part on each connection. */
final class TlsPeer implements AutoCloseable {
  /** What the server does on one connection; the socket is closed after it. */
  interface Part {
    void play(Socket socket) throws Exception;
  }

  /** What the server does inside TLS. */
  interface SecurePart {
    void play(SSLSocket socket) throws Exception;
  }

  private final ServerSocket listener;
  private final BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();

  private TlsPeer(Part part) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread acceptor = new Thread(() -> accept(part), "tls-peer");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  static TlsPeer playing(Part part) throws IOException {
    return new TlsPeer(part);
  }

  /** TLS from the first byte, in one version. */
  static TlsPeer speaking(TestCertificate certificate, TlsVersion version, SecurePart part)
      throws IOException {
    SSLContext context = certificate.serverContext();
    return new TlsPeer(socket -> part.play(secure(context, socket, version)));
  }

  /** Puts TLS over a socket, with the handshake done. */
  static SSLSocket secure(SSLContext context, Socket socket, TlsVersion version)
      throws IOException {
    SSLSocket secure =
        (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    secure.setUseClientMode(false);
    secure.setEnabledProtocols(new String[] {version.protocol()});
    secure.startHandshake();
    return secure;
  }

  /** Sends back what comes, to the end, and then closes in good order. */
  static void echo(SSLSocket socket) throws IOException {
    byte[] buffer = new byte[40_000];
    for (int n = socket.getInputStream().read(buffer);
        n >= 0;
        n = socket.getInputStream().read(buffer)) {
      socket.getOutputStream().write(buffer, 0, n);
    }
    socket.close();
  }

  int port() {
    return listener.getLocalPort();
  }

  Socket dial() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port());
  }

  /** How the next connection ended at the server: {@code ok} or the failure. */
  String outcome() throws InterruptedException {
    String outcome = outcomes.poll(20, TimeUnit.SECONDS);
    return outcome == null ? "still busy" : outcome;
  }

  private void accept(Part part) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread thread = new Thread(() -> serve(part, socket), "tls-peer-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Part part, Socket socket) {
    try (socket) {
      part.play(socket);
      outcomes.add("ok");
    } catch (Exception e) {
      outcomes.add(e.toString());
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
