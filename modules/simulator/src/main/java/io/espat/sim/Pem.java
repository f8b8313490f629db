package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** Certificates and keys out of PEM text as it lies in manufacturing data. */
final class Pem {
  private Pem() {}

  /** All certificates of a text, in its order. */
  static List<X509Certificate> certificates(byte[] text) throws IOException {
    List<X509Certificate> all = new ArrayList<>();
    for (Object each : objects(text)) {
      if (each instanceof X509CertificateHolder one) {
        all.add(certificate(one.getEncoded()));
      }
    }
    if (all.isEmpty()) {
      throw new IOException("PEM text without a certificate");
    }
    return all;
  }

  /** One certificate in DER, as a peer presents it. */
  static X509Certificate certificate(byte[] der) throws IOException {
    try {
      return new JcaX509CertificateConverter().getCertificate(new X509CertificateHolder(der));
    } catch (CertificateException e) {
      throw new IOException("a certificate that cannot be read", e);
    }
  }

  /** The first private key of a text: PKCS#8, PKCS#1 or SEC 1, not encrypted. */
  static PrivateKeyInfo key(byte[] text) throws IOException {
    for (Object each : objects(text)) {
      if (each instanceof PrivateKeyInfo key) {
        return key;
      }
      if (each instanceof PEMKeyPair pair) {
        return pair.getPrivateKeyInfo();
      }
    }
    throw new IOException("PEM text without a private key");
  }

  private static List<Object> objects(byte[] text) throws IOException {
    List<Object> all = new ArrayList<>();
    try (PEMParser parser =
        new PEMParser(new InputStreamReader(new ByteArrayInputStream(text), ISO_8859_1))) {
      for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
        all.add(each);
      }
    } catch (RuntimeException e) {
      throw new IOException("PEM text that cannot be read", e); // the parser throws what it likes
    }
    return all;
  }
}
