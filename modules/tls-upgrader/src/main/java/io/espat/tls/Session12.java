package io.espat.tls;

import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * A TLS 1.2 session: known to the server by its id, or handed back to it as a ticket (RFC 5077).
 * Each handshake gets a copy of its own, because Bouncy Castle destroys the one it fails with.
 */
final class Session12 {
  private static final int MADE_UP_ID = 32;

  private final byte[] id;
  private final byte @Nullable [] ticket;
  private final int suite;
  private final byte[] masterSecret;
  private final Certificate peer;
  private final @Nullable Hashtable<?, ?> serverExtensions;

  private Session12(
      byte[] id, byte @Nullable [] ticket, SessionParameters parameters, BcTlsCrypto crypto)
      throws IOException {
    this.id = id;
    this.ticket = ticket;
    suite = parameters.getCipherSuite();
    masterSecret = crypto.adoptSecret(parameters.getMasterSecret()).extract();
    peer = parameters.getPeerCertificate();
    serverExtensions = parameters.readServerExtensions();
  }

  /**
   * The session of a finished handshake, or null if the server gave neither an id nor a ticket, or
   * knows no extended master secret: without it a session is not bound to who made it (RFC 7627
   * section 5.3). Bouncy Castle then offers none, and a ticket offered alone would be accepted.
   */
  static @Nullable Session12 of(TlsSession session, byte @Nullable [] ticket, BcTlsCrypto crypto)
      throws IOException {
    SessionParameters parameters = session.exportSessionParameters();
    boolean resumable = ticket != null || session.getSessionID().length > 0;
    if (!resumable || parameters == null || !parameters.isExtendedMasterSecret()) return null;
    return new Session12(session.getSessionID(), ticket, parameters, crypto);
  }

  byte @Nullable [] ticket() {
    return ticket;
  }

  /** A copy to resume. With a ticket the id is made up: the server echoes it if it accepts. */
  TlsSession copy(BcTlsCrypto crypto) throws IOException {
    byte[] name = id;
    if (ticket != null) {
      name = new byte[MADE_UP_ID];
      crypto.getSecureRandom().nextBytes(name);
    }
    SessionParameters parameters =
        new SessionParameters.Builder()
            .setCipherSuite(suite)
            .setExtendedMasterSecret(true)
            .setMasterSecret(crypto.createSecret(masterSecret))
            .setNegotiatedVersion(ProtocolVersion.TLSv12)
            .setPeerCertificate(peer)
            .setServerExtensions(serverExtensions)
            .build();
    return TlsUtils.importSession(name, parameters);
  }

  void wipe() {
    Arrays.fill(masterSecret, (byte) 0);
  }
}
