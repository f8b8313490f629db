package io.espat.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.espat.interop.EspatCommand.Finished;
import io.espat.sim.ScriptedServer;
import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that must be refused: what the user is told, and what such a server got to hear. */
class RefusalIT {
  private static final Duration LIMIT = Duration.ofSeconds(50);
  private static final String USER = "pump7-account";
  private static final String MARKER = "the reactor is at 83 C";

  @TempDir private static Path folder;
  private static final Account account = new Account(USER, Account.fresh().password());
  private static final TestAuthority trusted = TestAuthority.create("espat test CA");
  private static Simulator simulator;
  private static Path authority;
  private static Path password;

  /** One thing wrong with a server: how it goes on behind STARTTLS, and what must come of it. */
  record Wrong(String what, Consumer<ScriptedServer> server, int exit, String id) {
    @Override
    public String toString() {
      return what;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    simulator = Simulator.start("mail.test", "files.test");
    authority = trusted.writePem(folder.resolve("ca.pem"));
    password = account.writePassword(folder.resolve("password"));
  }

  @AfterAll
  static void stop() throws IOException {
    simulator.close();
  }

  static Stream<Arguments> mailServers() {
    Stream<Wrong> certificates =
        certificates("mail.test").map(each -> behind(each, "STARTTLS", "220 2.0.0 ready\r\n"));
    Stream<Wrong> replies =
        Stream.of(
            answers("STARTTLS answered 454", "STARTTLS", "454 4.7.0 no keys\r\n", 75, "TEMP"),
            answers("STARTTLS answered 502", "STARTTLS", "502 5.5.1 no\r\n", 69, "REFUSED"),
            answers(
                "a reply behind 220",
                "STARTTLS",
                "220 2.0.0 ready\r\n250-mail.test\r\n250 AUTH PLAIN\r\n",
                76,
                "INJECT"));
    return Stream.concat(certificates, replies).map(Arguments::of);
  }

  static Stream<Arguments> fileServers() {
    Stream<Wrong> certificates =
        certificates("files.test").map(each -> behind(each, "AUTH TLS", "234 ready\r\n"));
    Stream<Wrong> replies =
        Stream.of(
            answers("AUTH TLS answered 431", "AUTH TLS", "431 not now\r\n", 75, "TEMP"),
            answers("AUTH TLS unknown (500)", "AUTH TLS", "500 what?\r\n", 69, "ABSENT"),
            answers("AUTH TLS answered 502", "AUTH TLS", "502 not here\r\n", 69, "ABSENT"),
            answers("AUTH TLS answered 534", "AUTH TLS", "534 policy\r\n", 69, "REFUSED"),
            answers(
                "a reply behind 234",
                "AUTH TLS",
                "234 ready\r\n331 password please\r\n",
                76,
                "INJECT"));
    return Stream.concat(certificates, replies).map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("mailServers")
  void aMailIsNotEntrustedTo(Wrong wrong) throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server
          .send("220 mail.test ESMTP\r\n")
          .expectLine("EHLO .*")
          .send("250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n");
      wrong.server().accept(server);
      assertRefused(wrong, server, mail(server.port()));
    }
  }

  @ParameterizedTest
  @MethodSource("fileServers")
  void aFileIsNotEntrustedTo(Wrong wrong) throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server.send("220 files.test\r\n");
      wrong.server().accept(server);
      assertRefused(wrong, server, file(server.port()));
    }
  }

  @Test
  void aMailIsNotEntrustedToAServerWithoutStarttls() throws Exception {
    try (ScriptedServer server = new ScriptedServer()) {
      server
          .send("220 mail.test ESMTP\r\n")
          .expectLine("EHLO .*")
          .send("250-mail.test\r\n250 AUTH PLAIN LOGIN\r\n")
          .stall();
      Wrong wrong = new Wrong("no STARTTLS", each -> {}, 69, "E-STARTTLS-ABSENT");
      assertRefused(wrong, server, mail(server.port()));
    }
  }

  private static void assertRefused(Wrong wrong, ScriptedServer server, Finished command)
      throws IOException {
    assertThat(command.exit()).as(command.printed()).isEqualTo(wrong.exit());
    assertThat(command.err())
        .contains("[" + wrong.id() + "]")
        .containsPattern("(?m)^  stage +\\S")
        .containsPattern("(?m)^  (why|server) +\\S")
        .containsPattern("(?m)^  do +\\S");
    assertThat(command.printed()).doesNotContain(secrets());
    server.awaitSuccess();
    assertThat(server.heard())
        .doesNotContain(secrets())
        .doesNotContain("AUTH PLAIN", "AUTH LOGIN", "USER ", Letter.FROM, Letter.TO);
  }

  /** What nobody may see whom the user does not trust. */
  private static List<String> secrets() {
    return List.of(
        account.password(),
        base64(account.password()),
        base64("\0" + USER + "\0" + account.password()),
        base64(USER),
        MARKER);
  }

  private static Finished mail(int port) throws IOException {
    Path letter = Files.writeString(folder.resolve("letter.eml"), "Subject: x\r\n\r\n" + MARKER);
    return EspatCommand.run(
        LIMIT,
        EspatCommand.join(
            options("send", "mail.test:" + port),
            "--from",
            Letter.FROM,
            "--to",
            Letter.TO,
            "--message",
            letter.toString()));
  }

  private static Finished file(int port) throws IOException {
    Path file = Files.writeString(folder.resolve("log.txt"), MARKER);
    return EspatCommand.run(
        LIMIT, EspatCommand.join(options("upload", "files.test:" + port), file.toString()));
  }

  private static String[] options(String command, String server) {
    return new String[] {
      command,
      "-d",
      simulator.device(),
      "--server",
      server,
      "--cacert",
      authority.toString(),
      "--user",
      USER,
      "--password-file",
      password.toString()
    };
  }

  private record Bad(String what, TestCertificate certificate, String id) {}

  private static Stream<Bad> certificates(String name) {
    TestAuthority unknown = TestAuthority.create("unknown CA");
    return Stream.of(
        new Bad("an unknown CA", unknown.issue(name), "E-TLS-ISSUER"),
        new Bad("another name", trusted.issue("other.test", "*.sub." + name), "E-TLS-NAME"),
        new Bad("a name in the CN only", cnOnly(name), "E-TLS-NAME"),
        new Bad("an expired one", trusted.certificate(name).expired().build(), "E-TLS-EXPIRED"));
  }

  private static TestCertificate cnOnly(String name) {
    return trusted.certificate(name).commonNameOnly().build();
  }

  private static Wrong behind(Bad bad, String command, String reply) {
    return new Wrong(
        "certificate: " + bad.what(),
        server ->
            server
                .expectLine(command)
                .send(reply)
                .startTlsRefused(bad.certificate().serverContext()),
        60,
        bad.id());
  }

  private static Wrong answers(String what, String command, String reply, int exit, String id) {
    return new Wrong(
        what, server -> server.expectLine(command).send(reply).stall(), exit, "E-STARTTLS-" + id);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
