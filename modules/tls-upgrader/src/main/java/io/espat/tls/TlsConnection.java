package io.espat.tls;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The TLS state of one connection. */
final class TlsConnection {
  private final Socket beneath;
  private final TlsConfig config;
  private final ServerName name;
  private final boolean afterClear;
  private final SavedSession saved = new SavedSession();
  private volatile int readTimeout;
  private @Nullable SessionFacts facts;

  TlsConnection(Socket beneath, TlsConfig config, ServerName name, boolean afterClear) {
    this.beneath = beneath;
    this.config = config;
    this.name = name;
    this.afterClear = afterClear;
  }

  void handshake(@Nullable SavedSession resume) throws IOException {
    throw new SSLException("not yet " + beneath + afterClear);
  }

  SessionFacts facts() {
    SessionFacts known = facts;
    if (known == null) throw new IllegalStateException("no handshake yet");
    return known;
  }

  SavedSession saved() {
    return saved;
  }

  ServerName name() {
    return name;
  }

  TlsConfig config() {
    return config;
  }

  void readTimeout(int milliseconds) {
    readTimeout = milliseconds;
  }

  int readTimeout() {
    return readTimeout;
  }

  int read(byte[] bytes, int offset, int count) throws IOException {
    return -1;
  }

  int available() {
    return 0;
  }

  void write(byte[] bytes, int offset, int count) throws IOException {}

  void flush() throws IOException {}

  void finishOutput() throws IOException {}

  boolean isOutputFinished() {
    return false;
  }

  boolean isClosed() {
    return false;
  }

  void close() throws IOException {
    beneath.close();
  }
}
