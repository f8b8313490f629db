package io.espat.sim;

import java.io.EOFException;
import java.io.IOException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;

/** Why no TLS came about, with the number that {@code +ERRNO} prints. */
final class TlsTrouble extends IOException {
  private static final long serialVersionUID = 1L;

  static final int TIMED_OUT = 0x8006; // esp-tls: connection time-out
  private static final int RESET = 0x50; // from here on mbedTLS, without the sign
  private static final int BAD_VERSION = 0x6E80;
  private static final int HANDSHAKE_FAILED = 0x6E00;
  private static final int INVALID_RECORD = 0x7200;
  private static final int ENDED = 0x7280;
  private static final int ALERT_RECEIVED = 0x7780;

  private final int number;

  TlsTrouble(int number, String message) {
    super(message);
    this.number = number;
  }

  static TlsTrouble record() {
    return new TlsTrouble(INVALID_RECORD, "no TLS record");
  }

  /** The trouble behind an exception; flags of the peer's certificate go before all else. */
  static TlsTrouble of(IOException cause, int flags) {
    if (cause instanceof TlsTrouble known) {
      return known;
    }
    TlsTrouble trouble = new TlsTrouble(flags == 0 ? number(cause) : flags, cause.getMessage());
    trouble.initCause(cause);
    return trouble;
  }

  private static int number(IOException cause) {
    if (cause instanceof TlsFatalAlertReceived) {
      return ALERT_RECEIVED;
    }
    if (cause instanceof TlsFatalAlert alert) {
      return alert.getAlertDescription() == AlertDescription.protocol_version
          ? BAD_VERSION
          : HANDSHAKE_FAILED;
    }
    return cause instanceof EOFException ? ENDED : RESET;
  }

  Refusal refusal() {
    return Refusal.errno(number);
  }
}
