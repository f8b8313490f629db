package io.espat.tls;

import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateEncodingException;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * A TLS 1.3 server that knows P-384 only, so it answers every hello with a HelloRetryRequest; the
 * JDK's server cannot be made to.
 */
final class RetryingPeer extends DefaultTlsServer {
  private final BcTlsCrypto crypto;
  private final TestCertificate certificate;

  private RetryingPeer(BcTlsCrypto crypto, TestCertificate certificate) {
    super(crypto);
    this.crypto = crypto;
    this.certificate = certificate;
  }

  /** Shakes hands, sends the first byte back and closes in good order. */
  static void play(Socket socket, TestCertificate certificate) throws IOException {
    TlsServerProtocol protocol =
        new TlsServerProtocol(socket.getInputStream(), socket.getOutputStream());
    protocol.accept(new RetryingPeer(new BcTlsCrypto(), certificate));
    protocol.getOutputStream().write(protocol.getInputStream().read());
    protocol.close();
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.TLSv13.only();
  }

  @Override
  public int[] getSupportedGroups() {
    return new int[] {NamedGroup.secp384r1};
  }

  @Override
  public TlsCredentials getCredentials() throws IOException {
    Certificate chain =
        new Certificate(
            new byte[0],
            new CertificateEntry[] {new CertificateEntry(crypto.createCertificate(der()), null)});
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        PrivateKeyFactory.createKey(certificate.key().getEncoded()),
        chain,
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  private byte[] der() throws IOException {
    try {
      return certificate.certificate().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IOException(e);
    }
  }
}
