package io.espat.tls;

import java.io.IOException;
import java.net.Socket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Switches connected sockets to TLS: a connected socket in, a verified {@link TlsSocket} out. It
 * never learns what carries the bytes. Safe for use by several threads.
 *
 * <p>Each {@code upgrade} blocks for at most {@link TlsConfig.Builder#handshakeTimeout}, returns
 * only after the server has proven to be {@code host}, and closes the socket beneath on any
 * failure: {@link CertificateRejectedException}, {@link TlsHandshakeException}, {@link
 * PlaintextInjectionException}, {@link java.net.SocketTimeoutException}, or what the socket beneath
 * throws, unchanged. The caller closes the returned socket, which closes the one beneath.
 */
public final class TlsUpgrader {
  private final TlsConfig config;

  private TlsUpgrader(TlsConfig config) {
    this.config = config;
  }

  /** An upgrader with this policy. */
  public static TlsUpgrader of(TlsConfig config) {
    return new TlsUpgrader(Objects.requireNonNull(config, "config"));
  }

  /** The policy of this upgrader. */
  public TlsConfig config() {
    return config;
  }

  /**
   * Begins the clear phase of a connected socket; use its streams only through the result. A socket
   * whose clear phase has begun is returned as it is.
   */
  public UpgradableSocket upgradable(Socket connected) throws IOException {
    // One gate over another would not see what the lower one holds.
    return connected instanceof UpgradableSocket begun ? begun : new UpgradableSocket(connected);
  }

  /**
   * Switches to TLS after the server's go-ahead (STARTTLS of RFC 3207, AUTH TLS of RFC 4217).
   * Throws {@link PlaintextInjectionException} when anything is held or waiting before TLS begins,
   * or clear text arrives in its place.
   */
  public TlsSocket upgrade(UpgradableSocket socket, String host) throws IOException {
    return open(socket, host, null);
  }

  /** Begins TLS on a connection that is encrypted from its first byte. */
  public TlsSocket upgrade(Socket socket, String host) throws IOException {
    return open(socket, host, null);
  }

  /**
   * Begins TLS on a connection that belongs to another: an FTPS data connection resumes the session
   * of its control connection, as servers demand. Any number of data connections may resume it. The
   * server may decline; then it has to prove itself anew, and {@link TlsSocket#resumed()} is false.
   * The host must be the control connection's; if that was made under another policy, nothing is
   * resumed.
   */
  public TlsSocket upgrade(Socket socket, String host, TlsSocket control) throws IOException {
    return open(socket, host, Objects.requireNonNull(control, "control"));
  }

  private TlsSocket open(Socket socket, String host, @Nullable TlsSocket control)
      throws IOException {
    try {
      PeerName name = PeerName.of(config.name() != null ? config.name() : host);
      boolean afterClear = socket instanceof UpgradableSocket;
      Socket beneath = socket instanceof UpgradableSocket clear ? clear.release() : socket;
      SavedSession known = control == null ? null : control.sessionFor(config, name);
      int readTimeout = beneath.getSoTimeout();
      Handshake handshake = new Handshake(beneath, config, name, afterClear, known);
      handshake.run();
      return new TlsSocket(beneath, new TlsConnection(handshake, readTimeout), host);
    } catch (IOException | RuntimeException e) {
      closeQuietly(socket, e);
      throw e;
    }
  }

  private static void closeQuietly(Socket socket, Exception cause) {
    try {
      socket.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
