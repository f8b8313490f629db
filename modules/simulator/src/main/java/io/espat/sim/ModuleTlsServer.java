package io.espat.sim;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.KeyExchangeAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** The module as a TLS server: its own certificate, and the client's where it is asked for. */
final class ModuleTlsServer extends AbstractTlsServer implements TlsPeer {
  private final BcTlsCrypto crypto;
  private final TlsPlan plan;
  private final TlsPlan.Identity identity;
  private int flags;

  ModuleTlsServer(BcTlsCrypto crypto, TlsPlan plan, TlsPlan.Identity identity) {
    super(crypto);
    this.crypto = crypto;
    this.plan = plan;
    this.identity = identity;
  }

  @Override
  public TlsProtocol begin() throws IOException {
    TlsServerProtocol protocol = new TlsServerProtocol();
    protocol.accept(this);
    return protocol;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.TLSv12.only();
  }

  /** Only suites that the key can sign for; the module has no key for decrypting. */
  @Override
  protected int[] getSupportedCipherSuites() {
    boolean rsa = identity.algorithm() == SignatureAlgorithm.rsa;
    return Arrays.stream(TlsSuites.CERTIFICATE)
        .filter(
            suite ->
                switch (TlsUtils.getKeyExchangeAlgorithm(suite)) {
                  case KeyExchangeAlgorithm.ECDHE_RSA, KeyExchangeAlgorithm.DHE_RSA -> rsa;
                  case KeyExchangeAlgorithm.ECDHE_ECDSA -> !rsa;
                  default -> false;
                })
        .toArray();
  }

  @Override
  public TlsCredentials getCredentials() throws IOException {
    return identity.signer(
        context, crypto, context.getSecurityParametersHandshake().getClientSigAlgs());
  }

  @Override
  public @Nullable CertificateRequest getCertificateRequest() {
    return plan.authorities() == null
        ? null
        : new CertificateRequest(
            new short[] {ClientCertificateType.rsa_sign, ClientCertificateType.ecdsa_sign},
            TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
            null);
  }

  @Override
  public void notifyClientCertificate(Certificate presented) throws IOException {
    flags = plan.flags(presented, CertificateCheck.Peer.CLIENT);
    if (flags != 0) {
      throw new TlsFatalAlert(CertificateCheck.alert(flags));
    }
  }

  @Override
  public boolean shouldCheckSigAlgOfPeerCerts() {
    return false;
  }

  @Override
  public void notifySecureRenegotiation(boolean secure) {}
}
