package io.espat.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An encrypted connection to a verified server. Made by {@link TlsUpgrader}, with the handshake
 * done.
 *
 * <p>One thread may read while another writes. Each write becomes one record for up to 16 KiB and
 * is handed to the socket beneath at once, so write in blocks. A read waits at most {@link
 * #setSoTimeout} (the socket beneath's value at first) for the first byte and as long again for the
 * rest of a record; a time-out loses no byte. The end of the stream is told only after the peer's
 * close_notify; without it a read throws {@link TruncatedException}.
 */
public final class TlsSocket extends LayeredSslSocket {
  private final TlsConnection connection;
  private final PeerSession session;
  private final InputStream input = new Plaintext();
  private final OutputStream output = new Sealer();

  TlsSocket(Socket beneath, TlsConnection connection, String host) {
    super(beneath);
    this.connection = connection;
    this.session = new PeerSession(connection.facts(), host, beneath.getPort());
  }

  /** The version of TLS in use. */
  public TlsVersion version() {
    return connection.facts().version();
  }

  /** The cipher suite in use, by its IANA name. */
  public String suite() {
    return connection.facts().suite();
  }

  /** Whether the session of another connection was resumed; the peer's identity is then its. */
  public boolean resumed() {
    return connection.facts().resumed();
  }

  /**
   * Whether this session can be resumed now. With TLS 1.3 the server's tickets arrive only while
   * application data is read, so it turns true after the first reads, if at all.
   */
  public boolean canResume() {
    return connection.saved().canResume();
  }

  /** The session, with the certificates of the server as it presented and proved them. */
  @Override
  public SSLSession getSession() {
    return session;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    requireOpen();
    return input;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    requireOpen();
    return output;
  }

  /** The limit for a read in ms, 0 for none: for its first byte, and again for all that follow. */
  @Override
  public void setSoTimeout(int milliseconds) throws SocketException {
    if (milliseconds < 0) throw new IllegalArgumentException("a negative time-out");
    connection.readTimeout(milliseconds);
  }

  @Override
  public int getSoTimeout() {
    return connection.readTimeout();
  }

  /** Sends close_notify: nothing can be written any more, reading goes on. */
  @Override
  public void shutdownOutput() throws IOException {
    connection.finishOutput();
  }

  @Override
  public void shutdownInput() throws IOException {
    throw new SocketException("TLS input ends with the peer's close_notify; use close()");
  }

  @Override
  public boolean isOutputShutdown() {
    return connection.isOutputFinished();
  }

  @Override
  public boolean isClosed() {
    return connection.isClosed() || beneath.isClosed();
  }

  /**
   * Sends close_notify, reads to the peer's (or to the end), and closes the socket beneath, in at
   * most {@link TlsConfig.Builder#closeTimeout}. From any thread; a thread blocked in a read or
   * write ends with it. Closing at once instead would let unread bytes reset the connection and
   * destroy what is still on its way.
   *
   * <p>A line that holds more output than it can send in that time needs a longer limit, or {@link
   * #shutdownOutput} and reading to the end before the close. Throws when close_notify could not be
   * sent, for then written bytes may be lost; the socket is closed all the same.
   */
  @Override
  public void close() throws IOException {
    connection.close();
  }

  @Override
  public String toString() {
    return "TlsSocket[" + version().protocol() + " " + suite() + " with " + connection.name() + "]";
  }

  /** The session to resume on a data connection, or null if there is none. */
  @Nullable SavedSession sessionFor(TlsConfig config, PeerName name) {
    if (!connection.name().equals(name)) {
      throw new IllegalArgumentException(
          "a session with " + connection.name() + " cannot be resumed with " + name);
    }
    return connection.config() == config ? connection.saved() : null;
  }

  private void requireOpen() throws SocketException {
    if (isClosed()) throw new SocketException("Socket is closed");
  }

  private final class Plaintext extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      Objects.checkFromIndexSize(offset, count, bytes.length);
      return count == 0 ? 0 : connection.read(bytes, offset, count);
    }

    @Override
    public int available() throws IOException {
      return connection.available();
    }

    @Override
    public void close() throws IOException {
      TlsSocket.this.close();
    }
  }

  private final class Sealer extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      Objects.checkFromIndexSize(offset, count, bytes.length);
      connection.write(bytes, offset, count);
    }

    @Override
    public void flush() throws IOException {
      connection.flush();
    }

    @Override
    public void close() throws IOException {
      TlsSocket.this.close();
    }
  }
}
