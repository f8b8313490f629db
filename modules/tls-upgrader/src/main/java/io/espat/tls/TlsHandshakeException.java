package io.espat.tls;

import javax.net.ssl.SSLHandshakeException;

/**
 * The TLS handshake failed for a reason other than the server's certificate; the connection is
 * closed. The message says who gave up, with which alert, and what that usually means.
 */
public final class TlsHandshakeException extends SSLHandshakeException {
  private static final long serialVersionUID = 1L;

  private final String alert;

  TlsHandshakeException(String message, String alert) {
    super(message);
    this.alert = alert;
  }

  /** The stable id {@code E-TLS-HANDSHAKE}. */
  public String id() {
    return "E-TLS-HANDSHAKE";
  }

  /**
   * The alert sent or received, by its RFC 8446 name (such as {@code handshake_failure}), or {@code
   * none} where the connection ended without one.
   */
  public String alert() {
    return alert;
  }
}
