package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Amounts, progress, colours, JSON: what is seen of a run. */
class OutputFormsTest {
  private final AtomicLong now = new AtomicLong();
  private final List<String> shown = new ArrayList<>();
  private final Progress.Sink sink =
      new Progress.Sink() {
        @Override
        public void bar(String line) {
          shown.add("bar " + line);
        }

        @Override
        public void line(String line) {
          shown.add(line);
        }
      };

  @Test
  void amountsAreWrittenAsPeopleReadThem() {
    assertThat(Amount.bytes(0)).isEqualTo("0 B");
    assertThat(Amount.bytes(999)).isEqualTo("999 B");
    assertThat(Amount.bytes(71_400)).isEqualTo("71 kB");
    assertThat(Amount.bytes(3_000_000)).isEqualTo("3.0 MB");
    assertThat(Amount.bytesOf(1_230_000, 3_000_000)).isEqualTo("1.2/3.0 MB");
    assertThat(Amount.time(Duration.ofMillis(12))).isEqualTo("12 ms");
    assertThat(Amount.time(Duration.ofMillis(2950))).isEqualTo("3.0 s");
    assertThat(Amount.time(Duration.ofSeconds(125))).isEqualTo("2:05 min");
  }

  @Test
  void theBarShowsShareOfTheLineAndTimeLeft() {
    Progress progress = new Progress("log-0412.bin", 921_600, true, now::get, sink);
    now.set(Duration.ofSeconds(17).toNanos());
    progress.update(1_207_000, 3_000_000);
    assertThat(shown)
        .containsExactly(
            "bar log-0412.bin   40 %  ######........... 1.2/3.0 MB  71 kB/s"
                + "  77 % of 921600 Bd  0:25 left");
  }

  @Test
  void aLineWithoutARateOfItsOwnIsNotComparedWithOne() {
    Progress progress = new Progress("f", 115_200, true, now::get, sink);
    now.set(Duration.ofSeconds(1).toNanos());
    progress.update(1_000_000, 2_000_000);
    assertThat(shown).first().asString().contains("1.0 MB/s  0:01 left").doesNotContain("Bd");
  }

  @Test
  void plainLinesComeEachTenthOrEachTenSecondsAndNotTooOften() {
    Progress progress = new Progress("f", 0, false, now::get, sink);
    for (int percent = 1; percent <= 100; percent++) {
      now.addAndGet(Duration.ofMillis(200).toNanos());
      progress.update(percent, 100);
    }
    assertThat(shown).hasSize(10).first().asString().startsWith("f   10 %  10/100 B");
    shown.clear();
    Progress slow = new Progress("f", 0, false, now::get, sink);
    now.addAndGet(Duration.ofSeconds(10).toNanos());
    slow.update(1, 100);
    assertThat(shown).hasSize(1);
    shown.clear();
    Progress fast = new Progress("f", 0, false, now::get, sink);
    for (int percent = 1; percent <= 100; percent++) fast.update(percent, 100);
    assertThat(shown).isEmpty();
  }

  @Test
  void anEstimateIsGivenBeforehandWhereTheLineIsSlow() {
    new Progress("f", 115_200, true, now::get, sink).estimate(3_000_000);
    assertThat(shown).containsExactly("f: 3.0 MB, at least 4:20 at 115200 Bd");
    new Progress("f", 115_200, true, now::get, sink).estimate(1000);
    new Progress("f", 0, true, now::get, sink).estimate(3_000_000);
    assertThat(shown).hasSize(1);
  }

  @Test
  void aNameCannotWriteToTheTerminal() {
    Progress progress = new Progress("a\u001b[2J", 0, true, now::get, sink);
    progress.update(100, 100);
    assertThat(shown).first().asString().contains("a\\x1b[2J");
  }

  @Test
  void coloursFollowTerminalOptionAndEnvironment() {
    assertThat(good(OutputOptions.When.AUTO, true, Map.of())).isTrue();
    assertThat(good(OutputOptions.When.AUTO, false, Map.of())).isFalse();
    assertThat(good(OutputOptions.When.AUTO, true, Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(good(OutputOptions.When.AUTO, true, Map.of("CLICOLOR", "0"))).isFalse();
    assertThat(good(OutputOptions.When.AUTO, true, Map.of("TERM", "dumb"))).isFalse();
    assertThat(good(OutputOptions.When.AUTO, false, Map.of("CLICOLOR_FORCE", "1"))).isTrue();
    assertThat(good(OutputOptions.When.NEVER, true, Map.of())).isFalse();
    assertThat(good(OutputOptions.When.ALWAYS, false, Map.of("NO_COLOR", "1"))).isTrue();
  }

  private static boolean good(
      OutputOptions.When when, boolean terminal, Map<String, String> environment) {
    return Style.of(when, terminal, environment).good("x").equals("\u001b[32mx\u001b[0m");
  }

  @Test
  void jsonIsSafeInEverySink() {
    Json json =
        new Json()
            .put("text", "a\"b\\c\n\u001bé\u2028")
            .put("number", 1.5)
            .put("none", null)
            .put("nan", Double.NaN)
            .put("yes", true)
            .put("list", Arrays.asList("x", 2, null, new Json().put("in", 1)))
            .put("empty", new Json());
    assertThat(json)
        .hasToString(
            "{\"text\":\"a\\\"b\\\\c\\u000a\\u001b\\u00e9\\u2028\",\"number\":1.5,\"none\":null,"
                + "\"nan\":\"NaN\",\"yes\":true,\"list\":[\"x\",2,null,{\"in\":1}],\"empty\":{}}");
  }
}
