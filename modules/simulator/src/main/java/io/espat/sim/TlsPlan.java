package io.espat.sim;

import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * What the TLS of one link is to be, settled when it begins.
 *
 * @param name sent as server name and looked for in the certificate; null for neither
 * @param authorities who may have issued the peer's certificate; null when nobody asks
 * @param identity what the module proves itself with; null when it has nothing
 * @param clock the module's idea of the time
 */
record TlsPlan(
    @Nullable String name,
    @Nullable List<X509Certificate> authorities,
    @Nullable Identity identity,
    List<String> protocols,
    SslSettings.@Nullable SharedKey sharedKey,
    List<Integer> suites,
    Instant clock) {

  /** A certificate chain with its key. */
  record Identity(List<X509Certificate> chain, AsymmetricKeyParameter key) {
    static Identity of(byte[] certificates, byte[] key) throws IOException {
      return new Identity(
          Pem.certificates(certificates), PrivateKeyFactory.createKey(Pem.key(key)));
    }

    short algorithm() {
      return key instanceof RSAKeyParameters ? SignatureAlgorithm.rsa : SignatureAlgorithm.ecdsa;
    }

    /** Signs with one of the algorithms that the peer takes. */
    TlsCredentialedSigner signer(TlsContext context, BcTlsCrypto crypto, Vector<?> algorithms)
        throws IOException {
      SignatureAndHashAlgorithm algorithm =
          TlsUtils.chooseSignatureAndHashAlgorithm(context, algorithms, algorithm());
      TlsCertificate[] encoded = new TlsCertificate[chain.size()];
      for (int i = 0; i < encoded.length; i++) {
        encoded[i] = crypto.createCertificate(der(chain.get(i)));
      }
      return new BcDefaultTlsCredentialedSigner(
          new TlsCryptoParameters(context), crypto, key, new Certificate(encoded), algorithm);
    }

    @Override
    public String toString() {
      return "a chain of " + chain.size() + " certificates with its key";
    }
  }

  int[] offered(int[] all) {
    return suites.isEmpty() ? all : suites.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Judges what the peer presented; 0 where nobody asks. */
  int flags(Certificate presented, CertificateCheck.Peer peer) throws IOException {
    if (authorities == null) {
      return 0;
    }
    if (presented.isEmpty()) {
      return CertificateCheck.NOT_TRUSTED;
    }
    List<X509Certificate> chain = new ArrayList<>();
    for (TlsCertificate one : presented.getCertificateList()) {
      chain.add(Pem.certificate(one.getEncoded()));
    }
    return new CertificateCheck(authorities, clock).flags(chain, name, peer);
  }

  private static byte[] der(X509Certificate certificate) throws IOException {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IOException("a certificate that cannot be sent", e);
    }
  }
}
