package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whatever bytes a host writes, the command parser answers with a line or a refusal, and cutting
 * them into other chunks changes nothing.
 *
 * <p>The profile {@code fuzz} looks for inputs that break this; {@link CorpusTest} replays those
 * that were kept.
 */
final class CommandLineFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void everyLineIsParsedOrRefused(byte[] bytes) {
    List<String> whole = parse(bytes, bytes.length);
    for (int size : new int[] {1, 2, 3, 7, Firmware.FIFO}) {
      assertThat(parse(bytes, size)).isEqualTo(whole);
    }
  }

  /** Feeds the bytes in chunks and returns what each complete line meant. */
  private static List<String> parse(byte[] bytes, int size) {
    List<String> meanings = new ArrayList<>();
    LineBuffer line = new LineBuffer();
    for (int at = 0; at < bytes.length; at += size) {
      byte[] chunk = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
      int offset = 0;
      while (offset >= 0 && offset < chunk.length) {
        offset = line.take(chunk, offset);
        if (offset >= 0) {
          meanings.add(line.overlong() ? "too long" : meaning(line.line()));
          line.clear();
        }
      }
    }
    return meanings;
  }

  private static String meaning(String line) {
    try {
      CommandLine parsed = CommandLine.parse(line);
      assertThat(parsed.name()).startsWith("AT");
      assertThat(line).startsWithIgnoringCase(parsed.name());
      StringBuilder meaning = new StringBuilder(parsed.name() + " " + parsed.form());
      for (int i = 0; i <= parsed.arguments().count(); i++) {
        meaning.append('|').append(text(parsed.arguments(), i));
        meaning.append('|').append(number(parsed.arguments(), i));
      }
      return meaning.toString();
    } catch (Refusal refusal) {
      return refusal.explanation(Firmware.ESP32_AT_4, true);
    }
  }

  /** What a parameter says as a string survives being quoted again. */
  private static String text(Arguments arguments, int index) throws Refusal {
    String text = orRefusal(() -> arguments.text(index));
    if (text == null) {
      return "-";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      quoted.append(c == ',' || c == '"' || c == '\\' ? "\\" : "").append(c);
    }
    assertThat(Arguments.split(quoted.append('"').toString()).text(0)).isEqualTo(text);
    assertThat(text.getBytes(ISO_8859_1)).hasSameSizeAs(text.toCharArray());
    return text;
  }

  private static String number(Arguments arguments, int index) {
    String number = orRefusal(() -> Long.toString(arguments.number(index)));
    return number == null ? "-" : number;
  }

  private interface Reading {
    String read() throws Refusal;
  }

  private static @Nullable String orRefusal(Reading reading) {
    try {
      return reading.read();
    } catch (Refusal refusal) {
      return null;
    }
  }
}
