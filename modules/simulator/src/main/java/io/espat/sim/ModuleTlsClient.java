package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKIdentity;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/** The module as a TLS client: TLS 1.2 only, without resumption, as the recorded build. */
final class ModuleTlsClient extends AbstractTlsClient implements TlsAuthentication, TlsPeer {
  private final BcTlsCrypto crypto;
  private final TlsPlan plan;
  private int flags;

  ModuleTlsClient(BcTlsCrypto crypto, TlsPlan plan) {
    super(crypto);
    this.crypto = crypto;
    this.plan = plan;
  }

  @Override
  public TlsProtocol begin() throws IOException {
    TlsClientProtocol protocol = new TlsClientProtocol();
    protocol.connect(this);
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

  @Override
  protected int[] getSupportedCipherSuites() {
    return plan.offered(plan.sharedKey() == null ? TlsSuites.CERTIFICATE : TlsSuites.SHARED_KEY);
  }

  @Override
  protected @Nullable Vector<ServerName> getSNIServerNames() {
    String name = plan.name();
    return name == null ? null : one(new ServerName((short) 0, name.getBytes(ISO_8859_1)));
  }

  @Override
  protected @Nullable Vector<ProtocolName> getProtocolNames() {
    Vector<ProtocolName> names = new Vector<>();
    plan.protocols().forEach(name -> names.add(ProtocolName.asRawBytes(name.getBytes(ISO_8859_1))));
    return names.isEmpty() ? null : names;
  }

  private static <T> Vector<T> one(T element) {
    Vector<T> all = new Vector<>();
    all.add(element);
    return all;
  }

  /** mbedTLS asks for no stapled answers. */
  @Override
  protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
    return null;
  }

  @Override
  public boolean shouldCheckSigAlgOfPeerCerts() {
    return false;
  }

  @Override
  public @Nullable TlsPSKIdentity getPSKIdentity() {
    SslSettings.SharedKey key = plan.sharedKey();
    return key == null
        ? null
        : new BasicTlsPSKIdentity(key.identity().getBytes(ISO_8859_1), key.key());
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return this;
  }

  @Override
  public void notifyServerCertificate(TlsServerCertificate presented) throws IOException {
    flags = plan.flags(presented.getCertificate(), CertificateCheck.Peer.SERVER);
    if (flags != 0) {
      throw new TlsFatalAlert(CertificateCheck.alert(flags));
    }
  }

  @Override
  public @Nullable TlsCredentials getClientCredentials(CertificateRequest request)
      throws IOException {
    TlsPlan.Identity identity = plan.identity();
    return identity == null
        ? null
        : identity.signer(context, crypto, request.getSupportedSignatureAlgorithms());
  }

  /** A peer that cannot renegotiate safely is taken all the same, as by mbedTLS's default. */
  @Override
  public void notifySecureRenegotiation(boolean secure) {}
}
