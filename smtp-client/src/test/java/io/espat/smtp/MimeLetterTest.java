package io.espat.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MimeLetterTest {
  private final Session session = Session.getInstance(new Properties());

  @Test
  void theEnvelopeIsToldByTheHeader() throws Exception {
    MimeMessage message = composed();
    message.setHeader("To", "A <a@x>, friends: b@x, \"C, D\" <c@x>;");
    message.setRecipients(Message.RecipientType.CC, "d@x, a@x");
    message.setRecipients(Message.RecipientType.BCC, "e@x");
    Envelope envelope = MimeLetter.envelope(message);
    assertThat(envelope.from()).isEqualTo("me@here");
    assertThat(envelope.to()).containsExactly("a@x", "b@x", "c@x", "d@x", "e@x");
  }

  @Test
  void anSmtpMessageNamesItsOwnSender() throws Exception {
    SMTPMessage message = new SMTPMessage(session);
    message.setFrom("me@here");
    message.setEnvelopeFrom("bounces@here");
    assertThat(MimeLetter.envelope(message).from()).isEqualTo("bounces@here");
    message.setEnvelopeFrom("<>");
    assertThat(MimeLetter.envelope(message).from()).isEmpty();
  }

  @Test
  void aMessageWithoutSenderIsRefused() {
    assertThatThrownBy(() -> MimeLetter.envelope(new MimeMessage(session)))
        .isInstanceOfSatisfying(
            SmtpException.class, e -> assertThat(e.id()).isEqualTo("E-SMTP-CONTENT"));
  }

  @Test
  void aComposedMessageIsCompletedWithoutTheNameOfTheHost() throws Exception {
    String text = written(composed());
    assertThat(text)
        .containsPattern("\r\nMessage-ID: <[0-9a-f-]{36}@here>\r\n")
        .contains("MIME-Version: 1.0\r\n", "Content-Type: text/plain", "\r\n\r\nbody\r\n")
        .doesNotContain("hidden", "Bcc");
  }

  @Test
  void aMessageIdOfTheCallersStays() throws Exception {
    MimeMessage message = composed();
    message.setHeader("Message-ID", "<mine@here>");
    assertThat(written(message)).containsIgnoringCase("Message-ID: <mine@here>\r\n");
    message.saveChanges();
    message.setHeader("Message-ID", "<saved@here>");
    assertThat(written(message)).containsIgnoringCase("Message-ID: <saved@here>\r\n");
  }

  @Test
  void twoWritingsAreTheSame() throws Exception {
    MimeMessage message = composed();
    MimeLetter letter = new MimeLetter(message);
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    letter.sendTo(first);
    letter.sendTo(second);
    assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
  }

  @Test
  void aMessageThatCompletesItselfIsLetDoSo() throws Exception {
    MimeMessage message =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<own way>");
          }
        };
    message.setFrom("me@here");
    message.setText("body");
    assertThat(written(message)).contains("Message-ID: <own way>\r\n");
  }

  @Test
  void aParsedMessageIsNotTouched() throws Exception {
    String text = "from:  me@here\r\nX: 1\r\n\r\n\u00e4 \r\n.\r\n";
    MimeMessage parsed =
        new MimeMessage(session, new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
    assertThat(written(parsed)).isEqualTo(text);
  }

  @Test
  void encodingsThatTheCallerChoseStay() throws Exception {
    MimeMessage message = composed();
    message.setText("\u00e4", "utf-8");
    message.setHeader("Content-Transfer-Encoding", "8bit");
    assertThat(written(message)).contains("Content-Transfer-Encoding: 8bit", "\u00c3\u00a4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nBcc: x@y", "a\nX: 1", "a\rX: 1", "a\0b", "a\r\n\r\nbody", "a\r\n"})
  void aHeaderThatBreaksOutIsRefused(String value) throws Exception {
    MimeMessage message = composed();
    message.setHeader("X-Device", value);
    assertThatThrownBy(() -> new MimeLetter(message))
        .isInstanceOf(SmtpException.class)
        .hasMessageContaining("X-Device")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\n b", "a\r\n\tb", "a\n b", "plain"})
  void foldedHeadersPass(String value) throws Exception {
    MimeMessage message = composed();
    message.setHeader("X-Device", value);
    assertThat(written(message))
        .contains("X-Device: " + value.replaceAll("\r?\n", "\r\n") + "\r\n");
  }

  private MimeMessage composed() throws MessagingException {
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress("me@here"));
    message.setRecipients(Message.RecipientType.BCC, "hidden@x");
    message.setText("body");
    return message;
  }

  private static String written(MimeMessage message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new MimeLetter(message).sendTo(out);
    return out.toString(ISO_8859_1);
  }
}
