package io.espat.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.NewSessionTicket;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.ServerOnlyTlsAuthentication;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSK;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/** What this client offers and accepts in a handshake, and what came of it. */
final class ClientPeer extends DefaultTlsClient {
  private final ResumptionCrypto crypto;
  private final TlsConfig config;
  private final PeerName name;
  private final SavedSession.@Nullable Offer offer;

  private List<X509Certificate> chain = List.of();
  private @Nullable CertificateRejectedException rejection;
  private byte @Nullable [] ticket12;
  private boolean selectedTicket;
  private @Nullable SessionFacts facts;
  private @Nullable Session12 session12;

  ClientPeer(
      ResumptionCrypto crypto,
      TlsConfig config,
      PeerName name,
      SavedSession.@Nullable Offer offer) {
    super(crypto);
    this.crypto = crypto;
    this.config = config;
    this.name = name;
    this.offer = offer;
  }

  /** What was agreed, or null while the handshake is under way. */
  @Nullable SessionFacts facts() {
    return facts;
  }

  /** The TLS 1.2 session that was made, or null if there is none to resume. */
  @Nullable Session12 session12() {
    return session12;
  }

  /** Why the certificate was refused, or null if it was not. */
  @Nullable CertificateRejectedException rejection() {
    return rejection;
  }

  @Nullable Ticket offeredTicket() {
    return offer == null ? null : offer.ticket13();
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return config.newest().wire().downTo(config.oldest().wire());
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return CipherSuites.codes(config.oldest(), config.newest());
  }

  @Override
  protected Vector<?> getSupportedGroups(@SuppressWarnings("rawtypes") Vector roles) {
    return new Vector<>(List.of(NamedGroup.x25519, NamedGroup.secp256r1, NamedGroup.secp384r1));
  }

  /** Both common groups at once: a wrong guess costs a round trip, the second share 69 bytes. */
  @Override
  public Vector<?> getEarlyKeyShareGroups() {
    return new Vector<>(List.of(NamedGroup.x25519, NamedGroup.secp256r1));
  }

  @Override
  protected Vector<?> getSupportedSignatureAlgorithms() {
    Vector<SignatureAndHashAlgorithm> all = new Vector<>();
    short[] hashes = {HashAlgorithm.sha256, HashAlgorithm.sha384, HashAlgorithm.sha512};
    for (short hash : hashes) {
      all.add(SignatureAndHashAlgorithm.getInstance(hash, SignatureAlgorithm.ecdsa));
    }
    all.add(SignatureAndHashAlgorithm.ed25519);
    all.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha256);
    all.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha384);
    all.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha512);
    all.add(SignatureAndHashAlgorithm.rsa_pss_pss_sha256);
    all.add(SignatureAndHashAlgorithm.rsa_pss_pss_sha384);
    all.add(SignatureAndHashAlgorithm.rsa_pss_pss_sha512);
    for (short hash : hashes) {
      all.add(SignatureAndHashAlgorithm.getInstance(hash, SignatureAlgorithm.rsa));
    }
    return all;
  }

  /** RFC 6066 section 3: names only, literal addresses are not sent. */
  @Override
  protected @Nullable Vector<?> getSNIServerNames() {
    if (name.isAddress()) return null;
    byte[] ascii = name.toString().getBytes(StandardCharsets.US_ASCII);
    return new Vector<>(List.of(new ServerName(NameType.host_name, ascii)));
  }

  /** None: a stapled OCSP answer costs 0.5 to 2 kB on the line and is not judged here. */
  @Override
  protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
    return null;
  }

  /** No fake session id for middleboxes: there is none on a serial line. */
  @Override
  public boolean shouldUseCompatibilityMode() {
    return false;
  }

  /** Signatures in the chain are judged by {@link ChainVerifier}, which tells all reasons. */
  @Override
  public boolean shouldCheckSigAlgOfPeerCerts() {
    return false;
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"}) // BC's own types
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions =
        TlsExtensionsUtils.ensureExtensionsInitialised(super.getClientExtensions());
    // Only suites of CBC need it, and none is offered.
    extensions.remove(ExtensionType.encrypt_then_mac);
    if (config.oldest() == TlsVersion.TLS12) {
      Session12 known = offer == null ? null : offer.source();
      byte[] ticket = known == null ? null : known.ticket();
      extensions.put(ExtensionType.session_ticket, ticket == null ? new byte[0] : ticket);
    }
    // Some servers send no ticket without it; with an offered ticket BC adds it itself.
    if (config.newest() == TlsVersion.TLS13 && offeredTicket() == null) {
      TlsExtensionsUtils.addPSKKeyExchangeModesExtension(extensions, getPskKeyExchangeModes());
    }
    return extensions;
  }

  @Override
  public short[] getPskKeyExchangeModes() {
    return new short[] {PskKeyExchangeMode.psk_dhe_ke};
  }

  @Override
  public @Nullable Vector<?> getExternalPSKs() {
    Ticket ticket = offeredTicket();
    if (ticket == null) return null;
    return new Vector<>(
        List.of(
            new BasicTlsPSKExternal(ticket.identity(), crypto.ticketKey(ticket), ticket.prf())));
  }

  @Override
  public @Nullable TlsSession getSessionToResume() {
    return offer == null ? null : offer.session12();
  }

  @Override
  public void notifySelectedPSK(@Nullable TlsPSK selected) {
    selectedTicket = selected != null;
  }

  @Override
  public void notifyNewSessionTicket(NewSessionTicket ticket) {
    byte[] bytes = ticket.getTicket();
    ticket12 = bytes.length == 0 ? null : bytes;
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new ServerOnlyTlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate presented) throws IOException {
        judge(presented.getCertificate());
      }
    };
  }

  private void judge(Certificate presented) throws IOException {
    List<X509Certificate> certificates = convert(presented);
    try {
      new ChainVerifier(config, name).verify(certificates);
    } catch (CertificateRejectedException e) {
      rejection = e;
      throw new TlsFatalAlert(Alerts.toSend(e.reasons().get(0).kind()), e);
    }
    chain = certificates;
  }

  private static List<X509Certificate> convert(Certificate presented) throws IOException {
    if (presented.isEmpty()) throw new TlsFatalAlert(AlertDescription.bad_certificate);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> chain = new ArrayList<>();
      for (int i = 0; i < presented.getLength(); i++) {
        byte[] der = presented.getCertificateAt(i).getEncoded();
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
      return List.copyOf(chain);
    } catch (CertificateException e) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
    }
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SecurityParameters agreed = context.getSecurityParametersConnection();
    TlsVersion version = TlsVersion.of(agreed.getNegotiatedVersion());
    boolean resumed = agreed.isResumedSession() || selectedTicket;
    if (resumed && offer != null) chain = offer.chain();
    // Belt and braces: no path through the handshake may end without a judged identity.
    if (chain.isEmpty()) throw new TlsFatalAlert(AlertDescription.bad_certificate);
    String suite = CipherSuites.name(agreed.getCipherSuite());
    if (version == TlsVersion.TLS12 && !resumed) {
      session12 = Session12.of(context.getSession(), ticket12, crypto);
    }
    facts = new SessionFacts(version, suite, resumed, chain);
  }
}
