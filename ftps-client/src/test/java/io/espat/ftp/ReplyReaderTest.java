package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
  private static final String TWO =
      "230-Welcome\r\n 230 not the end\r\n2300\r\n230 Done\r\n226 Größe ok\r\n";

  @Test
  void repliesReadTheSameAtEveryChunkSize() throws IOException {
    int length = TWO.getBytes(StandardCharsets.UTF_8).length;
    for (int chunk = 1; chunk <= length; chunk++) {
      ReplyReader reader = reader(TWO, chunk);

      FtpReply first = reader.read();
      FtpReply second = reader.read();

      assertThat(first.code()).isEqualTo(230);
      assertThat(first.lines())
          .containsExactly("230-Welcome", " 230 not the end", "2300", "230 Done");
      assertThat(second).isEqualTo(new FtpReply(226, java.util.List.of("226 Größe ok")));
    }
  }

  @Test
  void aReplyCutAnywhereIsNoReply() {
    String whole = "230-Welcome\r\n230 Done\r\n";
    for (int cut = 0; cut < whole.length(); cut++) {
      ReplyReader reader = reader(whole.substring(0, cut), 3);

      assertThatThrownBy(reader::read)
          .as("cut at %d", cut)
          .isInstanceOf(FTPConnectionClosedException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "22", "abc def", "+22 x", "-12 x", "2x0 x", "620 x", "020 x", "220_x", "220x", " 220 x"
      })
  void whatIsNoReplyIsRefused(String line) {
    assertThatThrownBy(() -> reader(line + "\r\n", 5).read())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("not an FTP reply");
  }

  @Test
  void aCodeAloneIsAReply() throws IOException {
    assertThat(reader("226\r\n", 2).read().words()).isEmpty();
    assertThat(reader("226-\r\nx\r\n226\r\n", 2).read().lines()).hasSize(3);
  }

  @Test
  void anEndlessLineIsRefusedInBoundedMemory() {
    assertThatThrownBy(() -> new ReplyReader(new FakeSocket(new Endless("220 ", "x")), UTF8).read())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("line of over");
  }

  @Test
  void anEndlessReplyIsRefusedInBoundedMemory() {
    assertThatThrownBy(
            () ->
                new ReplyReader(new FakeSocket(new Endless("220-\r\n", "220-x\r\n")), UTF8).read())
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("reply of over");
  }

  @Test
  void drippingLinesDoNotStretchTheTimeLimit() throws IOException {
    FakeSocket socket = new FakeSocket(new Endless("220-\r\n", "220-x\r\n"));
    socket.setSoTimeout(1);
    ReplyReader reader = new ReplyReader(socket, UTF8);
    socket.in = new Dripping();

    assertThatThrownBy(reader::read).isInstanceOf(SocketTimeoutException.class);
    assertThat(socket.getSoTimeout()).isEqualTo(1);
  }

  @Test
  void anEchoedSecretIsReplacedAndTheCodeKept() throws IOException {
    ReplyReader reader = reader("230-230\r\n my 230\r\n230 hi 230!\r\n530 230\r\n", 4);
    reader.hide("230".toCharArray());

    assertThat(reader.read().lines())
        .containsExactly("230-********", " my ********", "230 hi ********!");
    reader.hide(null);
    assertThat(reader.read().lines()).containsExactly("530 230");
  }

  private static final java.nio.charset.Charset UTF8 = StandardCharsets.UTF_8;

  private static ReplyReader reader(String text, int chunk) {
    try {
      byte[] bytes = text.getBytes(UTF8);
      return new ReplyReader(new FakeSocket(new Chunks(bytes, chunk)), UTF8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Chunks extends ByteArrayInputStream {
    private final int size;

    Chunks(byte[] bytes, int size) {
      super(bytes);
      this.size = size;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int count) {
      return super.read(into, offset, Math.min(count, size));
    }
  }

  /** Says one thing first and another for ever. */
  private static final class Endless extends InputStream {
    private byte[] now;
    private final byte[] then;
    private int at;

    Endless(String first, String forEver) {
      now = first.getBytes(UTF8);
      then = forEver.getBytes(UTF8);
    }

    @Override
    public int read() {
      if (at == now.length) {
        now = then;
        at = 0;
      }
      return now[at++];
    }
  }

  /** One byte of an endless reply for every millisecond that passes. */
  private static final class Dripping extends InputStream {
    private final Endless endless = new Endless("220-\r\n", "220-x\r\n");

    @Override
    public int read() {
      long until = System.nanoTime() + 1_000_000;
      while (System.nanoTime() < until) Thread.onSpinWait();
      return endless.read();
    }

    @Override
    public int read(byte[] into, int offset, int count) {
      into[offset] = (byte) read();
      return 1;
    }
  }

  private static final class FakeSocket extends Socket {
    InputStream in;
    private int timeout;

    FakeSocket(InputStream in) {
      this.in = in;
    }

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          return in.read();
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
          return in.read(into, offset, count);
        }
      };
    }

    @Override
    public void setSoTimeout(int milliseconds) {
      timeout = milliseconds;
    }

    @Override
    public int getSoTimeout() {
      return timeout;
    }
  }
}
