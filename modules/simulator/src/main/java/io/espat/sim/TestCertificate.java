package io.espat.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/** A key with its certificate chain, leaf first, issued by a {@link TestAuthority}. */
public final class TestCertificate {
  private final PrivateKey key;
  private final List<X509Certificate> chain;

  private TestCertificate(PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain;
  }

  /** The leaf certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** The chain that a server presents: leaf, then intermediates, without the root. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The private key of the leaf. */
  public PrivateKey key() {
    return key;
  }

  /** A JDK context for a server that presents this certificate. */
  public SSLContext serverContext() {
    char[] password = "in memory".toCharArray();
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, password, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, TestAuthority.RANDOM);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("making a server context", e);
    }
  }

  /** Writes the chain as one PEM file, leaf first, as servers read it. */
  public Path writeChain(Path file) throws IOException {
    return Files.writeString(file, chainPem());
  }

  /** Returns the chain as PEM text, leaf first. */
  public String chainPem() {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate each : chain) {
      pem.append(TestAuthority.pem("CERTIFICATE", TestAuthority.encoded(each)));
    }
    return pem.toString();
  }

  /** Returns the private key as unencrypted PKCS#8 PEM text: a secret of the test. */
  public String keyPem() {
    return TestAuthority.pem("PRIVATE KEY", key.getEncoded());
  }

  /** Writes the private key as an unencrypted PKCS#8 PEM file. */
  public Path writeKey(Path file) throws IOException {
    return Files.writeString(file, keyPem());
  }

  /** Collects what is to be right or wrong with a certificate. */
  public static final class Builder {
    private final TestAuthority authority;
    private final List<String> names;
    private Instant notBefore = Instant.now().minus(Duration.ofDays(1));
    private Instant notAfter = Instant.now().plus(Duration.ofDays(365));
    private boolean subjectAlternativeNames = true;
    private KeyPurposeId purpose = KeyPurposeId.id_kp_serverAuth;
    private int rsaBits;

    Builder(TestAuthority authority, List<String> names) {
      if (names.isEmpty()) throw new IllegalArgumentException("a certificate needs a name");
      this.authority = authority;
      this.names = names;
    }

    /** Ends the validity one day ago. */
    public Builder expired() {
      return valid(
          Instant.now().minus(Duration.ofDays(30)), Instant.now().minus(Duration.ofDays(1)));
    }

    /** Begins the validity one day from now. */
    public Builder notYetValid() {
      return valid(Instant.now().plus(Duration.ofDays(1)), Instant.now().plus(Duration.ofDays(30)));
    }

    /** Sets the validity. */
    public Builder valid(Instant from, Instant to) {
      notBefore = from;
      notAfter = to;
      return this;
    }

    /** Leaves the names out of subjectAltName: only the first stands in the common name. */
    public Builder commonNameOnly() {
      subjectAlternativeNames = false;
      return this;
    }

    /** Allows the certificate for clients only (extended key usage clientAuth). */
    public Builder forClients() {
      purpose = KeyPurposeId.id_kp_clientAuth;
      return this;
    }

    /** Takes an RSA key of this many bits in place of a P-256 key. */
    public Builder rsa(int bits) {
      rsaBits = bits;
      return this;
    }

    /** Issues the certificate. */
    public TestCertificate build() {
      try {
        KeyPair keys = rsaBits > 0 ? TestAuthority.rsaKeys(rsaBits) : TestAuthority.ecKeys();
        List<X509Certificate> chain = new ArrayList<>(List.of(sign(keys)));
        chain.addAll(authority.intermediates());
        return new TestCertificate(keys.getPrivate(), List.copyOf(chain));
      } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
        throw new IllegalStateException("issuing a certificate for " + names, e);
      }
    }

    private X509Certificate sign(KeyPair keys)
        throws GeneralSecurityException, IOException, OperatorCreationException {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              authority.subject(),
              TestAuthority.serial(),
              Date.from(notBefore),
              Date.from(notAfter),
              new X500Name("CN=" + names.get(0)),
              SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      int usage = KeyUsage.digitalSignature | (rsaBits > 0 ? KeyUsage.keyEncipherment : 0);
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      if (subjectAlternativeNames) {
        builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames());
      }
      return TestAuthority.sign(builder, authority.keys());
    }

    private GeneralNames alternativeNames() {
      return new GeneralNames(
          names.stream()
              .map(
                  name ->
                      new GeneralName(
                          isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
              .toArray(GeneralName[]::new));
    }

    /** An IPv4 or IPv6 literal; {@code InetAddress} is not asked, because it might resolve. */
    private static boolean isAddress(String name) {
      return name.indexOf(':') >= 0 || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }
  }
}
