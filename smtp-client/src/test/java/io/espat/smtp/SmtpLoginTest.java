package io.espat.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.ScriptedServer;
import io.espat.smtp.Conversation.Exchange;
import io.espat.tls.TlsMode;
import io.espat.tls.TlsVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpLoginTest {
  private static final List<Exchange> TALK = Conversation.startTls();
  private static final int AUTH = 5;
  private static final String PLAIN = base64("\0pump7\0s3cr3t-pa55");
  private static final String USER = base64(Conversation.USER);
  private static final String PASSWORD = base64(Conversation.PASSWORD);

  @TempDir private Path folder;
  private Path mail;
  private ScriptedServer server;
  private final List<String> dialogue = new CopyOnWriteArrayList<>();
  private final List<String> stages = new CopyOnWriteArrayList<>();

  @BeforeEach
  void writeTheMail() throws IOException {
    mail = Conversation.message(folder, "Subject: s\n\nbody\n");
  }

  @AfterEach
  void closeTheServer() throws IOException {
    if (server != null) server.close();
  }

  @Test
  void plainGoesWithItsInitialResponse() throws IOException {
    server = offering("AUTH LOGIN PLAIN");
    server.expectLine("AUTH PLAIN " + PLAIN.replace("+", "\\+")).send("235 ok\r\n");
    finish();
    succeeds(client());
    assertThat(dialogue).contains("> AUTH PLAIN ********");
  }

  @Test
  void loginIsTakenWhenPlainIsNotOffered() throws IOException {
    server = offering("AUTH GSSAPI LOGIN");
    loginSteps();
    finish();
    succeeds(client());
    assertThat(dialogue).contains("> AUTH LOGIN", "> ********").doesNotContain("> " + USER);
  }

  @Test
  void theMechanismNamedIsTaken() throws IOException {
    server = offering("AUTH PLAIN LOGIN");
    loginSteps();
    finish();
    succeeds(client().mechanism("login"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AUTH GSSAPI SCRAM-SHA-256", "AUTH", "AUTHX PLAIN", "SIZE"})
  void withoutACommonMechanismNoSecretIsSent(String offer) throws IOException {
    server = offering(offer).expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused(client());
    assertThat(e.id()).isEqualTo("E-AUTH-MECH");
    assertThat(e.stage()).isEqualTo(SmtpStage.AUTH);
  }

  @Test
  void aMechanismNamedButNotOfferedIsNotReplacedByAnother() throws IOException {
    server = offering("AUTH LOGIN").expectLine("QUIT").send("221 bye\r\n").awaitClose();
    assertThat(refused(client().mechanism("PLAIN")).id()).isEqualTo("E-AUTH-MECH");
  }

  @ParameterizedTest
  @CsvSource({
    "535,E-AUTH-DENIED,false",
    "530,E-AUTH-DENIED,false",
    "534,E-AUTH-DENIED,false",
    "538,E-AUTH-DENIED,false",
    "501,E-AUTH-DENIED,false",
    "504,E-AUTH-MECH,false",
    "502,E-AUTH-MECH,false",
    "454,E-SMTP-TEMP,true",
    "432,E-SMTP-TEMP,true",
    "421,E-SMTP-TEMP,true",
    "334,E-SMTP-PROTOCOL,false",
    "250,E-SMTP-PROTOCOL,false"
  })
  void aRefusedLoginIsTheOnlyAttempt(int code, String id, boolean temporary) throws IOException {
    server = offering("AUTH PLAIN LOGIN").expectLine("AUTH PLAIN .*").send(code + " 5.7.8 no\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused(client());
    assertThat(e.id()).isEqualTo(id);
    assertThat(e.isTransient()).isEqualTo(temporary);
    assertThat(e.reply()).isEqualTo(code + " 5.7.8 no");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void loginRefusedHalfWayGoesNoFurther(int steps) throws IOException {
    server = offering("AUTH LOGIN").expectLine("AUTH LOGIN");
    if (steps > 0) server.send("334 VXNlcm5hbWU6\r\n").expectLine(USER);
    server.send("535 no\r\n").expectLine("QUIT").send("221 bye\r\n").awaitClose();
    assertThat(refused(client()).id()).isEqualTo("E-AUTH-DENIED");
    assertThat(server.heard()).doesNotContain(PASSWORD);
  }

  @Test
  void aServerThatQuotesTheSecretIsRedacted() throws IOException {
    server = offering("AUTH PLAIN").expectLine("AUTH PLAIN .*");
    server.send("535-bad line: AUTH PLAIN " + PLAIN + "\r\n535 password was s3cr3t-pa55!\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    assertThat(refused(client()).reply())
        .isEqualTo("535-bad line: AUTH PLAIN ********\n535 password was ********!");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s\r\n", "535 %s\0\r\n", "535-no\r\n536 %s\r\n", "535 %s"})
  void aServerThatQuotesTheSecretInNoReplyIsRedacted(String answer) throws IOException {
    for (String secret : List.of(PLAIN, Conversation.PASSWORD)) {
      server = offering("AUTH PLAIN").expectLine("AUTH PLAIN .*");
      server.send(String.format(answer, secret)).hangUp();
      try (SmtpClient client = client().listener(new Recorder()).build()) {
        SmtpException e =
            catchThrowableOfType(
                SmtpException.class, () -> client.send(mail, "me@here", Conversation.TO));
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertNoSecret(trace + String.join("\n", dialogue) + String.join("\n", stages));
      }
      server.close();
    }
  }

  @Test
  void aServerThatQuotesTheSecretAfterTheRefusalIsRedacted() throws IOException {
    server = offering("AUTH PLAIN").expectLine("AUTH PLAIN .*").send("535 no\r\n");
    server.expectLine("QUIT").send("221 bye " + PLAIN + "\r\n").awaitClose();
    assertThat(refused(client()).id()).isEqualTo("E-AUTH-DENIED");
    assertThat(stages).contains("QUIT 221 bye ********");
  }

  @Test
  void withoutALoginNoneIsTried() throws IOException {
    server = offering("AUTH PLAIN LOGIN");
    finish();
    SmtpClient.Builder anonymous =
        SmtpClient.builder(LoopbackSockets.NAME)
            .sockets(new LoopbackSockets(server.port()))
            .tls(Conversation.trusting(TlsVersion.TLS12, TlsVersion.TLS13));
    succeeds(anonymous);
    assertThat(server.heard()).doesNotContain("AUTH");
  }

  @Test
  void aLoginWithoutTlsCannotBeBuilt() {
    assertThatThrownBy(() -> Conversation.client(1).mode(TlsMode.NONE).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("never sent without TLS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "a\rb", "a\nb"})
  void octetsThatPartFieldsAreRefused(String text) {
    SmtpClient.Builder builder = Conversation.client(1);
    assertThatThrownBy(() -> builder.login(text, new char[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.login("user", text.toCharArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(text);
  }

  @Test
  void aClosedClientHasForgottenThePassword() throws IOException {
    char[] password = Conversation.PASSWORD.toCharArray();
    Credentials credentials = new Credentials("user", password);
    assertThat(password).isEqualTo(Conversation.PASSWORD.toCharArray());
    assertThat(new String(credentials.password(), StandardCharsets.UTF_8))
        .isEqualTo(Conversation.PASSWORD);
    credentials.wipe();
    assertThatThrownBy(credentials::password).isInstanceOf(IOException.class);
    assertThat(credentials.toString()).isEqualTo("Credentials[********]");
  }

  @Test
  void aClosedClientRefusesToSend() {
    SmtpClient client = Conversation.client(1).build();
    client.close();
    client.close();
    assertThatThrownBy(() -> client.send(mail, "me@here", Conversation.TO))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
  }

  private ScriptedServer offering(String extension) throws IOException {
    ScriptedServer script = Conversation.upTo(TALK, AUTH - 1);
    return script.send("250-mail.test\r\n250 " + extension + "\r\n");
  }

  private void loginSteps() {
    server.expectLine("AUTH LOGIN").send("334 VXNlcm5hbWU6\r\n");
    server.expectLine(USER).send("334 UGFzc3dvcmQ6\r\n");
    server.expectLine(PASSWORD).send("235 2.7.0 ok\r\n");
  }

  private void finish() {
    TALK.subList(AUTH + 1, TALK.size()).forEach(each -> Conversation.play(server, each));
    server.awaitClose();
  }

  private SmtpClient.Builder client() {
    return Conversation.client(server);
  }

  private void succeeds(SmtpClient.Builder builder) throws IOException {
    try (SmtpClient client = builder.listener(new Recorder()).build()) {
      assertThat(client.toString()).doesNotContain(Conversation.PASSWORD);
      client.send(mail, "me@here", Conversation.TO);
    }
    server.awaitSuccess();
    assertNoSecret(String.join("\n", dialogue));
  }

  private SmtpException refused(SmtpClient.Builder builder) throws IOException {
    try (SmtpClient client =
        builder.listener(new Recorder()).timeout(Duration.ofSeconds(10)).build()) {
      SmtpException e =
          catchThrowableOfType(
              SmtpException.class, () -> client.send(mail, "me@here", Conversation.TO));
      assertThat(e).isNotNull();
      server.awaitSuccess();
      assertNoSecret(String.join("\n", dialogue));
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      assertNoSecret(trace.toString() + e.reply());
      assertThat(server.heard()).doesNotContain("MAIL", "Subject");
      return e;
    }
  }

  private static void assertNoSecret(String text) {
    byte[] octets = Conversation.PASSWORD.getBytes(StandardCharsets.UTF_8);
    assertThat(text)
        .doesNotContain(Conversation.PASSWORD, PLAIN, PASSWORD, HexFormat.of().formatHex(octets));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private final class Recorder implements SmtpListener {
    @Override
    public void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {
      dialogue.add((fromServer ? "< " : "> ") + redactedLine);
    }

    @Override
    public void stage(SmtpStage stage, Duration took, String detail) {
      stages.add(stage.name() + " " + detail);
    }
  }
}
