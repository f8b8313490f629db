package io.espat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import io.espat.tls.CertificateRejectedException.Kind;
import io.espat.tls.CertificateRejectedException.Reason;
import java.io.IOException;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each certificate that must not be accepted is not, in both versions, and the server knows why.
 */
class VerificationTest {
  private static final TestAuthority CA = TestAuthority.create("Verification CA");
  private static final String HOST = "mail.example.test";

  private static TlsConfig.Builder trusting(TlsVersion version) {
    return TlsConfig.builder()
        .trust(CA.certificate())
        .systemTrust(false)
        .versions(version, version);
  }

  private static CertificateRejectedException refused(
      TestCertificate certificate, TlsConfig config, String host) throws Exception {
    AtomicInteger received = new AtomicInteger();
    TlsPeer.SecurePart count =
        socket -> {
          while (socket.getInputStream().read() >= 0) received.incrementAndGet();
        };
    try (TlsPeer peer = TlsPeer.speaking(certificate, config.newest(), count)) {
      Socket beneath = peer.dial();
      CertificateRejectedException e =
          catchThrowableOfType(
              CertificateRejectedException.class,
              () -> TlsUpgrader.of(config).upgrade(beneath, host));
      assertThat(e).as("the refusal").isNotNull();
      assertThat(beneath.isClosed()).isTrue();
      assertThat(peer.outcome()).containsIgnoringCase("alert");
      assertThat(received).as("bytes of application data").hasValue(0);
      return e;
    }
  }

  private static List<Kind> kinds(CertificateRejectedException e) {
    return e.reasons().stream().map(Reason::kind).toList();
  }

  private static void assertRefused(TestCertificate certificate, String host, Kind... expected)
      throws Exception {
    for (TlsVersion version : TlsVersion.values()) {
      CertificateRejectedException e = refused(certificate, trusting(version).build(), host);
      assertThat(kinds(e)).containsExactly(expected);
      assertThat(e.id()).isEqualTo(expected[0].id());
      assertThat(e.reasons()).allSatisfy(reason -> assertThat(reason.remedy()).isNotBlank());
      assertThat(e.chain()).hasSize(certificate.chain().size());
    }
  }

  private static void assertAccepted(TestCertificate certificate, TlsConfig config, String host)
      throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(certificate, config.newest(), TlsPeer::echo)) {
      try (TlsSocket socket = TlsUpgrader.of(config).upgrade(peer.dial(), host)) {
        assertThat(socket.getSession().getPeerCertificates()).isNotEmpty();
      }
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  @Test
  void anUnknownAuthority() throws Exception {
    assertRefused(TestAuthority.create("Nobody").issue(HOST), HOST, Kind.ISSUER);
  }

  @Test
  void anAuthorityOfTheSameNameWithAnotherKey() throws Exception {
    assertRefused(TestAuthority.create("Verification CA").issue(HOST), HOST, Kind.ISSUER);
  }

  @Test
  void aMissingIntermediate() throws Exception {
    TestCertificate whole = CA.intermediate("Below").issue(HOST);
    TlsConfig config = trusting(TlsVersion.TLS13).build();
    assertAccepted(whole, config, HOST);
    CertificateRejectedException e =
        catchThrowableOfType(
            CertificateRejectedException.class,
            () ->
                new ChainVerifier(config, PeerName.of(HOST)).verify(List.of(whole.certificate())));
    assertThat(kinds(e)).containsExactly(Kind.ISSUER);
    assertThat(e).hasMessageContaining("Below");
  }

  @Test
  void anExpiredCertificate() throws Exception {
    assertRefused(CA.certificate(HOST).expired().build(), HOST, Kind.EXPIRED);
  }

  @Test
  void anExpiredCertificateWhoseAuthorityWasRenewedSinceIsStillOfATrustedIssuer() throws Exception {
    Instant now = Instant.now();
    TestCertificate old =
        CA.certificate(HOST)
            .valid(now.minus(Duration.ofDays(90)), now.minus(Duration.ofDays(30)))
            .build();
    TlsConfig config = trusting(TlsVersion.TLS13).build();
    CertificateRejectedException e =
        catchThrowableOfType(
            CertificateRejectedException.class,
            () ->
                new ChainVerifier(config, PeerName.of(HOST))
                    .verify(List.of(old.certificate(), CA.certificate())));
    assertThat(kinds(e)).containsExactly(Kind.EXPIRED);
  }

  @Test
  void aCertificateThatIsNotYetValid() throws Exception {
    assertRefused(CA.certificate(HOST).notYetValid().build(), HOST, Kind.CLOCK);
  }

  @Test
  void anotherName() throws Exception {
    TestCertificate other = CA.issue("other.example.test", "192.0.2.7");
    assertRefused(other, HOST, Kind.NAME);
    CertificateRejectedException e = refused(other, trusting(TlsVersion.TLS13).build(), HOST);
    assertThat(e.presentedNames()).containsExactly("other.example.test", "192.0.2.7");
    assertThat(e).hasMessageContainingAll(HOST, "other.example.test");
  }

  @Test
  void manyNamesDoNotFloodTheMessage() throws Exception {
    String[] names =
        IntStream.range(0, 40).mapToObj(i -> "n" + i + ".example.test").toArray(String[]::new);
    CertificateRejectedException e =
        refused(CA.issue(names), trusting(TlsVersion.TLS13).build(), HOST);
    assertThat(e.presentedNames()).containsExactly(names);
    assertThat(e).hasMessageContaining("n9.example.test and 30 more");
  }

  @Test
  void aNameThatStandsInTheCommonNameOnly() throws Exception {
    assertRefused(CA.certificate(HOST).commonNameOnly().build(), HOST, Kind.NAME);
  }

  @Test
  void aClientCertificate() throws Exception {
    assertRefused(CA.certificate(HOST).forClients().build(), HOST, Kind.PURPOSE);
  }

  @Test
  void aWeakKey() throws Exception {
    assertRefused(CA.certificate(HOST).rsa(1024).build(), HOST, Kind.WEAK);
  }

  @Test
  void anAddressThatStandsThereAsAName() throws Exception {
    assertRefused(CA.issue(HOST), "127.0.0.1", Kind.NAME);
    assertRefused(CA.issue("127.0.0.2"), "127.0.0.1", Kind.NAME);
    assertRefused(CA.issue("127.0.0.1"), HOST, Kind.NAME);
  }

  @Test
  void everyReasonIsTold() throws Exception {
    TestCertificate hopeless =
        TestAuthority.create("Nobody")
            .certificate("other.example.test")
            .rsa(1024)
            .expired()
            .build();
    String pin = "sha256//" + Base64.getEncoder().encodeToString(new byte[32]);
    CertificateRejectedException e =
        refused(hopeless, trusting(TlsVersion.TLS13).pin(pin).build(), HOST);
    assertThat(kinds(e)).containsExactly(Kind.ISSUER, Kind.WEAK, Kind.EXPIRED, Kind.NAME, Kind.PIN);
    assertThat(e.id()).isEqualTo("E-TLS-ISSUER");
  }

  @Test
  void anExpiredCertificateOfAnotherNameIsStillOfATrustedIssuer() throws Exception {
    assertRefused(
        CA.certificate("other.example.test").expired().build(), HOST, Kind.EXPIRED, Kind.NAME);
  }

  @Test
  void validityIsJudgedByTheClockOfTheConfiguration() throws Exception {
    TestCertificate certificate = CA.issue(HOST);
    Clock past = Clock.fixed(Instant.now().minus(Duration.ofDays(9000)), ZoneOffset.UTC);
    Clock future = Clock.fixed(Instant.now().plus(Duration.ofDays(400)), ZoneOffset.UTC);
    assertThat(refused(certificate, trusting(TlsVersion.TLS13).clock(past).build(), HOST).id())
        .isEqualTo("E-TLS-CLOCK");
    assertThat(refused(certificate, trusting(TlsVersion.TLS12).clock(future).build(), HOST).id())
        .isEqualTo("E-TLS-EXPIRED");
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aPinIsDemandedInAdditionToTheChain(TlsVersion version) throws Exception {
    TestCertificate certificate = CA.issue(HOST);
    String right = Pins.pinOf(certificate.certificate());
    String wrong = Pins.pinOf(CA.issue(HOST).certificate());
    assertAccepted(certificate, trusting(version).pin(wrong + ";" + right).build(), HOST);
    assertThat(kinds(refused(certificate, trusting(version).pin(wrong).build(), HOST)))
        .containsExactly(Kind.PIN);
    TestCertificate stranger = TestAuthority.create("Nobody").issue(HOST);
    String strangersPin = Pins.pinOf(stranger.certificate());
    assertThat(kinds(refused(stranger, trusting(version).pin(strangersPin).build(), HOST)))
        .containsExactly(Kind.ISSUER);
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aFingerprintNamesTheOneCertificateThatIsTrusted(TlsVersion version) throws Exception {
    TestCertificate stranger =
        TestAuthority.create("Nobody").certificate("other.example.test").expired().build();
    String right = Pins.fingerprintOf(stranger.certificate());
    assertAccepted(stranger, trusting(version).fingerprint(right).build(), HOST);
    CertificateRejectedException e =
        refused(CA.issue(HOST), trusting(version).fingerprint(right).build(), HOST);
    assertThat(kinds(e)).containsExactly(Kind.PIN);
    assertThat(e.id()).isEqualTo("E-TLS-PIN");
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void insecureAcceptsAnythingButAWrongPin(TlsVersion version) throws Exception {
    TestCertificate stranger =
        TestAuthority.create("Nobody").certificate("other.example.test").expired().build();
    TlsConfig.Builder insecure = trusting(version).insecure();
    assertAccepted(stranger, insecure.build(), HOST);
    String wrong = Pins.pinOf(CA.issue(HOST).certificate());
    assertThat(kinds(refused(stranger, insecure.pin(wrong).build(), HOST)))
        .containsExactly(Kind.PIN);
  }

  @Test
  void aTrustedServerCertificateNeedsNoAuthority() throws Exception {
    TestCertificate stranger = TestAuthority.create("Nobody").issue(HOST);
    TlsConfig config = TlsConfig.builder().systemTrust(false).trust(stranger.certificate()).build();
    assertAccepted(stranger, config, HOST);
    assertThat(kinds(refused(stranger, config, "other.example.test"))).containsExactly(Kind.NAME);
  }

  @Test
  void anotherNameCanBeSetForTheServer() throws Exception {
    TestCertificate certificate = CA.issue("mx1.provider.test");
    TlsConfig config = trusting(TlsVersion.TLS13).name("mx1.provider.test").build();
    assertAccepted(certificate, config, "192.0.2.1");
    assertThat(kinds(refused(CA.issue(HOST), config, HOST))).containsExactly(Kind.NAME);
  }

  @Test
  void nobodyIsTrustedWithoutAnchors() throws IOException {
    TlsConfig config = TlsConfig.builder().systemTrust(false).build();
    CertificateRejectedException e =
        catchThrowableOfType(
            CertificateRejectedException.class,
            () -> new ChainVerifier(config, PeerName.of(HOST)).verify(CA.issue(HOST).chain()));
    assertThat(kinds(e)).containsExactly(Kind.ISSUER);
  }

  @Test
  void theAuthoritiesOfJavaDoNotKnowATestAuthority() {
    CertificateRejectedException e =
        catchThrowableOfType(
            CertificateRejectedException.class,
            () ->
                new ChainVerifier(TlsConfig.modern(), PeerName.of(HOST))
                    .verify(CA.issue(HOST).chain()));
    assertThat(kinds(e)).containsExactly(Kind.ISSUER);
  }

  @ParameterizedTest
  @CsvSource({
    "mail.example.test, mail.example.test, true",
    "MAIL.Example.TEST, mail.example.test, true",
    "mail.example.test, MAIL.EXAMPLE.TEST, true",
    "mail.example.test., mail.example.test, true",
    "mail.example.test, mail.example.test., false",
    "mail.example.test, *.example.test, true",
    "MAIL.example.test, *.EXAMPLE.test, true",
    "example.test, *.example.test, false",
    "a.mail.example.test, *.example.test, false",
    "mail.example.test, *.test, false",
    "example.test, *.test, false",
    "test, *, false",
    "mail.example.test, *, false",
    "mail.example.test, *.*.test, false",
    "mail.example.test, mail.*.test, false",
    "mail.example.test, ma*.example.test, false",
    "mail.example.test, *il.example.test, false",
    "mail.example.test, *mail.example.test, false",
    "mail.example.test, .example.test, false",
    "mail.example.test, *..example.test, false",
    "mail.example.test, xmail.example.test, false",
    "mail.example.test, mail.example.test.evil.test, false",
    "bücher.example.test, xn--bcher-kva.example.test, true",
    "bücher.example.test, bücher.example.test, false",
    "bücher.example.test, *.example.test, true",
    "127.0.0.1, 127.0.0.1, false",
    "127.0.0.1, *.0.0.1, false",
    "::1, ::1, false",
  })
  void aNameIsMatchedAsRfc9525Says(String reference, String presented, boolean matches) {
    assertThat(PeerName.of(reference).matchesName(presented)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, true",
    "127.0.0.1, 127.0.0.2, false",
    "::1, 0:0:0:0:0:0:0:1, true",
    "[2001:DB8::1], 2001:db8:0:0:0:0:0:1, true",
    "2001:db8::1, 2001:db8::2, false",
    "mail.example.test, 127.0.0.1, false",
    "127.0.0.1, mail.example.test, false",
  })
  void anAddressIsComparedAsBytes(String reference, String presented, boolean matches) {
    assertThat(PeerName.of(reference).matchesAddress(presented)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "'a b'",
    "'a..b'",
    "'-a.test'",
    "'a\tb'",
    "'*.example.test'",
    "'a/b'",
    "'.'",
    "256.1.1.1",
    "127.0.0.1.",
    "１２７.0.0.1",
    "fe80::1%eth0",
    "'a.test\0'"
  })
  void whatIsNoHostNameIsRefused(String host) {
    assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> PeerName.of(host)))
        .hasMessageContaining("not a host name");
  }
}
