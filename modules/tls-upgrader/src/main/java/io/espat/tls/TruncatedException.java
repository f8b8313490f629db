package io.espat.tls;

import javax.net.ssl.SSLException;

/**
 * The connection ended without the peer's close_notify (RFC 8446 section 6.1), so what was read may
 * be only the beginning of what was sent. Bytes read before it are genuine.
 */
public final class TruncatedException extends SSLException {
  private static final long serialVersionUID = 1L;

  TruncatedException(String message) {
    super(message);
  }
}
