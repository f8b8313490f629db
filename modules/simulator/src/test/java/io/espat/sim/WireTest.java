package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static Wire wire(long seed, String... rules) {
    FaultPlan.Builder plan = FaultPlan.builder().seed(seed);
    for (String rule : rules) {
      plan.rule(rule);
    }
    Faults faults = new Faults(plan.build(), new Transcript(null, false));
    return new Wire(FaultRule.Direction.TO_HOST, faults, strike -> {});
  }

  private static byte[] through(Wire wire, byte[] bytes, int chunk) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i += chunk) {
      int count = Math.min(chunk, bytes.length - i);
      if (wire.clear(count) == count) {
        wire.passed(count);
        out.write(bytes, i, count);
      } else {
        out.writeBytes(wire.pass(bytes, i, count));
      }
    }
    return out.toByteArray();
  }

  private static String through(Wire wire, String text, int chunk) {
    return new String(through(wire, text.getBytes(ISO_8859_1), chunk), ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theByteThatIsNamedIsTheOneInEveryChunkSize(int chunk) {
    assertThat(through(wire(1, "at byte 4 to host: LOST_BYTE"), "abcdefgh", chunk))
        .isEqualTo("abcefgh");
    assertThat(through(wire(1, "every byte 3 to host: DOUBLED_BYTE"), "abcdefgh", chunk))
        .isEqualTo("abccdeffgh");
    assertThat(through(wire(1, "every byte 3 to host: DOUBLED_BYTE x1"), "abcdefgh", chunk))
        .isEqualTo("abccdefgh");
    assertThat(through(wire(1, "once: LOST_BYTE"), "abcdefgh", chunk)).isEqualTo("bcdefgh");
    assertThat(through(wire(1, "once: LOST_BYTE to module"), "abcdefgh", chunk))
        .isEqualTo("abcdefgh");
    String flipped = through(wire(1, "at byte 8 to host: FLIPPED_BIT"), "abcdefgh", chunk);
    assertThat(flipped).hasSize(8).startsWith("abcdefg");
    assertThat(BitSet.valueOf(new long[] {flipped.charAt(7) ^ 'h'}).cardinality()).isEqualTo(1);
    String noisy = through(wire(1, "at byte 5 to host: GARBAGE"), "abcdefgh", chunk);
    assertThat(noisy).startsWith("abcd").endsWith("efgh").hasSizeBetween(9, 72);
  }

  @Test
  void twoRulesMayMeetOnOneByte() {
    String[] rules = {"at byte 2 to host: DOUBLED_BYTE", "every byte 2 to host: LOST_BYTE x1"};
    assertThat(through(wire(1, rules), "abcd", 4)).isEqualTo("acd");
  }

  @Test
  void theSameSeedMakesTheSameBytesInEveryChunkSize() {
    byte[] bytes = new byte[20_000];
    new Random(3).nextBytes(bytes);
    String[] rules = {
      "chance 0.003: LOST_BYTE",
      "chance 0.003: FLIPPED_BIT",
      "chance 0.002: DOUBLED_BYTE x4",
      "chance 0.001: GARBAGE"
    };
    byte[] once = through(wire(99, rules), bytes, 128);
    for (int chunk : new int[] {1, 7, 64, 1000, 20_000}) {
      assertThat(through(wire(99, rules), bytes, chunk)).isEqualTo(once);
    }
    assertThat(through(wire(100, rules), bytes, 128)).isNotEqualTo(once);
  }

  @Test
  void aChanceIsTheShareOfTheBytes() {
    byte[] bytes = new byte[100_000];
    int arrived = through(wire(5, "chance 0.01: LOST_BYTE"), bytes, 512).length;
    assertThat(bytes.length - arrived).isBetween(850, 1150); // mean 1000, deviation 31
    assertThat(through(wire(5, "chance 1: LOST_BYTE"), bytes, 512)).isEmpty();
    assertThat(through(wire(5, "chance 0: LOST_BYTE"), bytes, 512)).hasSize(bytes.length);
  }

  @Test
  void theNoiseOfABootIsNoText() {
    byte[] noise = BootNoise.heardAt(115_200);
    assertThat(noise).hasSizeBetween(100, 400).contains((byte) 0, (byte) 0xFF);
    String right = new String(BootNoise.heardAt(74_880), ISO_8859_1);
    assertThat(right).contains("rst cause:2, boot mode:(3,6)\r\n");
    assertThat(Arrays.equals(noise, BootNoise.heardAt(115_200))).isTrue();
  }
}
