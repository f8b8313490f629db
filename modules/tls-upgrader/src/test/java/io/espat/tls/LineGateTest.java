package io.espat.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
}
