package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireSearchTest {
  private static final String SECRET = "PASS-0a1b2c3d";

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 17})
  void findsBase64AtEveryOffset(int before) {
    byte[] text = ("x".repeat(before) + SECRET + "yyyy").getBytes(StandardCharsets.US_ASCII);
    assertThat(found(Base64.getEncoder().encode(text), 1)).isEqualTo(1);
    byte[] atTheEnd = ("x".repeat(before) + SECRET).getBytes(StandardCharsets.US_ASCII);
    assertThat(found(Base64.getEncoder().encode(atTheEnd), 1)).isEqualTo(1);
  }

  @Test
  void findsThePasswordInAuthPlain() {
    byte[] plain = ("\0pump7\0" + SECRET).getBytes(StandardCharsets.US_ASCII);
    String line = "AUTH PLAIN " + Base64.getEncoder().encodeToString(plain) + "\r\n";
    assertThat(found(line.getBytes(StandardCharsets.US_ASCII), 7)).isEqualTo(1);
  }

  @Test
  void findsClearAndHexAtEveryChunkSize() {
    String hex = HexFormat.of().formatHex(SECRET.getBytes(StandardCharsets.US_ASCII));
    byte[] wire =
        ("PPASS-0a1b" + SECRET + "|" + hex + "|" + hex.toUpperCase(Locale.ROOT) + SECRET)
            .getBytes(StandardCharsets.US_ASCII);
    for (int chunk = 1; chunk <= wire.length; chunk++) {
      assertThat(found(wire, chunk)).as("chunks of %d", chunk).isEqualTo(4);
    }
  }

  @Test
  void countsWhatOverlaps() {
    WireSearch search = new WireSearch("abab");
    search.pass("ababab".getBytes(StandardCharsets.US_ASCII), 0, 6);
    assertThat(search.found()).isEqualTo(2);
  }

  @Test
  void findsNothingInNoise() {
    byte[] noise = new byte[1 << 20];
    new Random(20261121).nextBytes(noise);
    assertThat(found(noise, 8192)).isZero();
  }

  private static long found(byte[] wire, int chunk) {
    WireSearch search = new WireSearch(SECRET);
    for (int at = 0; at < wire.length; at += chunk) {
      search.pass(wire, at, Math.min(chunk, wire.length - at));
    }
    return search.found();
  }
}
