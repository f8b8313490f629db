package io.espat.ftp;

import io.espat.tls.TlsSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Objects;
import javax.net.SocketFactory;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** What a session holds open beneath TLS: dialled here, and ended at once by any thread. */
final class Lifeline {
  private static final Logger LOG = LogManager.getLogger(Lifeline.class);

  private final SocketFactory sockets;
  private final int connectTimeout;
  private final Watch watch;
  private volatile @Nullable Socket control;
  private volatile @Nullable Socket data;
  private volatile boolean isCut;

  /** Begins a session with a host; {@code connectTimeout} milliseconds limit each dial. */
  Lifeline(SocketFactory sockets, String host, int connectTimeout) {
    this.sockets = sockets;
    this.connectTimeout = connectTimeout;
    this.watch = new Watch("espat-ftp-watch-" + host, this::cut);
  }

  @FunctionalInterface
  interface Wait<T> {
    T end() throws IOException;
  }

  Socket dialControl(InetSocketAddress target) throws IOException {
    Socket raw = sockets.createSocket();
    control = raw;
    return dial(raw, target);
  }

  Socket dialData(InetSocketAddress target) throws IOException {
    Socket raw = sockets.createSocket();
    data = raw;
    return dial(raw, target);
  }

  private Socket dial(Socket raw, InetSocketAddress target) throws IOException {
    boolean connected = false;
    try {
      requireWhole();
      watched(
          () -> {
            Addresses.dial(raw, target, connectTimeout);
            return raw;
          });
      connected = true;
      return raw;
    } finally {
      if (!connected) closeQuietly(raw);
    }
  }

  /** Runs a handshake, which its upgrader limits in time; the watch hears an interruption. */
  TlsSocket handshake(Wait<TlsSocket> handshake) throws IOException {
    TlsSocket tls = watched(handshake);
    requireWhole();
    return tls;
  }

  private <T> T watched(Wait<T> wait) throws IOException {
    watch.enter(Integer.MAX_VALUE);
    try {
      return wait.end();
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  private void requireWhole() throws SocketException {
    if (isCut) throw new SocketException("the session was closed meanwhile");
  }

  /** The socket beneath the control connection, which knows its peer. */
  Socket control() {
    return Objects.requireNonNull(control, "control connection");
  }

  Watch watch() {
    return watch;
  }

  boolean isCut() {
    return isCut;
  }

  void cutData() {
    closeQuietly(data);
  }

  /** Ends everything at once, without a word to the server; idempotent. */
  void cut() {
    isCut = true;
    closeQuietly(data);
    closeQuietly(control);
    watch.close();
  }

  static void closeQuietly(@Nullable Socket socket) {
    if (socket == null) return;
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing a socket: {}", e.toString());
    }
  }
}
