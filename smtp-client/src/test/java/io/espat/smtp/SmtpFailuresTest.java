package io.espat.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.ScriptedServer;
import io.espat.smtp.Conversation.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One exchange goes wrong, in clear, where nothing but the dialogue is looked at. */
class SmtpFailuresTest {
  private static final List<Exchange> TALK = Conversation.clear();

  @TempDir private Path folder;
  private Path mail;

  @BeforeEach
  void writeTheMail() throws IOException {
    mail = Conversation.message(folder, "Subject: s\n\nbody\n");
  }

  @TestFactory
  Stream<DynamicTest> temporaryRefusalsAreTransientAtEveryStage() {
    return everyStage(
        i -> {
          ScriptedServer server =
              Conversation.upTo(TALK, i).send("451-4.3.0 not\r\n451 4.3.0 now\r\n");
          expectQuit(server);
          SmtpException e = fails(server, Duration.ofSeconds(10));
          assertThat(e.id()).isEqualTo("E-SMTP-TEMP");
          assertThat(e.isTransient()).isTrue();
          assertThat(e.stage()).isEqualTo(TALK.get(i).stage());
          assertThat(e.reply()).isEqualTo("451-4.3.0 not\n451 4.3.0 now");
          assertThat(e).hasMessageContaining("mail.test:25").hasMessageContaining("4.3.0 now");
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> permanentRefusalsAreFinalAtEveryStage() {
    return everyStage(
        i -> {
          ScriptedServer server = Conversation.upTo(TALK, i).send("550 5.7.1 no\r\n");
          expectQuit(server);
          SmtpException e = fails(server, Duration.ofSeconds(10));
          assertThat(e.id()).isEqualTo("E-SMTP-REJECTED");
          assertThat(e.isTransient()).isFalse();
          assertThat(e.stage()).isEqualTo(TALK.get(i).stage());
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> loginDemandsAreDeniedAtEveryStage() {
    return everyStage(
        i -> {
          ScriptedServer server = Conversation.upTo(TALK, i).send("530 5.7.0 log in first\r\n");
          expectQuit(server);
          assertThat(fails(server, Duration.ofSeconds(10)).id()).isEqualTo("E-AUTH-DENIED");
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> aServerThatLeavesIsNamedWithItsStage() {
    return everyStage(
        i -> {
          ScriptedServer server = Conversation.upTo(TALK, i).hangUp();
          SmtpException e = fails(server, Duration.ofSeconds(10));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-LOST");
          assertThat(e.isTransient()).isEqualTo(!after(i));
          assertThat(e.stage()).isEqualTo(TALK.get(i).stage());
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> aConnectionResetIsNamedWithItsStage() {
    return everyStage(
        i -> {
          ScriptedServer server = Conversation.upTo(TALK, i).reset();
          SmtpException e = fails(server, Duration.ofSeconds(10));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-LOST");
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> aReplyCutAnywhereIsNeverTakenForOne() {
    return everyStage(
        i -> {
          String reply = TALK.get(i).reply();
          for (int cut = 0; cut < reply.length(); cut++) {
            ScriptedServer server =
                Conversation.upTo(TALK, i).send(reply.substring(0, cut)).hangUp();
            SmtpException e = fails(server, Duration.ofSeconds(10));
            assertThat(e.id())
                .as("cut at %d", cut)
                .isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-LOST");
            server.awaitSuccess();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> aServerThatStallsEndsAtTheTimeOut() {
    return everyStage(
        i -> {
          ScriptedServer server = Conversation.upTo(TALK, i).awaitClose();
          SmtpException e = fails(server, Duration.ofMillis(300));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-TIMEOUT");
          assertThat(e.stage()).isEqualTo(TALK.get(i).stage());
          assertThat(e).hasMessageContaining("within 300 ms");
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> aServerThatDripsEndsAtTheTimeOut() {
    return everyStage(
        i -> {
          String code = TALK.get(i).reply().substring(0, 3);
          ScriptedServer server = Conversation.upTo(TALK, i);
          server.drip((code + "-drip\r\n").repeat(200), Duration.ofMillis(20));
          SmtpException e = fails(server, Duration.ofMillis(300));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-TIMEOUT");
          assertThat(e).hasMessageContaining("no end of the reply");
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> nonsenseEndsTheMailAtEveryStage() {
    return everyStage(
        i -> {
          ScriptedServer server = Conversation.upTo(TALK, i).send("OK fine\r\n").awaitClose();
          SmtpException e = fails(server, Duration.ofSeconds(10));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-PROTOCOL");
          assertThat(e.isTransient()).isFalse();
          assertThat(e).hasMessageContaining("OK fine");
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> aLineWithoutEndEndsTheMailAtEveryStage() {
    return everyStage(
        i -> {
          String line = TALK.get(i).reply().substring(0, 3) + "-" + "x".repeat(100_000);
          ScriptedServer server = Conversation.upTo(TALK, i).send(line);
          SmtpException e = fails(server, Duration.ofSeconds(10));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-PROTOCOL");
          assertThat(e.getMessage()).hasSizeLessThan(500);
          server.close();
        });
  }

  @TestFactory
  Stream<DynamicTest> aPositiveReplyOfTheWrongKindIsNoAnswer() {
    return everyStage(
        i -> {
          String wrong = TALK.get(i).reply().startsWith("354") ? "250 ok\r\n" : "354 go\r\n";
          ScriptedServer server = Conversation.upTo(TALK, i).send(wrong);
          if (after(i)) server.awaitClose();
          else expectQuit(server);
          SmtpException e = fails(server, Duration.ofSeconds(10));
          assertThat(e.id()).isEqualTo(after(i) ? "E-SMTP-UNKNOWN" : "E-SMTP-PROTOCOL");
          server.awaitSuccess();
        });
  }

  @TestFactory
  Stream<DynamicTest> aSecondReplyToOneCommandIsNotTakenForTheNext() {
    return IntStream.range(0, 5)
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    TALK.get(i).toString(),
                    () -> {
                      String twice = TALK.get(i).reply() + "250 another\r\n";
                      ScriptedServer server = Conversation.upTo(TALK, i).send(twice);
                      server.stall();
                      SmtpException e = fails(server, Duration.ofSeconds(10));
                      assertThat(e.id()).isEqualTo("E-SMTP-PROTOCOL");
                      assertThat(e).hasMessageContaining("unasked");
                      assertThat(server.heard()).doesNotContain("Subject");
                      server.awaitSuccess();
                    }));
  }

  @Test
  void aServerThatSaysItLeavesIsBelieved() throws IOException {
    ScriptedServer server =
        Conversation.upTo(TALK, 2).send("250 ok\r\n421 4.3.2 closing\r\n").hangUp();
    SmtpException e = fails(server, Duration.ofSeconds(10));
    assertThat(e.id()).isEqualTo("E-SMTP-TEMP");
    assertThat(e.reply()).isEqualTo("421 4.3.2 closing");
    server.awaitSuccess();
  }

  @Test
  void aQuitWithoutAnswerChangesNothing() throws IOException {
    ScriptedServer server = Conversation.upTo(TALK, TALK.size() - 1).hangUp();
    try (SmtpClient client = Conversation.clearClient(server).build()) {
      assertThat(client.send(mail, "me@here", Conversation.TO).reply())
          .isEqualTo("250 2.0.0 queued as 42");
    }
    server.awaitSuccess();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Subject: s\n\nmore than there was before\n"})
  void aMessageThatChangesWhileItIsSentIsNotCompleted(String other) throws IOException {
    ScriptedServer server = Conversation.upTo(TALK, 4).send("354 go on\r\n").awaitClose();
    SmtpListener writer =
        new SmtpListener() {
          @Override
          public void stage(SmtpStage stage, Duration took, String detail) {
            if (stage == SmtpStage.RCPT) write(other);
          }
        };
    try (SmtpClient client = Conversation.clearClient(server).listener(writer).build()) {
      SmtpException e =
          catchThrowableOfType(
              SmtpException.class, () -> client.send(mail, "me@here", Conversation.TO));
      assertThat(e.id()).isEqualTo("E-SMTP-CONTENT");
      assertThat(e.stage()).isEqualTo(SmtpStage.DATA);
    }
    server.awaitSuccess();
    assertThat(server.heard()).endsWith("DATA\r\n");
  }

  private void write(String text) {
    try {
      Files.writeString(mail, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean after(int number) {
    return TALK.get(number).stage() == SmtpStage.FINAL;
  }

  private static void expectQuit(ScriptedServer server) {
    server.expectLine("QUIT").send("221 bye\r\n").awaitClose();
  }

  private SmtpException fails(ScriptedServer server, Duration timeout) throws IOException {
    try (SmtpClient client = Conversation.clearClient(server).timeout(timeout).build()) {
      SmtpException e =
          catchThrowableOfType(
              SmtpException.class, () -> client.send(mail, "me@here", Conversation.TO));
      assertThat(e).isNotNull();
      return e;
    }
  }

  private static Stream<DynamicTest> everyStage(Play play) {
    return Conversation.failing(TALK).stream()
        .map(i -> DynamicTest.dynamicTest(TALK.get(i).toString(), () -> play.at(i)));
  }

  @FunctionalInterface
  private interface Play {
    void at(int number) throws IOException;
  }
}
