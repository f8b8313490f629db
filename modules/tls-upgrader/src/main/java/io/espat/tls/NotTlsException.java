package io.espat.tls;

import java.io.IOException;

/** Bytes that cannot be a TLS record; translated before it leaves the package. */
final class NotTlsException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient byte[] seen;

  NotTlsException(byte[] seen) {
    super("not a TLS record: \"" + Printable.text(seen) + "\"");
    this.seen = seen;
  }

  int count() {
    return seen.length;
  }
}
