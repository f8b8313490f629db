package io.espat.sim;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A certificate authority in memory, so that no key file is kept in the repository.
 *
 * <p>Each authority has a key of its own: a certificate of one is untrusted by whoever trusts
 * another. Safe for use by several threads.
 */
public final class TestAuthority {
  static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final KeyPair keys;
  private final X509Certificate certificate;
  private final List<X509Certificate> above;

  private TestAuthority(
      String name, KeyPair keys, X509Certificate certificate, List<X509Certificate> above) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
    this.above = above;
  }

  /** Makes a root authority with a P-256 key, valid from yesterday for ten years. */
  public static TestAuthority create(String name) {
    return create(name, Instant.now().minus(Duration.ofDays(1)));
  }

  /** Package-private: a root that is valid from some day for ten years. */
  static TestAuthority create(String name, Instant from) {
    try {
      KeyPair keys = ecKeys();
      return new TestAuthority(name, keys, authority(name, keys, name, keys, from), List.of());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("making the test authority " + name, e);
    }
  }

  /** Makes an authority below this one; its certificates are presented with it in the chain. */
  public TestAuthority intermediate(String intermediateName) {
    try {
      KeyPair below = ecKeys();
      Instant from = certificate.getNotBefore().toInstant();
      X509Certificate cert = authority(intermediateName, below, name, keys, from);
      return new TestAuthority(intermediateName, below, cert, withAuthority());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("making the intermediate " + intermediateName, e);
    }
  }

  /** Issues a server certificate, valid now, for these DNS names and literal IP addresses. */
  public TestCertificate issue(String... names) {
    return certificate(names).build();
  }

  /** Begins a server certificate for these names that can be made wrong on purpose. */
  public TestCertificate.Builder certificate(String... names) {
    return new TestCertificate.Builder(this, List.of(names));
  }

  /** The certificate that whoever trusts this authority must hold. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The authority's certificate as PEM text. */
  public String pem() {
    return pem("CERTIFICATE", encoded(certificate));
  }

  /** Writes the authority's certificate as a PEM file, for options such as {@code --cacert}. */
  public Path writePem(Path file) throws IOException {
    return Files.writeString(file, pem());
  }

  KeyPair keys() {
    return keys;
  }

  X500Name subject() {
    return new X500Name("CN=" + name);
  }

  /** What a server sends behind its own certificate: the intermediates, without the root. */
  List<X509Certificate> intermediates() {
    List<X509Certificate> all = withAuthority();
    return all.subList(0, all.size() - 1);
  }

  private List<X509Certificate> withAuthority() {
    List<X509Certificate> all = new ArrayList<>(List.of(certificate));
    all.addAll(above);
    return List.copyOf(all);
  }

  private static X509Certificate authority(
      String name, KeyPair keys, String issuer, KeyPair issuerKeys, Instant from)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            new X500Name("CN=" + issuer),
            serial(),
            Date.from(from),
            Date.from(from.plus(Duration.ofDays(3651))),
            new X500Name("CN=" + name),
            SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return sign(builder, issuerKeys);
  }

  static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair issuer)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
  }

  static BigInteger serial() {
    return new BigInteger(64, RANDOM).setBit(64);
  }

  static KeyPair ecKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  static KeyPair rsaKeys(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String type, byte[] bytes) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
