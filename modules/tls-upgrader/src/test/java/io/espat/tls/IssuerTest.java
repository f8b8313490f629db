package io.espat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.tls.CertificateRejectedException.Kind;
import io.espat.tls.CertificateRejectedException.Reason;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may issue a certificate, and by which signature. */
class IssuerTest {
  private static final String HOST = "mail.example.test";
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();

  private static final KeyPair ROOT_KEYS = keys("RSA", 2048);
  private static final KeyPair LEAF_KEYS = keys("EC", 256);
  private static final X509Certificate ROOT =
      new Draft("Root", "Root", ROOT_KEYS).authority(-1).signedBy(ROOT_KEYS);

  private static KeyPair keys(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A certificate in the making, valid now. */
  private static final class Draft {
    private final JcaX509v3CertificateBuilder builder;

    Draft(String subject, String issuer, KeyPair keys) {
      builder =
          new JcaX509v3CertificateBuilder(
              new X500Name("CN=" + issuer),
              BigInteger.valueOf(System.nanoTime()),
              Date.from(Instant.now().minus(Duration.ofDays(1))),
              Date.from(Instant.now().plus(Duration.ofDays(30))),
              new X500Name("CN=" + subject),
              keys.getPublic());
    }

    Draft with(ASN1ObjectIdentifier id, ASN1Object it) {
      try {
        builder.addExtension(id, true, it);
        return this;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    /** With a path length, or -1 for none. */
    Draft authority(int length) {
      return with(
          Extension.basicConstraints,
          length < 0 ? new BasicConstraints(true) : new BasicConstraints(length));
    }

    Draft named(String name) {
      return with(
          Extension.subjectAlternativeName,
          new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
    }

    X509Certificate signedBy(KeyPair issuer) {
      boolean ec = issuer.getPrivate().getAlgorithm().equals("EC");
      return signedBy(issuer, ec ? "SHA256withECDSA" : "SHA256withRSA");
    }

    X509Certificate signedBy(KeyPair issuer, String algorithm) {
      try {
        return new JcaX509CertificateConverter()
            .getCertificate(
                builder.build(
                    new JcaContentSignerBuilder(algorithm)
                        .setProvider(BC)
                        .build(issuer.getPrivate())));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Draft leaf(String issuer) {
    return new Draft("leaf", issuer, LEAF_KEYS).named(HOST);
  }

  private static List<Kind> judge(X509Certificate trusted, X509Certificate... chain)
      throws Exception {
    TlsConfig config = TlsConfig.builder().systemTrust(false).trust(trusted).build();
    CertificateRejectedException e =
        catchThrowableOfType(
            CertificateRejectedException.class,
            () -> new ChainVerifier(config, PeerName.of(HOST)).verify(List.of(chain)));
    return e == null ? List.of() : e.reasons().stream().map(Reason::kind).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHA256withRSA",
        "SHA384withRSA",
        "SHA512withRSA",
        "SHA256withRSAandMGF1",
        "SHA512withRSAandMGF1"
      })
  void aSoundSignatureIsAccepted(String algorithm) throws Exception {
    assertThat(judge(ROOT, leaf("Root").signedBy(ROOT_KEYS, algorithm))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA1withRSA", "SHA1withRSAandMGF1"})
  void aSignatureOverSha1IsRefusedAtTheLeafAndAbove(String algorithm) throws Exception {
    assertThat(judge(ROOT, leaf("Root").signedBy(ROOT_KEYS, algorithm))).containsExactly(Kind.WEAK);

    KeyPair below = keys("EC", 256);
    X509Certificate between =
        new Draft("Between", "Root", below).authority(-1).signedBy(ROOT_KEYS, algorithm);
    assertThat(judge(ROOT, leaf("Between").signedBy(below), between)).containsExactly(Kind.WEAK);
  }

  @Test
  void aServerThatIsTrustedForItselfIsNoAuthority() throws Exception {
    KeyPair keys = keys("EC", 256);
    List<Draft> servers =
        List.of(
            new Draft("files", "files", keys).named("files.example.test"),
            new Draft("files", "files", keys)
                .with(Extension.basicConstraints, new BasicConstraints(false)),
            new Draft("files", "files", keys)
                .authority(-1)
                .with(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature)));
    for (Draft each : servers) {
      X509Certificate server = each.signedBy(keys);
      assertThat(judge(server, leaf("files").signedBy(keys))).containsExactly(Kind.ISSUER);
      assertThat(judge(server, leaf("files").signedBy(keys), server)).containsExactly(Kind.ISSUER);
    }
  }

  @Test
  void anIntermediateHasToBeAnAuthorityForServersOfThatName() throws Exception {
    KeyPair below = keys("EC", 256);
    X509Certificate leaf = leaf("Between").signedBy(below);
    Draft good = new Draft("Between", "Root", below).authority(0);
    assertThat(judge(ROOT, leaf, good.signedBy(ROOT_KEYS))).isEmpty();

    Draft none = new Draft("Between", "Root", below);
    assertThat(judge(ROOT, leaf, none.signedBy(ROOT_KEYS))).containsExactly(Kind.ISSUER);

    GeneralName elsewhere = new GeneralName(GeneralName.dNSName, "other.test");
    Draft elsewhereOnly =
        new Draft("Between", "Root", below)
            .authority(0)
            .with(
                Extension.nameConstraints,
                new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(elsewhere)}, null));
    assertThat(judge(ROOT, leaf, elsewhereOnly.signedBy(ROOT_KEYS))).containsExactly(Kind.ISSUER);

    Draft forMail =
        new Draft("Between", "Root", below)
            .authority(0)
            .with(
                Extension.extendedKeyUsage,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
    assertThat(judge(ROOT, leaf, forMail.signedBy(ROOT_KEYS))).containsExactly(Kind.PURPOSE);
  }

  @Test
  void aPathIsNoLongerThanItsAuthorityAllows() throws Exception {
    KeyPair upper = keys("EC", 256);
    KeyPair lower = keys("EC", 256);
    X509Certificate first = new Draft("Upper", "Root", upper).authority(0).signedBy(ROOT_KEYS);
    X509Certificate second = new Draft("Lower", "Upper", lower).authority(-1).signedBy(upper);
    X509Certificate leaf = leaf("Lower").signedBy(lower);
    assertThat(judge(ROOT, leaf, second, first)).containsExactly(Kind.ISSUER);
    X509Certificate longer = new Draft("Upper", "Root", upper).authority(1).signedBy(ROOT_KEYS);
    assertThat(judge(ROOT, leaf, second, longer)).isEmpty();
  }
}
