package io.espat.tls;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsHash;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsSecret;

/**
 * Bouncy Castle's cryptography with the two hooks that TLS 1.3 resumption needs, which version 1.84
 * does not have: the transcript of the handshake, and binders that say "resumption" where it would
 * say "external". One per connection.
 */
final class ResumptionCrypto extends BcTlsCrypto {
  private static final byte[] EXTERNAL = "tls13 ext binder".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RESUMPTION = "tls13 res binder".getBytes(StandardCharsets.US_ASCII);
  private static final int LABEL = 3; // behind the length of the output and that of the label

  private final List<RecordingHash> recordings = new ArrayList<>();

  ResumptionCrypto() {
    super(new SecureRandom());
  }

  /** The key of a ticket. It is known by its class when the binders are computed. */
  TlsSecret ticketKey(Ticket ticket) {
    return new TicketKey(ticket.key());
  }

  /** The transcript that ends in this message. Nothing is recorded any more afterwards. */
  byte[] transcriptEndingIn(byte[] message) {
    for (RecordingHash each : recordings) {
      byte[] input = each.input();
      if (endsWith(input, message)) return input;
    }
    return new byte[0];
  }

  /** Drops what was recorded, once a handshake is over. */
  void forgetTranscript() {
    recordings.clear();
  }

  @Override
  public TlsHash createHash(int algorithm) {
    return new RecordingHash(super.createHash(algorithm), recordings);
  }

  @Override
  public TlsSecret hkdfInit(int algorithm) {
    return new Salt(new byte[TlsCryptoUtils.getHashOutputSize(algorithm)]);
  }

  private static boolean endsWith(byte[] input, byte[] end) {
    int start = input.length - end.length;
    return start >= 0 && Arrays.equals(input, start, input.length, end, 0, end.length);
  }

  private final class TicketKey extends BcTlsSecret {
    TicketKey(byte[] key) {
      super(ResumptionCrypto.this, key);
    }
  }

  private final class Salt extends BcTlsSecret {
    Salt(byte[] zeros) {
      super(ResumptionCrypto.this, zeros);
    }

    @Override
    public synchronized TlsSecret hkdfExtract(int algorithm, TlsSecret keyMaterial) {
      boolean resuming = keyMaterial instanceof TicketKey;
      TlsSecret extracted = super.hkdfExtract(algorithm, keyMaterial);
      return resuming ? new EarlySecret(extracted.extract()) : extracted;
    }
  }

  private final class EarlySecret extends BcTlsSecret {
    EarlySecret(byte[] secret) {
      super(ResumptionCrypto.this, secret);
    }

    @Override
    public synchronized TlsSecret hkdfExpand(int algorithm, byte[] info, int length) {
      int end = LABEL + EXTERNAL.length;
      boolean binder =
          info.length >= end && Arrays.equals(info, LABEL, end, EXTERNAL, 0, EXTERNAL.length);
      byte[] label = info;
      if (binder) {
        label = info.clone();
        System.arraycopy(RESUMPTION, 0, label, LABEL, RESUMPTION.length);
      }
      return super.hkdfExpand(algorithm, label, length);
    }
  }
}
