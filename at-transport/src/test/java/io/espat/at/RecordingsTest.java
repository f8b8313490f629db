package io.espat.at;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two real firmware builds printed (only the module's bytes are kept), as messages. */
class RecordingsTest {
  private static final Pattern LINE = Pattern.compile("\\s*[0-9.]+ (<<|##) (.*)");
  private static final Pattern RUN =
      Pattern.compile("<<(?:(\\d+) x (.)|cyclic alphabet (.)\\.\\.., (\\d+) bytes)>>");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|.)");

  private static byte[] wire(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean peerInfo = false;
    try (InputStream in =
        Objects.requireNonNull(RecordingsTest.class.getResourceAsStream(name + ".txt"))) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
          continue;
        }
        String text = matcher.group(2);
        if (matcher.group(1).equals("##")) {
          // with CIPDINFO=1 fetched bytes cannot be told from the address before them: see AtReader
          peerInfo = text.contains("CIPDINFO=1 passive");
        } else if (!peerInfo || !text.contains("+CIPRECVDATA:")) {
          bytes.writeBytes(unquoted(text).getBytes(ISO_8859_1));
        }
      }
    }
    return bytes.toByteArray();
  }

  private static String unquoted(String text) {
    String inner = text.substring(text.indexOf('"') + 1, text.lastIndexOf('"'));
    String plain =
        ESCAPE
            .matcher(inner)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        switch (match.group(1).charAt(0)) {
                          case 'r' -> "\r";
                          case 'n' -> "\n";
                          case 'x' ->
                              Character.toString(Integer.parseInt(match.group(1).substring(1), 16));
                          default -> match.group(1);
                        }));
    return RUN.matcher(plain).replaceAll(match -> Matcher.quoteReplacement(expanded(match)));
  }

  private static String expanded(java.util.regex.MatchResult run) {
    if (run.group(1) != null) {
      return run.group(2).repeat(Integer.parseInt(run.group(1)));
    }
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < Integer.parseInt(run.group(4)); i++) {
      letters.append((char) ('A' + (run.group(3).charAt(0) - 'A' + i) % 26));
    }
    return letters.toString();
  }

  private static List<Inbound> read(byte[] bytes, int chunk) throws IOException {
    AtReader reader = new AtReader(new ChunkedStream(bytes, chunk), Duration.ofSeconds(1));
    List<Inbound> messages = new ArrayList<>();
    for (Inbound message = reader.next(); message != null; message = reader.next()) {
      messages.add(Messages.kept(message));
    }
    return messages;
  }

  private static Map<String, Integer> count(List<Inbound> messages) {
    Map<String, Integer> counts = new TreeMap<>();
    messages.forEach(message -> counts.merge(message.getClass().getSimpleName(), 1, Integer::sum));
    return counts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"at420-passive", "at420-tcp", "at420-plus", "at210-passive", "at210-tcp"})
  void everyChunkSizeGivesTheSameMessages(String name) throws IOException {
    byte[] bytes = wire(name);
    List<Inbound> whole = read(bytes, bytes.length);
    assertThat(whole).hasSizeGreaterThan(50);
    for (int chunk = 1; chunk <= 300; chunk++) {
      assertThat(read(bytes, chunk)).as("chunks of %d", chunk).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @CsvSource({"at420-passive,68044", "at210-passive,68044"})
  void everyFetchedByteIsCounted(String name, int least) throws IOException {
    byte[] bytes = wire(name);
    int fetched = 0;
    for (Inbound message : read(bytes, 128)) {
      if (message instanceof Inbound.Fetched data) {
        fetched += data.bytes().remaining();
      }
    }
    assertThat(fetched).isGreaterThanOrEqualTo(least);
  }

  @Test
  void theVerdictsOfThePlusRecordingAreAllFound() throws IOException {
    Map<String, Integer> counts = count(read(wire("at420-plus"), 128));
    assertThat(counts).containsEntry("SendCancelled", 13);
    assertThat(counts.get("SendOk")).isGreaterThan(15);
    assertThat(counts.get("Prompt")).isEqualTo(counts.get("SendOk") + counts.get("SendCancelled"));
  }

  @Test
  void noMessageOfTheRecordingsIsTakenForPayloadOrNoise() throws IOException {
    for (String name : List.of("at420-passive", "at420-tcp", "at420-plus")) {
      for (Inbound message : read(wire(name), 128)) {
        if (message instanceof Inbound.Line line) {
          assertThat(line.text())
              .as(name)
              .matches(
                  "AT.*|\\+[A-Z0-9]+:.*|STATUS:\\d|abcAT|abc|\\+\\+\\+.*|.{1,3}|[A-Za-z0-9\\r\\n ]*");
        }
      }
    }
  }
}
