package io.espat.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lays a {@link Failure} out as the message of conventions section 6. */
final class FailureText {
  private static final int ID_COLUMN = 72;
  private static final int WIDTH = 96;
  private static final String INDENT = "          ";

  private FailureText() {}

  static String of(Failure failure) {
    StringBuilder text = new StringBuilder(headline(failure));
    line(text, "stage", failure.stage());
    line(text, "server", failure.server());
    line(text, "why", failure.why());
    line(text, "do", failure.remedy());
    return text.toString();
  }

  private static String headline(Failure failure) {
    String start = "espat: " + Escape.line(failure.what());
    String gap = " ".repeat(Math.max(3, ID_COLUMN - start.length()));
    return start + gap + "[" + failure.id().text() + "]\n";
  }

  private static void line(StringBuilder text, String label, @Nullable String content) {
    if (content == null || content.isBlank()) return;
    String start = String.format("  %-8s", label);
    for (String each : content.strip().split("\r\n|\r|\n", -1)) {
      for (String part : wrap(Escape.line(each))) {
        text.append(start).append(part).append('\n');
        start = INDENT;
      }
    }
  }

  /** Breaks at spaces; a word longer than a line, such as a path, stays whole. */
  private static List<String> wrap(String line) {
    List<String> parts = new ArrayList<>();
    String rest = line;
    while (rest.length() > WIDTH - INDENT.length()) {
      int at = rest.lastIndexOf(' ', WIDTH - INDENT.length());
      if (at <= 0) at = rest.indexOf(' ');
      if (at <= 0) break;
      parts.add(rest.substring(0, at));
      rest = rest.substring(at + 1);
    }
    parts.add(rest);
    return parts;
  }
}
