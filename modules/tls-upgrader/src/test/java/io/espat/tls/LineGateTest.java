package io.espat.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class LineGateTest {
  private static final String TEXT = "220-first\r\n220 last\r\n\n250 glued, no end";

  private static InputStream chunked(byte[] bytes, int chunk) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public int read(byte[] target, int offset, int count) {
        return super.read(target, offset, Math.min(count, chunk));
      }
    };
  }

  @Test
  void aReadNeverGoesBeyondALineEnd() throws IOException {
    byte[] bytes = TEXT.getBytes(US_ASCII);
    for (int chunk = 1; chunk <= bytes.length; chunk++) {
      for (int room = 1; room <= bytes.length; room++) {
        LineGate gate = new LineGate(chunked(bytes, chunk));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[room];
        for (int n = gate.read(buffer, 0, room); n >= 0; n = gate.read(buffer, 0, room)) {
          String piece = new String(buffer, 0, n, US_ASCII);
          int end = piece.indexOf('\n');
          assertThat(end == -1 || end == n - 1).as(piece).isTrue();
          if (end >= 0) assertThat(gate.available()).isZero();
          all.write(buffer, 0, n);
        }
        assertThat(all.toByteArray()).isEqualTo(bytes);
      }
    }
  }

  @Test
  void availableCountsTheRestOfTheLineOnly() throws IOException {
    LineGate gate = new LineGate(new ByteArrayInputStream(TEXT.getBytes(US_ASCII)));
    assertThat(gate.available()).isZero();
    gate.read(new byte[4], 0, 4);
    assertThat(gate.available()).isEqualTo("first\r\n".length());
    gate.read(new byte[100], 0, 100);
    assertThat(gate.available()).isZero();
    assertThat(gate.held()).isEqualTo(TEXT.length() - "220-first\r\n".length());
  }

  @Test
  void aLineFeedIsNotLeftBehindByAReaderThatEndsLinesAtTheCarriageReturn() throws IOException {
    byte[] bytes = "220 hello\r\n220 go ahead\r\n".getBytes(US_ASCII);
    for (int chunk = 1; chunk <= bytes.length; chunk++) {
      LineGate gate = new LineGate(chunked(bytes, chunk));
      BufferedReader reader = new BufferedReader(new InputStreamReader(stream(gate), US_ASCII));
      assertThat(reader.readLine()).isEqualTo("220 hello");
      assertThat(reader.readLine()).isEqualTo("220 go ahead");
      byte[] one = new byte[1];
      assertThat(gate.read(one, 0, 1)).as("after chunks of %d", chunk).isEqualTo(-1);
    }
  }

  @Test
  void whatStandsBehindALoneCarriageReturnCountsAsHeld() throws IOException {
    byte[] sound = "250 a\rb\r\n220 go\r\r\n".getBytes(US_ASCII);
    byte[] glued = "220 go\r250 AUTH\r\n".getBytes(US_ASCII);
    for (int chunk = 1; chunk <= sound.length; chunk++) {
      LineGate gate = new LineGate(chunked(sound, chunk));
      assertThat(line(gate)).isEqualTo("250 a\rb\r\n");
      assertThat(line(gate)).isEqualTo("220 go\r\r\n");
      assertThat(gate.held()).as("chunks of %d", chunk).isZero();

      gate = new LineGate(chunked(glued, chunk));
      assertThat(line(gate)).isEqualTo("220 go\r250 AUTH\r\n");
      assertThat(gate.held()).as("chunks of %d", chunk).isEqualTo("250 AUTH\r\n".length());
    }
  }

  @Test
  void aTimeOutBehindACarriageReturnLosesNothing() throws IOException {
    byte[] bytes = "220 go\r\n".getBytes(US_ASCII);
    InputStream late =
        new ByteArrayInputStream(bytes) {
          private boolean told;

          @Override
          public int read(byte[] target, int offset, int count) {
            if (pos == bytes.length - 1 && !told) {
              told = true;
              throw new UncheckedIOException(new SocketTimeoutException("Read timed out"));
            }
            return super.read(target, offset, Math.min(count, bytes.length - 1));
          }
        };
    LineGate gate = new LineGate(late);
    byte[] buffer = new byte[20];
    assertThat(gate.read(buffer, 0, 20)).isEqualTo("220 go".length());
    assertThat(gate.available()).isZero();
    assertThatThrownBy(() -> gate.read(buffer, 0, 20)).isInstanceOf(UncheckedIOException.class);
    assertThat(line(gate)).isEqualTo("\r\n");
  }

  @Test
  void aCarriageReturnMayBeTheLastByteOfAll() throws IOException {
    LineGate gate = new LineGate(new ByteArrayInputStream("220\r".getBytes(US_ASCII)));
    assertThat(line(gate)).isEqualTo("220\r");
  }

  @Test
  void aLineLongerThanTheBufferComesInPieces() throws IOException {
    String line = "x".repeat(4095) + "\r\n" + "y".repeat(4096) + "\r\n";
    LineGate gate = new LineGate(new ByteArrayInputStream(line.getBytes(US_ASCII)));
    assertThat(line(gate) + line(gate)).isEqualTo(line);
    assertThat(gate.held()).isZero();
  }

  @Test
  void nothingIsReadOnceTheClearPhaseHasEnded() throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(TEXT.getBytes(US_ASCII));
    LineGate gate = new LineGate(in);
    gate.end();
    assertThatThrownBy(() -> line(gate)).isInstanceOf(SocketException.class);
    assertThat(in.available()).isEqualTo(TEXT.length());
  }

  private static String line(LineGate gate) throws IOException {
    StringBuilder line = new StringBuilder();
    byte[] buffer = new byte[5000];
    for (int n = gate.read(buffer, 0, 5000); n >= 0; n = gate.read(buffer, 0, 5000)) {
      line.append(new String(buffer, 0, n, US_ASCII));
      if (buffer[n - 1] == '\n') break;
    }
    return line.toString();
  }

  private static InputStream stream(LineGate gate) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return gate.read(one, 0, 1) < 0 ? -1 : one[0];
      }

      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        return gate.read(bytes, offset, count);
      }

      @Override
      public int available() {
        return gate.available();
      }
    };
  }
}
