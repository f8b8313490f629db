package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CommandTableTest {
  private static final Pattern LINE =
      Pattern.compile("\\+CMD:(\\d+),\"([A-Z0-9+_]+)\",0,([01]),([01]),([01])");

  @Test
  void theListSaysExactlyWhichFormsAreAnswered() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+SYSLOG=1", "\r\nOK\r\n");
      for (Matcher line : listed(host)) {
        String name = line.group(2);
        if (line.group(3).equals("0")) {
          host.ask(name + "?", "\r\nERROR\r\n");
        } else {
          host.send(name + "?\r\n");
          assertThat(host.until("\r\nOK\r\n")).as(name).doesNotContain("ERROR");
        }
        if (line.group(4).equals("0")) {
          host.ask(name + "=1", "\r\nERROR\r\n");
        }
        if (line.group(5).equals("0")) {
          host.ask(name, "\r\nERROR\r\n");
        }
      }
    }
  }

  /** The recorded build has more commands; those that are here have its order and its forms. */
  @Test
  void theListIsPartOfTheRecordedOne() throws Exception {
    List<String> recorded = new ArrayList<>();
    for (Recording.Step step : Recording.read("at420-basic.txt").steps()) {
      LINE.matcher(step.text()).results().forEach(line -> recorded.add(withoutIndex(line)));
    }
    assertThat(recorded).hasSize(162);
    List<String> here = new ArrayList<>();
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      listed(host).forEach(line -> here.add(withoutIndex(line)));
    }
    assertThat(recorded).containsSubsequence(here);
  }

  private static String withoutIndex(MatchResult line) {
    return line.group().substring(line.end(1) - line.start());
  }

  private static List<Matcher> listed(HostSide host) throws Exception {
    host.send("AT+CMD?\r\n");
    List<Matcher> lines = new ArrayList<>();
    for (String text : host.until("\r\n\r\nOK\r\n").strip().split("\r\n")) {
      Matcher line = LINE.matcher(text);
      if (line.matches()) {
        assertThat(line.group(1)).isEqualTo(Integer.toString(lines.size()));
        lines.add(line);
      }
    }
    assertThat(lines).hasSizeGreaterThan(40);
    return lines;
  }
}
