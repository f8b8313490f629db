package io.espat.sim;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One connection of a {@link ScriptedServer}: lines in, bytes out, TLS on demand. */
final class ScriptedPeer {
  /** Stands for the connection that has not come yet. */
  static final ScriptedPeer NONE = new ScriptedPeer(new Socket(), (octet, clear) -> {});

  private static final int MAX_LINE = 1 << 20;

  private final Socket raw;
  private final Recorder recorder;
  private volatile Socket socket;

  ScriptedPeer(Socket raw, Recorder recorder) {
    this.raw = raw;
    this.recorder = recorder;
    this.socket = raw;
  }

  /** Takes note of every byte heard. */
  @FunctionalInterface
  interface Recorder {
    void heard(int octet, boolean clear);
  }

  /** Reads up to a line feed, byte by byte: what follows may belong to the TLS handshake. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = read();
    while (octet != '\n') {
      if (octet < 0) throw new EOFException("the client left after: " + line);
      line.write(octet);
      if (line.size() > MAX_LINE) throw new IOException("a line without end");
      octet = read();
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (read() < 0) throw new EOFException("the client left after " + i + " of " + count);
    }
  }

  /** Reads until the client leaves; the number of bytes that came. A reset is an end, too. */
  int heardUntilEnd() throws IOException {
    int count = 0;
    try {
      while (read() >= 0) count++;
    } catch (java.net.SocketTimeoutException e) {
      throw new IOException("the client stayed", e);
    } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
      return count;
    }
    return count;
  }

  private int read() throws IOException {
    Socket current = socket;
    int octet = current.getInputStream().read();
    if (octet >= 0) recorder.heard(octet, current == raw);
    return octet;
  }

  void send(byte[] bytes, int offset, int count) throws IOException {
    socket.getOutputStream().write(bytes, offset, count);
    socket.getOutputStream().flush();
  }

  boolean trySend(byte[] bytes, int offset, int count) {
    try {
      send(bytes, offset, count);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void startTls(SSLContext context) throws IOException {
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(raw, null, raw.getPort(), true);
    tls.setUseClientMode(false);
    tls.startHandshake();
    socket = tls;
  }

  void hangUp() {
    close(socket);
    close(raw);
  }

  void cut() {
    close(raw);
  }

  void reset() throws IOException {
    if (!raw.isClosed()) raw.setSoLinger(true, 0);
    close(raw);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // the client may have gone first
    }
  }
}
