package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.ScriptedServer;
import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What a server or somebody on the way can do to us: the exit code, the words, and no secret. */
class RefusalsTest {
  @TempDir Path folder;
  private Peers peers;

  @BeforeEach
  void prepare() throws IOException {
    peers = new Peers(folder);
  }

  private static ScriptedServer untilStarttls() throws IOException {
    return new ScriptedServer()
        .send("220 mail.test ESMTP\r\n")
        .expectLine("EHLO .*")
        .send("250-mail.test\r\n250 STARTTLS\r\n")
        .expectLine("STARTTLS");
  }

  @Test
  void aServerWithoutStarttlsGetsNothing() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer()
            .send("220 mail.test ESMTP\r\n")
            .expectLine("EHLO .*")
            .send("250-mail.test\r\n250 AUTH PLAIN LOGIN\r\n")
            .hangUp()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()));
      assertRefused(outcome, 69, "E-STARTTLS-ABSENT", server);
      assertThat(outcome.err()).contains("mail.test:" + server.port(), "use --tls implicit");
    }
  }

  @Test
  void aServerThatCannotEncryptNowIsTriedLater() throws Exception {
    try (ScriptedServer server = untilStarttls().send("454 4.7.0 TLS not available\r\n").hangUp()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()));
      assertRefused(outcome, 75, "E-STARTTLS-TEMP", server);
      assertThat(outcome.err()).contains("server  454 4.7.0 TLS not available");
    }
  }

  @Test
  void aServerThatRefusesToEncryptIsUnavailable() throws Exception {
    try (ScriptedServer server = untilStarttls().send("502 5.5.1 not here\r\n").hangUp()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()));
      assertRefused(outcome, 69, "E-STARTTLS-REFUSED", server);
      assertThat(outcome.err()).contains("server  502 5.5.1 not here");
    }
  }

  @Test
  void aPortThatBeginsInClearIsNotTakenForOneOfAnotherTlsVersion() throws Exception {
    try (ScriptedServer server = new ScriptedServer().send("220 mail.test ESMTP\r\n").stall()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()), "--tls", "implicit");
      assertThat(outcome.code()).isEqualTo(35);
      assertThat(outcome.err()).contains("[E-TLS-HANDSHAKE]", "do      use --tls starttls");
    }
  }

  @Test
  void aReplyGluedBehindTheGoAheadIsAnAttack() throws Exception {
    try (ScriptedServer server = untilStarttls().send("220 go\r\n250 injected\r\n").stall()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()));
      assertRefused(outcome, 76, "E-STARTTLS-INJECT", server);
      assertThat(outcome.err()).contains("stage   STARTTLS with mail.test:");
    }
  }

  @Test
  void authTlsRefusedOrInjectedIsToldTheSameWay() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer()
            .send("220 files.test\r\n")
            .expectLine("AUTH TLS")
            .send("534 5.3.4 policy\r\n")) {
      Cli.Outcome outcome = new Cli().run(peers.files("ls", server.port()));
      assertRefused(outcome, 69, "E-STARTTLS-REFUSED", server);
      assertThat(outcome.err()).contains("server  534 5.3.4 policy");
    }
    try (ScriptedServer server =
        new ScriptedServer()
            .send("220 files.test\r\n")
            .expectLine("AUTH TLS")
            .send("234 go\r\n331 injected\r\n")
            .stall()) {
      Cli.Outcome outcome = new Cli().run(peers.files("ls", server.port()));
      assertRefused(outcome, 76, "E-STARTTLS-INJECT", server);
      assertThat(outcome.err()).contains("stage   AUTH TLS with files.test:");
    }
  }

  /** A certificate, and how the command must end. */
  private record Case(
      String name, TestCertificate certificate, int code, String id, String words) {}

  @TestFactory
  Stream<DynamicTest> aCertificateThatProvesNothingStopsTheLogin() {
    TestAuthority unknown = TestAuthority.create("somebody else's CA");
    TestAuthority own = peers.authority;
    return Stream.of(
            new Case("unknown CA", unknown.issue("mail.test"), 60, "E-TLS-ISSUER", "--cacert"),
            new Case(
                "wrong name",
                own.issue("mx.other.test"),
                60,
                "E-TLS-NAME",
                "--tls-name mx.other.test"),
            new Case(
                "expired",
                own.certificate("mail.test").expired().build(),
                60,
                "E-TLS-EXPIRED",
                "server certificate has expired"),
            new Case(
                "not yet valid",
                own.certificate("mail.test").notYetValid().build(),
                60,
                "E-TLS-CLOCK",
                "clock"),
            new Case(
                "common name only",
                own.certificate("mail.test").commonNameOnly().build(),
                60,
                "E-TLS-NAME",
                "subjectAltName"))
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> assertUntrusted(each)));
  }

  private void assertUntrusted(Case untrusted) throws IOException {
    try (ScriptedServer server =
        untilStarttls()
            .send("220 go\r\n")
            .startTlsRefused(untrusted.certificate().serverContext())) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()));
      assertRefused(outcome, untrusted.code(), untrusted.id(), server);
      assertThat(outcome.err())
          .contains("stage   STARTTLS handshake with mail.test:" + server.port() + " (127.0.0.1)")
          .contains("  server  ", "  why     ", "  do      ", untrusted.words());
    }
  }

  @Test
  void aPinThatDoesNotMatchHasACodeOfItsOwn() throws Exception {
    try (ScriptedServer server =
        untilStarttls()
            .send("220 go\r\n")
            .startTlsRefused(peers.authority.issue("mail.test").serverContext())) {
      String pin = "sha256//" + Base64.getEncoder().encodeToString(new byte[32]);
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()), "--pinnedpubkey", pin);
      assertRefused(outcome, 90, "E-TLS-PIN", server);
    }
  }

  @Test
  void aLoginThatIsRefusedIsDeniedAndTheServersWordsAreShown() throws Exception {
    try (ScriptedServer server =
        untilStarttls()
            .send("220 go\r\n")
            .startTls(peers.authority.issue("mail.test").serverContext())
            .expectLine("EHLO .*")
            .send("250-mail.test\r\n250 AUTH PLAIN\r\n")
            .expectLine("AUTH PLAIN .*")
            .send("535-5.7.8 no\r\n535 5.7.8 \u001b[31mreally no\r\n")
            .hangUp()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()), "-vv");
      assertThat(outcome.code()).isEqualTo(77);
      assertThat(outcome.err())
          .contains(
              "[E-AUTH-DENIED]", "~> AUTH PLAIN ********", "535-5.7.8 no", "\\u001b[31mreally no")
          .doesNotContain("\u001b");
      assertNoSecret(outcome);
    }
  }

  @Test
  void aRejectedRecipientIsNamedWithTheServersWords() throws Exception {
    try (ScriptedServer server =
        untilStarttls()
            .send("220 go\r\n")
            .startTls(peers.authority.issue("mail.test").serverContext())
            .expectLine("EHLO .*")
            .send("250-mail.test\r\n250 AUTH PLAIN\r\n")
            .expectLine("AUTH PLAIN .*")
            .send("235 ok\r\n")
            .expectLine("MAIL FROM:.*")
            .send("250 ok\r\n")
            .expectLine("RCPT TO:.*")
            .send("550 5.1.1 no such person\r\n")
            .hangUp()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()), "--json");
      assertThat(outcome.code()).isEqualTo(65);
      assertThat(outcome.err())
          .contains("[E-SMTP-REJECTED]", "ops@espat.test: 550 5.1.1 no such person");
      assertThat(outcome.out()).contains("\"status\":\"failed\"").doesNotContain("sent");
    }
  }

  @Test
  void aMailWhoseFateIsUnknownIsNeverCalledSent() throws Exception {
    try (ScriptedServer server =
        untilStarttls()
            .send("220 go\r\n")
            .startTls(peers.authority.issue("mail.test").serverContext())
            .expectLine("EHLO .*")
            .send("250-mail.test\r\n250 AUTH PLAIN\r\n")
            .expectLine("AUTH PLAIN .*")
            .send("235 ok\r\n")
            .expectLine("MAIL FROM:.*")
            .send("250 ok\r\n")
            .expectLine("RCPT TO:.*")
            .send("250 ok\r\n")
            .expectLine("DATA")
            .send("354 go\r\n")
            .skipUntil("\\.")
            .cut()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()), "--json");
      assertThat(outcome.code()).isEqualTo(75);
      assertThat(outcome.err()).contains("[E-SMTP-UNKNOWN]", "it may arrive twice");
      assertThat(outcome.out()).contains("\"status\":\"unknown\"").doesNotContain("\"sent\"");
    }
  }

  @Test
  void namesAndPortsThatLeadNowhereAreTold() throws Exception {
    Cli.Outcome noName = new Cli().run(peers.send(Peers.DEVICE, "nowhere.test", 587));
    assertThat(noName.code()).isEqualTo(68);
    assertThat(noName.err()).contains("[E-NET-DNS]", "nowhere.test");
    int closed;
    try (ScriptedServer server = new ScriptedServer()) {
      closed = server.port();
    }
    Cli.Outcome refused = new Cli().run(peers.send(closed));
    assertThat(refused.code()).isEqualTo(69);
    assertThat(refused.err()).contains("[E-NET-REFUSED]");
  }

  @Test
  void aServerThatSaysNothingIsLeftInTime() throws Exception {
    try (ScriptedServer server = new ScriptedServer().stall()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()), "--timeout", "300ms");
      assertThat(outcome.code()).isEqualTo(75);
      assertThat(outcome.err()).containsPattern("\\[E-(SMTP|NET)-TIMEOUT]");
    }
    try (ScriptedServer server = new ScriptedServer().stall()) {
      Cli.Outcome outcome = new Cli().run(peers.send(server.port()), "--max-time", "300ms");
      assertThat(outcome.code()).isEqualTo(75);
      assertThat(outcome.err()).contains("[E-TIME-MAX]");
    }
  }

  @Test
  void aLocalFileThatIsMissingIsFoundBeforeTheModuleIsTouched() {
    Cli.Outcome outcome =
        new Cli().run(peers.files("upload", "nothing:here", 21), folder.resolve("none").toString());
    assertThat(outcome.code()).isEqualTo(66);
    assertThat(outcome.err()).contains("[E-FILE-READ]", "none: no such file");
    Cli.Outcome attach =
        new Cli().run(peers.send("nothing:here", "mail.test", 25), "-a", folder + "/none");
    assertThat(attach.code()).isEqualTo(66);
  }

  @Test
  void aCaFileThatHoldsNoneIsNamed() throws Exception {
    Path noCa = Files.writeString(folder.resolve("empty.pem"), "nothing");
    Cli.Outcome outcome = new Cli().run(peers.send(587), "--cacert", noCa.toString());
    assertThat(outcome.code()).isEqualTo(66);
    assertThat(outcome.err()).contains("empty.pem");
  }

  private static void assertRefused(
      Cli.Outcome outcome, int code, String id, ScriptedServer server) {
    assertThat(outcome.err()).contains("[" + id + "]", "  stage   ", "  do      ");
    assertThat(outcome.code()).isEqualTo(code);
    assertThat(outcome.out()).isEmpty();
    assertNoSecret(outcome);
    assertThat(server.heard())
        .doesNotContain("AUTH PLAIN", "USER", "PASS", "MAIL FROM", Peers.SECRET);
  }

  private static void assertNoSecret(Cli.Outcome outcome) {
    byte[] secret = Peers.SECRET.getBytes(StandardCharsets.US_ASCII);
    byte[] plain = ("\0pump7\0" + Peers.SECRET).getBytes(StandardCharsets.US_ASCII);
    assertThat(outcome.all())
        .doesNotContain(Peers.SECRET)
        .doesNotContain(Base64.getEncoder().encodeToString(secret))
        .doesNotContain(Base64.getEncoder().encodeToString(plain))
        .doesNotContain(HexFormat.of().formatHex(secret));
  }
}
