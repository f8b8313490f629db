package io.espat.at;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The module's answer to a command that ended in OK.
 *
 * @param lines information lines, without line ends and result
 * @param took from the first byte written to the result
 */
public record AtReply(List<String> lines, Duration took) {

  /** Copies the lines. */
  public AtReply {
    lines = List.copyOf(lines);
  }

  /** Returns what follows {@code prefix} on the first line that begins with it. */
  public Optional<String> value(String prefix) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .findFirst();
  }
}
