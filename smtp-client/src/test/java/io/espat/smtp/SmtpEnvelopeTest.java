package io.espat.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.ScriptedServer;
import io.espat.tls.TlsMode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of the server for a mail, and what its answers to MAIL and RCPT come to. */
class SmtpEnvelopeTest {
  @TempDir private Path folder;
  private ScriptedServer server;

  @AfterEach
  void closeTheServer() throws IOException {
    if (server != null) server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SIZE 1000|abc|MAIL FROM:<me@here> SIZE=13",
        "SIZE|abc|MAIL FROM:<me@here> SIZE=13",
        "SIZE 0|abc|MAIL FROM:<me@here> SIZE=13",
        "8BITMIME|abc|MAIL FROM:<me@here>",
        "8BITMIME|\u00e4|MAIL FROM:<me@here> BODY=8BITMIME",
        "HELP|\u00e4|MAIL FROM:<me@here>"
      })
  void parametersFollowTheOfferAndTheContent(String offer, String body, String command)
      throws IOException {
    server = offering(offer).expectLine(Pattern.quote(command));
    server.send("250 ok\r\n").expectLine("RCPT TO:<you@there>").send("250 ok\r\n");
    finish();
    assertThat(send("A: 1\n\n" + body, "me@here", Conversation.TO).reply()).isEqualTo("250 done");
    server.awaitSuccess();
  }

  @Test
  void aMailTooLargeIsNotEvenBegun() throws IOException {
    server = offering("SIZE 12").expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused("me@here", Conversation.TO);
    assertThat(e.id()).isEqualTo("E-SMTP-SIZE");
    assertThat(e).hasMessageContaining("13 octets").hasMessageContaining("takes 12");
  }

  @Test
  void aMessageBehindAByteOrderMarkIsRefusedBeforeTheServerIsCalled() throws IOException {
    server = new ScriptedServer();
    String marked = "\u00ef\u00bb\u00bfBcc: hidden@there\n\nx";
    SmtpException e =
        catchThrowableOfType(SmtpException.class, () -> send(marked, "", Conversation.TO));
    assertThat(e.id()).isEqualTo("E-SMTP-CONTENT");
    assertThat(e.stage()).isEqualTo(SmtpStage.PREPARE);
    assertThat(server.heard()).isEmpty();
  }

  @Test
  void anAddressBeyondAsciiGoesByItsExtension() throws IOException {
    server = offering("SMTPUTF8").expectLine("MAIL FROM:<> SMTPUTF8").send("250 ok\r\n");
    server.expectLine("RCPT TO:<.*>").send("250 ok\r\n");
    finish();
    send("A: 1\n\nabc", "", List.of("j\u00fcrgen@there"));
    server.awaitSuccess();
    byte[] octets = "j\u00fcrgen@there".getBytes(StandardCharsets.UTF_8);
    assertThat(server.heard()).contains(new String(octets, StandardCharsets.ISO_8859_1));
  }

  @Test
  void anAddressBeyondAsciiIsRefusedWithoutTheExtension() throws IOException {
    server = offering("HELP").expectLine("QUIT").send("221 bye\r\n").awaitClose();
    assertThat(refused("", List.of("j\u00fcrgen@there")).id()).isEqualTo("E-SMTP-UTF8");
  }

  @ParameterizedTest
  @CsvSource({
    "550,E-SMTP-REJECTED,false",
    "450,E-SMTP-TEMP,true",
    "530,E-AUTH-DENIED,false",
    "354,E-SMTP-PROTOCOL,false"
  })
  void oneRecipientRefusedMeansThatNobodyGetsTheMail(int code, String id, boolean temporary)
      throws IOException {
    server = offering("HELP").expectLine("MAIL .*").send("250 ok\r\n");
    server.expectLine("RCPT TO:<a@x>").send("250 fine\r\n");
    server.expectLine("RCPT TO:<b@x>").send(code + "-not\r\n" + code + " her\r\n");
    if (code / 100 > 3) server.expectLine("RCPT TO:<c@x>").send("251 forwarded\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused("me@here", List.of("a@x", "b@x", "c@x"));
    assertThat(e.id()).isEqualTo(id);
    assertThat(e.isTransient()).isEqualTo(temporary);
    assertThat(e).hasMessageContaining("1 of 3 recipients refused, nothing was sent");
    RecipientResult refused = new RecipientResult("b@x", false, code + "-not\n" + code + " her");
    assertThat(e.recipients()).contains(new RecipientResult("a@x", true, "250 fine"), refused);
    assertThat(e.recipients()).hasSize(code / 100 > 3 ? 3 : 2);
  }

  @Test
  void theWorstRefusalDecides() throws IOException {
    server = offering("HELP").expectLine("MAIL .*").send("250 ok\r\n");
    server.expectLine("RCPT TO:<a@x>").send("450 later\r\n");
    server.expectLine("RCPT TO:<b@x>").send("550 never\r\n");
    server.expectLine("RCPT TO:<c@x>").send("450 later\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
    SmtpException e = refused("me@here", List.of("a@x", "b@x", "c@x"));
    assertThat(e.id()).isEqualTo("E-SMTP-REJECTED");
    assertThat(e.reply()).isEqualTo("550 never");
  }

  @ParameterizedTest
  @ValueSource(strings = {"you@there\r\nDATA", "you@there>", "a\0b@x"})
  void anAddressThatBreaksOutIsRefusedBeforeTheServerIsCalled(String address) throws IOException {
    server = new ScriptedServer();
    LoopbackSockets sockets = new LoopbackSockets(server.port());
    try (SmtpClient client = Conversation.clearClient(server).sockets(sockets).build()) {
      Path mail = Conversation.message(folder, "A: 1\n\nabc");
      assertThat(catchThrowable(() -> client.send(mail, address, List.of("a@x"))))
          .hasMessageContaining("sender");
      assertThat(catchThrowable(() -> client.send(mail, "a@x", List.of(address))))
          .hasMessageContaining("recipient");
    }
    assertThat(sockets.made()).isEmpty();
  }

  @Test
  void theEhloNameIsTheOneSet() throws IOException {
    server = new ScriptedServer().send("220 hi\r\n").expectLine("EHLO pump7\\.example");
    server.send("550 no\r\n").expectLine("QUIT").send("221 bye\r\n").awaitClose();
    try (SmtpClient client = Conversation.clearClient(server).ehlo("pump7.example").build()) {
      Path mail = Conversation.message(folder, "A: 1\n\nabc");
      assertThat(catchThrowable(() -> client.send(mail, "me@here", Conversation.TO))).isNotNull();
    }
    server.awaitSuccess();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nQUIT", "a\0", "b\u00fccher.example", "[1.2.3.4", "-a"})
  void anEhloNameThatIsNoneIsRefused(String name) {
    SmtpClient.Builder builder = SmtpClient.builder("mail.test");
    assertThatThrownBy(() -> builder.ehlo(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFactoryOfSslSocketsIsRefused() throws IOException {
    server = new ScriptedServer();
    try (SmtpClient client =
        Conversation.clearClient(server).sockets(SSLSocketFactory.getDefault()).build()) {
      Path mail = Conversation.message(folder, "A: 1\n\nabc");
      assertThat(catchThrowable(() -> client.send(mail, "me@here", Conversation.TO)))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("SSL sockets");
    }
  }

  @Test
  void whatTheFactoryThrowsIsThrownAsItIs() throws IOException {
    server = new ScriptedServer();
    server.close();
    Path mail = Conversation.message(folder, "A: 1\n\nabc");
    LoopbackSockets sockets = new LoopbackSockets(server.port());
    try (SmtpClient unknown = SmtpClient.builder("other.test").sockets(sockets).build();
        SmtpClient refused = SmtpClient.builder("mail.test").sockets(sockets).build()) {
      assertThat(catchThrowable(() -> unknown.send(mail, "me@here", Conversation.TO)))
          .isExactlyInstanceOf(UnknownHostException.class);
      assertThat(catchThrowable(() -> refused.send(mail, "me@here", Conversation.TO)))
          .isExactlyInstanceOf(ConnectException.class);
    }
  }

  @Test
  void withoutSocketsThereIsNoClient() {
    assertThatThrownBy(() -> SmtpClient.builder("mail.test").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("never used");
    assertThatThrownBy(() -> SmtpClient.builder("mail test"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SmtpClient.builder("mail.test").mechanism("CRAM-MD5"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SmtpClient.builder("mail.test").timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void defaultPortsFollowTheMode() {
    LoopbackSockets none = new LoopbackSockets(1);
    SmtpClient.Builder builder = SmtpClient.builder("mail.test").sockets(none);
    assertThat(builder.build().toString()).contains("mail.test:587");
    assertThat(builder.mode(TlsMode.IMPLICIT).build().toString()).contains(":465");
    assertThat(builder.mode(TlsMode.NONE).build().toString()).contains(":25,");
    assertThat(builder.port(2525).build().toString()).contains(":2525");
  }

  @Test
  void listenersSeeEveryStageAndWhatTheyThrowIsTheirs() throws IOException {
    server = Conversation.whole(Conversation.clear());
    List<SmtpStage> stages = new CopyOnWriteArrayList<>();
    SmtpListener listener =
        new SmtpListener() {
          @Override
          public void stage(SmtpStage stage, Duration took, String detail) {
            assertThat(took.isNegative()).isFalse();
            stages.add(stage);
            throw new IllegalStateException("a broken listener");
          }

          @Override
          public void progress(long sent, long total) {
            throw new IllegalStateException("a broken listener");
          }
        };
    try (SmtpClient client = Conversation.clearClient(server).listener(listener).build()) {
      Path mail = Conversation.message(folder, "A: 1\n\nabc");
      assertThat(client.send(mail, "me@here", Conversation.TO).reply()).contains("queued");
    }
    server.awaitSuccess();
    assertThat(stages)
        .containsExactly(
            SmtpStage.PREPARE,
            SmtpStage.CONNECT,
            SmtpStage.BANNER,
            SmtpStage.EHLO,
            SmtpStage.MAIL,
            SmtpStage.RCPT,
            SmtpStage.DATA,
            SmtpStage.FINAL,
            SmtpStage.QUIT);
  }

  private ScriptedServer offering(String extension) throws IOException {
    return new ScriptedServer()
        .send("220 hi\r\n")
        .expectLine("EHLO .*")
        .send("250-hi\r\n250 " + extension + "\r\n");
  }

  private void finish() {
    server.expectLine("DATA").send("354 go\r\n").skipUntil("\\.").send("250 done\r\n");
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
  }

  private SmtpReceipt send(String text, String from, List<String> to) throws IOException {
    try (SmtpClient client = Conversation.clearClient(server).build()) {
      return client.send(Conversation.message(folder, text), from, to);
    }
  }

  private SmtpException refused(String from, List<String> to) throws IOException {
    SmtpException e =
        catchThrowableOfType(SmtpException.class, () -> send("A: 1\n\nabc", from, to));
    assertThat(e).isNotNull();
    server.awaitSuccess();
    assertThat(server.heard()).doesNotContain("DATA");
    return e;
  }
}
