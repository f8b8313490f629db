package io.espat.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
  private static final String EHLO =
      "250-mail.test\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE\r\n250 HELP\r\n";

  @Test
  void aReplyIsTheSameAtEveryChunkSize() throws IOException {
    for (int chunk = 1; chunk <= EHLO.length() + 1; chunk++) {
      ReplyReader reader = reader(EHLO + "221 bye\r\n", chunk);
      Reply reply = reader.next(Redaction.NONE);
      assertThat(reply.code()).isEqualTo(250);
      assertThat(reply.text()).isEqualTo("250-mail.test\n250-AUTH PLAIN LOGIN\n250-SIZE\n250 HELP");
      assertThat(reader.next(Redaction.NONE))
          .isEqualTo(new Reply(221, java.util.List.of("221 bye")));
    }
  }

  @Test
  void aReplyCutAnywhereIsNoReply() {
    for (int cut = 0; cut < EHLO.length(); cut++) {
      ReplyReader reader = reader(EHLO.substring(0, cut), 7);
      assertThatThrownBy(() -> reader.next(Redaction.NONE))
          .as("cut at %d", cut)
          .isInstanceOf(EOFException.class)
          .hasMessageContaining("ended the connection");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "25\r\n",
        "2x0 ok\r\n",
        "150 wait\r\n",
        "650 ok\r\n",
        "250ok\r\n",
        "250\tok\r\n",
        "250_ok\r\n",
        " 250 ok\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
        "SSH-2.0-OpenSSH\r\n",
        "250-a\r\n251 b\r\n",
        "250-a\r\n\r\n",
        "250-a\r\nb\r\n",
        "250 a\rb\r\n",
        "250 a\0b\r\n",
        "250 ok\r\r\n",
        "\u0015\u0003\u0001\u0000\u0002\u0002\n"
      })
  void whatIsNoReplyIsRefused(String lines) {
    assertThatThrownBy(() -> reader(lines, 5).next(Redaction.NONE))
        .isInstanceOf(MalformedReplyException.class)
        .hasMessageContaining("no SMTP reply");
  }

  @ParameterizedTest
  @ValueSource(strings = {"250\r\n", "250 \r\n", "250 ok\n", "599 \u00e9\r\n", "200 x\r\n"})
  void oddButReadableRepliesPass(String line) throws IOException {
    assertThat(reader(line, 3).next(Redaction.NONE).lines()).hasSize(1);
  }

  @Test
  void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() {
    assertThatThrownBy(() -> reader("250 " + "x".repeat(5000), 999).next(Redaction.NONE))
        .isInstanceOf(MalformedReplyException.class)
        .hasMessageContaining("4096");
    assertThatThrownBy(() -> reader("250-x\r\n".repeat(300), 999).next(Redaction.NONE))
        .isInstanceOf(MalformedReplyException.class)
        .hasMessageContaining("256");
  }

  @Test
  void controlCharactersAreShownEscaped() throws IOException {
    Reply reply = reader("550 \u001b[31mred\u0007\r\n", 4).next(Redaction.NONE);
    assertThat(reply.text()).isEqualTo("550 \\u001b[31mred\\u0007");
  }

  @Test
  void whatWaitsUnaskedIsSeen() throws IOException {
    ReplyReader reader = reader("250 ok\r\n250 more\r\n", 100);
    reader.next(Redaction.NONE);
    assertThat(reader.pending()).isTrue();
    reader.next(Redaction.NONE);
    assertThat(reader.pending()).isFalse();
  }

  @Test
  void aReplyThatDripsEndsAtTheTimeOut() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return '2';
          }

          @Override
          public int read(byte[] bytes, int offset, int count) {
            Thread.onSpinWait();
            bytes[offset] = '2';
            return 1;
          }
        };
    // each octet is there at once; only the clock can end this before the line is too long
    ReplyReader reader = reader(endless, Duration.ofNanos(1));
    assertThatThrownBy(() -> reader.next(Redaction.NONE))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("no end of the reply");
  }

  @Test
  void secretsQuotedByTheServerAreTakenOut() throws IOException {
    Redaction secrets =
        Redaction.of("hunter2".getBytes(ISO_8859_1), "aHVudGVyMg==".getBytes(ISO_8859_1));
    Reply reply = reader("535-hunter2 bad\r\n535 aHVudGVyMg== bad, hunter\r\n", 6).next(secrets);
    assertThat(reply.text()).isEqualTo("535-******** bad\n535 ******** bad, hunter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2\r\n",
        "535-hunter2\r\nhunter2\r\n",
        "535 hunter2\0\r\n",
        "535 hunter2\rx\r\n",
        "535 hunter2",
        "535 hunter",
        "535-hunter2\r\n536 hunter2\r\n"
      })
  void secretsInWhatIsNoReplyAreNotQuoted(String lines) {
    Redaction secrets = Redaction.of("hunter2".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> reader(lines, 5).next(secrets))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("hunter");
    String long_ = "535 " + "x".repeat(4000) + "hunter2".repeat(20);
    assertThatThrownBy(() -> reader(long_, 999).next(secrets)).hasMessageNotContaining("hunter");
  }

  @Test
  void aSecretThatBeginsAnotherDoesNotLeaveItsRest() throws IOException {
    Redaction secrets = Redaction.of("aH".getBytes(ISO_8859_1), "aHVudGVy".getBytes(ISO_8859_1));
    assertThat(reader("535 aHVudGVy\r\n", 9).next(secrets).text()).isEqualTo("535 ********");
  }

  private static ReplyReader reader(String text, int chunk) {
    return reader(
        new ByteArrayInputStream(text.getBytes(ISO_8859_1)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int count) {
            return super.read(bytes, offset, Math.min(count, chunk));
          }
        },
        Duration.ofSeconds(5));
  }

  private static ReplyReader reader(InputStream in, Duration timeout) {
    Socket socket =
        new Socket() {
          @Override
          public InputStream getInputStream() {
            return in;
          }

          @Override
          public void setSoTimeout(int milliseconds) {
            assertThat(milliseconds).isPositive();
          }
        };
    try {
      return new ReplyReader(socket, timeout);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
