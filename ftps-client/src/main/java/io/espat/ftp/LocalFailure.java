package io.espat.ftp;

import java.io.IOException;

/** The caller's own stream failed in the middle of a transfer: not the network's fault. */
final class LocalFailure extends IOException {
  private static final long serialVersionUID = 1L;

  LocalFailure(IOException cause) {
    super(cause);
  }

  IOException local() {
    return (IOException) getCause();
  }
}
