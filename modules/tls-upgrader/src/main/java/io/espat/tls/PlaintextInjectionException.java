package io.espat.tls;

import java.net.ProtocolException;

/**
 * Clear-text bytes stood where TLS had to begin: somebody on the way may have glued replies of his
 * own behind the server's go-ahead (the CVE-2011-0411 class). The connection is closed; nothing was
 * sent on it after the switch that carries a secret.
 */
public final class PlaintextInjectionException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  private final int bytes;

  PlaintextInjectionException(String message, int bytes) {
    super(message);
    this.bytes = bytes;
  }

  /** The stable id {@code E-STARTTLS-INJECT}. */
  public String id() {
    return "E-STARTTLS-INJECT";
  }

  /** How many bytes were seen that should not have been there; there may have been more. */
  public int bytes() {
    return bytes;
  }
}
