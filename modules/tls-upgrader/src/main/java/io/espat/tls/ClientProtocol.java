package io.espat.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsHash;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.jspecify.annotations.Nullable;

/**
 * Bouncy Castle's client state machine, records in and records out, without a stream of its own: so
 * a flight is whatever has gathered when more input is needed, and a time-out cannot hit it in the
 * middle. The overrides add TLS 1.3 resumption and leave out what a serial line need not carry.
 *
 * <p>Used by one thread at a time.
 */
final class ClientProtocol extends TlsClientProtocol {
  private static final int AGE = 4;

  private final ResumptionCrypto crypto;
  private final ClientPeer peer;
  private final SavedSession saved;
  private byte[] resumptionSecret = new byte[0];
  private int prf;
  private int prfHash;
  private boolean closeNotifySent;
  private boolean peerEnded;

  ClientProtocol(ResumptionCrypto crypto, ClientPeer peer, SavedSession saved) {
    this.crypto = crypto;
    this.peer = peer;
    this.saved = saved;
  }

  /** Ends our direction; the peer's stays open (RFC 8446 section 6.1). */
  void sendCloseNotify() throws IOException {
    raiseAlertWarning(AlertDescription.close_notify, "closing");
  }

  /** Whether the peer has said by close_notify that no more will come; a failure is no such end. */
  boolean hasPeerEnded() {
    return peerEnded;
  }

  /** Takes a record. One that is cut short inside is an alert too, and not the end of a stream. */
  @Override
  public void offerInput(byte[] record) throws IOException {
    try {
      super.offerInput(record);
    } catch (TlsFatalAlert | TlsFatalAlertReceived e) {
      throw e;
    } catch (IOException e) {
      throw new TlsFatalAlert(AlertDescription.decode_error, e);
    }
  }

  @Override
  protected void handleAlertWarningMessage(short alert) throws IOException {
    super.handleAlertWarningMessage(alert);
    if (alert == AlertDescription.close_notify) peerEnded = true;
  }

  /** Destroys the secrets that Bouncy Castle lets go of. */
  void wipe() {
    Arrays.fill(resumptionSecret, (byte) 0);
    if (getContext() == null) return;
    TlsSession session = getContext().getSession();
    SessionParameters kept = session == null ? null : session.exportSessionParameters();
    if (kept != null) kept.clear();
    SecurityParameters used = getContext().getSecurityParametersConnection();
    if (used == null) return;
    Stream.of(
            used.getMasterSecret(),
            used.getTrafficSecretClient(),
            used.getTrafficSecretServer(),
            used.getExporterMasterSecret())
        .filter(secret -> secret != null)
        .forEach(TlsSecret::destroy);
  }

  /** Sends close_notify once, though Bouncy Castle answers the peer's with another. */
  @Override
  protected void raiseAlertWarning(short alert, @Nullable String message) throws IOException {
    if (alert == AlertDescription.close_notify) {
      if (closeNotifySent) return;
      closeNotifySent = true;
    }
    super.raiseAlertWarning(alert, message);
  }

  /** Leaves out the dummy of TLS 1.3, which is for middleboxes (RFC 8446 appendix D.4). */
  @Override
  protected void sendChangeCipherSpecMessage() throws IOException {
    if (!TlsUtils.isTLSv13(getContext())) super.sendChangeCipherSpecMessage();
  }

  /** Nothing to close: the socket is not this class's. */
  @Override
  protected void closeConnection() {}

  /** Writes the ticket's age where Bouncy Castle, knowing external keys only, writes 0. */
  @Override
  protected void sendClientHelloMessage() throws IOException {
    Ticket ticket = peer.offeredTicket();
    Object offered = clientHello.getExtensions().get(ExtensionType.pre_shared_key);
    if (ticket != null && offered instanceof byte[] bytes) {
      // the length of the list, that of the identity, the identity, its age
      int age = 2 + 2 + ticket.identity().length;
      if (bytes.length < age + AGE) throw new TlsFatalAlert(AlertDescription.internal_error);
      TlsUtils.writeUint32(ticket.obfuscatedAge(), bytes, age);
    }
    super.sendClientHelloMessage();
  }

  /**
   * Takes a ticket that the server renews while it resumes a TLS 1.2 session (RFC 5077 section 3.1,
   * figure 2), which Bouncy Castle does not expect. The one in use stays good.
   */
  @Override
  protected void handleHandshakeMessage(short type, HandshakeMessageInput message)
      throws IOException {
    SecurityParameters agreed = getContext().getSecurityParametersHandshake();
    boolean renewal =
        type == HandshakeType.new_session_ticket
            && agreed != null
            && agreed.isResumedSession()
            && connection_state == CS_SERVER_HELLO;
    if (renewal) {
      receiveNewSessionTicket(message);
    } else {
      super.handleHandshakeMessage(type, message);
    }
  }

  @Override
  protected void completeHandshake() throws IOException {
    SecurityParameters agreed = getContext().getSecurityParametersHandshake();
    if (TlsUtils.isTLSv13(agreed.getNegotiatedVersion())) deriveResumptionSecret(agreed);
    crypto.forgetTranscript();
    super.completeHandshake();
  }

  private void deriveResumptionSecret(SecurityParameters agreed) throws IOException {
    byte[] transcript = crypto.transcriptEndingIn(finished(agreed.getLocalVerifyData()));
    if (transcript.length == 0) return; // without it there is no resumption, and no harm
    prf = agreed.getPRFAlgorithm();
    prfHash = agreed.getPRFCryptoHashAlgorithm();
    TlsHash hash = crypto.createHash(prfHash);
    hash.update(transcript, 0, transcript.length);
    byte[] digest = hash.calculateHash();
    resumptionSecret =
        TlsCryptoUtils.hkdfExpandLabel(
                agreed.getMasterSecret(), prfHash, "res master", digest, digest.length)
            .extract();
  }

  private static byte[] finished(byte[] verifyData) {
    byte[] message = new byte[4 + verifyData.length];
    message[0] = (byte) HandshakeType.finished;
    message[3] = (byte) verifyData.length;
    System.arraycopy(verifyData, 0, message, 4, verifyData.length);
    return message;
  }

  /** Keeps the ticket that Bouncy Castle drops (RFC 8446 section 4.6.1). */
  @Override
  protected void receive13NewSessionTicket(ByteArrayInputStream message) throws IOException {
    if (peer.facts() == null) throw new TlsFatalAlert(AlertDescription.unexpected_message);
    long lifetime = TlsUtils.readUint32(message);
    long ageAdd = TlsUtils.readUint32(message);
    byte[] nonce = TlsUtils.readOpaque8(message);
    byte[] identity = TlsUtils.readOpaque16(message, 1);
    TlsUtils.readOpaque16(message);
    assertEmpty(message);
    if (resumptionSecret.length == 0) return;
    TlsSecret secret = crypto.createSecret(resumptionSecret);
    byte[] key =
        TlsCryptoUtils.hkdfExpandLabel(
                secret, prfHash, "resumption", nonce, resumptionSecret.length)
            .extract();
    secret.destroy();
    saved.keep(new Ticket(identity, key, prf, ageAdd, lifetime));
  }
}
