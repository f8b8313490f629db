package io.espat.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.ScriptedServer;
import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import io.espat.smtp.Conversation.Exchange;
import io.espat.tls.CertificateRejectedException;
import io.espat.tls.PlaintextInjectionException;
import io.espat.tls.TlsHandshakeException;
import io.espat.tls.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The switch to TLS, judged at the server: what it heard in clear, and whether a secret came. */
class SmtpStartTlsTest {
  private static final List<Exchange> TALK = Conversation.startTls();
  private static final String OUTSIDE = "EHLO [127.0.0.1]\r\nSTARTTLS\r\n";
  private static final int STARTTLS = 2;
  private static final int SECOND_EHLO = 4;

  @TempDir private Path folder;
  private Path mail;
  private ScriptedServer server;

  @BeforeEach
  void writeTheMail() throws IOException {
    mail = Conversation.message(folder, "Subject: the marker\n\nthe marker\n");
  }

  @AfterEach
  void closeTheServer() throws IOException {
    if (server != null) server.close();
  }

  @Test
  void nothingButEhloAndStartTlsIsSaidInClear() throws IOException {
    server = Conversation.whole(TALK);
    try (SmtpClient client = Conversation.client(server).build()) {
      SmtpReceipt receipt = client.send(mail, "me@here", Conversation.TO);
      assertThat(receipt.reply()).isEqualTo("250 2.0.0 queued as 42");
      assertThat(receipt.toString()).isEqualTo("250 2.0.0 queued as 42 (TLSv1.3)");
      assertThat(receipt.suite()).startsWith("TLS_");
      assertThat(receipt.recipients())
          .containsExactly(new RecipientResult("you@there", true, "250 2.1.5 ok"));
    }
    server.awaitSuccess();
    assertThat(server.heardInClear()).isEqualTo(OUTSIDE);
    assertThat(server.heard()).contains("the marker", base64("\0pump7\0s3cr3t-pa55"));
  }

  @Test
  void implicitTlsSpeaksInsideTlsOnly() throws IOException {
    server = new ScriptedServer().startTls(Conversation.CONTEXT);
    Conversation.play(server, TALK.get(0));
    TALK.subList(SECOND_EHLO, TALK.size()).forEach(each -> Conversation.play(server, each));
    server.awaitClose();
    try (SmtpClient client = Conversation.client(server).mode(TlsMode.IMPLICIT).build()) {
      assertThat(client.send(mail, "me@here", Conversation.TO).tlsVersion()).isNotNull();
    }
    server.awaitSuccess();
    assertThat(server.heardInClear()).isEmpty();
  }

  @Test
  void withoutAnOfferNothingIsSent() throws IOException {
    server = Conversation.upTo(TALK, 1).send("250-mail.test\r\n250 AUTH PLAIN LOGIN\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused();
    assertThat(e.id()).isEqualTo("E-STARTTLS-ABSENT");
    assertThat(e.stage()).isEqualTo(SmtpStage.STARTTLS);
    assertThat(e.isTransient()).isFalse();
    assertNothingSecret("EHLO [127.0.0.1]\r\nQUIT\r\n");
  }

  @Test
  void aTemporaryRefusalIsTransient() throws IOException {
    server = Conversation.upTo(TALK, STARTTLS).send("454 4.7.0 TLS not available\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused();
    assertThat(e.id()).isEqualTo("E-STARTTLS-TEMP");
    assertThat(e.isTransient()).isTrue();
    assertThat(e.reply()).isEqualTo("454 4.7.0 TLS not available");
    assertNothingSecret(OUTSIDE + "QUIT\r\n");
  }

  @Test
  void aPermanentRefusalIsFinal() throws IOException {
    server = Conversation.upTo(TALK, STARTTLS).send("502 5.5.1 unknown\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused();
    assertThat(e.id()).isEqualTo("E-STARTTLS-REFUSED");
    assertThat(e.isTransient()).isFalse();
    assertNothingSecret(OUTSIDE + "QUIT\r\n");
  }

  @Test
  void anotherPositiveReplyIsNoGoAhead() throws IOException {
    server = Conversation.upTo(TALK, STARTTLS).send("250 ok\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    assertThat(refused().id()).isEqualTo("E-SMTP-PROTOCOL");
    assertNothingSecret(OUTSIDE + "QUIT\r\n");
  }

  @TestFactory
  Stream<DynamicTest> aReplyGluedBehindTheGoAheadEndsTheSessionHoweverItArrives() {
    String go = "220 go\r\n";
    String text = go + "250-evil.test\r\n250 AUTH PLAIN\r\n";
    return Stream.iterate(go.length() + 1, cut -> cut <= text.length(), cut -> cut + 1)
        .map(
            cut ->
                DynamicTest.dynamicTest(
                    "first segment of " + cut,
                    () -> {
                      server = Conversation.upTo(TALK, STARTTLS).send(text.substring(0, cut));
                      if (cut < text.length()) server.send(text.substring(cut));
                      server.stall();
                      assertThat(thrown()).isInstanceOf(PlaintextInjectionException.class);
                      assertNothingSecret(OUTSIDE);
                    }));
  }

  @TestFactory
  Stream<DynamicTest> aReplyGluedBehindTheGoAheadIsSeenAtEveryChunkSize() {
    return Stream.of(1, 2, 3, 5, 7, 8, 9, 4096)
        .map(
            chunk ->
                DynamicTest.dynamicTest(
                    "chunks of " + chunk,
                    () -> {
                      server = Conversation.upTo(TALK, STARTTLS).send("220 go\r\n250 evil\r\n");
                      server.stall();
                      LoopbackSockets sockets = new LoopbackSockets(server.port(), chunk);
                      try (SmtpClient client =
                          Conversation.client(server).sockets(sockets).build()) {
                        assertThat(
                                catchThrowable(() -> client.send(mail, "me@here", Conversation.TO)))
                            .isInstanceOf(PlaintextInjectionException.class);
                      }
                      assertNothingSecret(OUTSIDE);
                    }));
  }

  @Test
  void whatWasOfferedInClearIsForgotten() throws IOException {
    server = Conversation.upTo(TALK, 1);
    server.send("250-mail.test\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE 1\r\n250 STARTTLS\r\n");
    TALK.subList(STARTTLS, SECOND_EHLO).forEach(each -> Conversation.play(server, each));
    server.expectLine("EHLO .*").send("250 mail.test\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused();
    assertThat(e.id()).isEqualTo("E-AUTH-MECH");
    assertNothingSecret(OUTSIDE);
  }

  @Test
  void theSecondEhloIsObligatory() throws IOException {
    server = Conversation.upTo(TALK, SECOND_EHLO).send("502 5.5.1 unknown\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused();
    assertThat(e.id()).isEqualTo("E-SMTP-REJECTED");
    assertThat(e.stage()).isEqualTo(SmtpStage.EHLO);
    assertNothingSecret(OUTSIDE);
  }

  @Test
  void anUnknownIssuerIsRejected() throws IOException {
    rejects(TestAuthority.create("somebody else").issue(LoopbackSockets.NAME), "E-TLS-ISSUER");
  }

  @Test
  void aWrongNameIsRejected() throws IOException {
    rejects(Conversation.AUTHORITY.issue("other.test"), "E-TLS-NAME");
  }

  @Test
  void anExpiredCertificateIsRejected() throws IOException {
    rejects(
        Conversation.AUTHORITY.certificate(LoopbackSockets.NAME).expired().build(),
        "E-TLS-EXPIRED");
  }

  @Test
  void aNameInTheCommonNameAloneIsRejected() throws IOException {
    rejects(
        Conversation.AUTHORITY.certificate(LoopbackSockets.NAME).commonNameOnly().build(),
        "E-TLS-NAME");
  }

  private void rejects(TestCertificate certificate, String id) throws IOException {
    server = Conversation.upTo(TALK, STARTTLS).send("220 go\r\n");
    server.startTlsRefused(certificate.serverContext());
    Throwable thrown = thrown();
    assertThat(thrown).isInstanceOf(CertificateRejectedException.class);
    assertThat(((CertificateRejectedException) thrown).id()).isEqualTo(id);
    assertNothingSecret(OUTSIDE);
  }

  @Test
  void aServerThatDiesInTheHandshakeEndsIt() throws IOException {
    server = Conversation.upTo(TALK, STARTTLS).send("220 go\r\n").skipBytes(40).hangUp();
    assertThat(thrown()).isInstanceOf(IOException.class);
    assertThat(server.heard()).startsWith(OUTSIDE).doesNotContain("AUTH");
    server.awaitSuccess();
  }

  @Test
  void aServerThatAnswersTheHandshakeInClearEndsIt() throws IOException {
    server = Conversation.upTo(TALK, STARTTLS).send("220 go\r\n").skipBytes(40);
    server.send("500 what?\r\n").stall();
    assertThat(thrown())
        .isInstanceOfAny(PlaintextInjectionException.class, TlsHandshakeException.class);
    server.awaitSuccess();
  }

  @TestFactory
  Stream<DynamicTest> aServerThatLeavesInsideTlsIsNamedWithItsStage() {
    return inside(
        i -> {
          server = Conversation.upTo(TALK, i).hangUp();
          SmtpException e = refused();
          assertThat(e.stage()).isEqualTo(TALK.get(i).stage());
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-LOST");
        });
  }

  @TestFactory
  Stream<DynamicTest> aConnectionCutInsideTlsIsNamedWithItsStage() {
    return inside(
        i -> {
          server = Conversation.upTo(TALK, i).send("2").cut();
          SmtpException e = refused();
          assertThat(e.stage()).isEqualTo(TALK.get(i).stage());
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-LOST");
        });
  }

  @TestFactory
  Stream<DynamicTest> aServerThatDripsInsideTlsEndsAtTheTimeOut() {
    return inside(
        i -> {
          String code = TALK.get(i).reply().substring(0, 3);
          server = Conversation.upTo(TALK, i);
          server.drip((code + "-drip\r\n").repeat(100), Duration.ofMillis(20));
          SmtpException e = refused(Duration.ofMillis(400));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-TIMEOUT");
        });
  }

  @TestFactory
  Stream<DynamicTest> aServerThatStallsInsideTlsEndsAtTheTimeOut() {
    return inside(
        i -> {
          server = Conversation.upTo(TALK, i).stall();
          SmtpException e = refused(Duration.ofMillis(400));
          assertThat(e.stage()).isEqualTo(TALK.get(i).stage());
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-TIMEOUT");
        });
  }

  private Stream<DynamicTest> inside(Play play) {
    return Conversation.failing(TALK).stream()
        .filter(i -> i >= SECOND_EHLO)
        .map(i -> DynamicTest.dynamicTest(TALK.get(i).toString(), () -> run(play, i)));
  }

  private void run(Play play, int number) throws IOException {
    play.at(number);
    server.awaitSuccess();
    assertThat(server.heardInClear()).isEqualTo(OUTSIDE);
  }

  private static boolean after(int number) {
    return TALK.get(number).stage() == SmtpStage.FINAL;
  }

  private void assertNothingSecret(String inClear) throws IOException {
    server.awaitSuccess();
    assertThat(server.heardInClear()).startsWith(inClear);
    assertThat(server.heard())
        .doesNotContain("AUTH", "MAIL", "marker", Conversation.USER, Conversation.PASSWORD)
        .doesNotContain(base64(Conversation.PASSWORD), base64("\0pump7\0s3cr3t-pa55"));
  }

  private SmtpException refused() {
    return refused(Duration.ofSeconds(10));
  }

  private SmtpException refused(Duration timeout) {
    try (SmtpClient client = Conversation.client(server).timeout(timeout).build()) {
      SmtpException e =
          catchThrowableOfType(
              SmtpException.class, () -> client.send(mail, "me@here", Conversation.TO));
      assertThat(e).isNotNull();
      return e;
    }
  }

  private Throwable thrown() {
    try (SmtpClient client = Conversation.client(server).build()) {
      return catchThrowable(() -> client.send(mail, "me@here", Conversation.TO));
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @FunctionalInterface
  private interface Play {
    void at(int number) throws IOException;
  }
}
