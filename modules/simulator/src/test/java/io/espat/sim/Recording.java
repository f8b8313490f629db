package io.espat.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recorded conversation, read back: what the host wrote, what the module said, what peers did.
 */
record Recording(List<Step> steps) {
  enum Kind {
    HOST,
    MODULE,
    PEER,
    NOTE
  }

  /** One line of a recording; the text of HOST and MODULE lines is unquoted, one char a byte. */
  record Step(Kind kind, String text) {}

  private static final Pattern LINE = Pattern.compile("\\s*[0-9.]+ (>>|<<|@@|##) (.*)");
  private static final Pattern RUN =
      Pattern.compile("<<(?:(\\d+) x (.)|cyclic alphabet (.)\\.\\.., (\\d+) bytes)>>");

  static Recording read(String name) throws IOException {
    List<Step> steps = new ArrayList<>();
    try (InputStream in = Objects.requireNonNull(Recording.class.getResourceAsStream(name), name)) {
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          steps.add(step(matcher.group(1), matcher.group(2)));
        }
      }
    }
    return new Recording(steps);
  }

  private static Step step(String mark, String text) {
    return switch (mark) {
      case ">>" -> new Step(Kind.HOST, quoted(text));
      case "<<" -> new Step(Kind.MODULE, quoted(text));
      case "@@" -> new Step(Kind.PEER, text);
      default -> new Step(Kind.NOTE, text);
    };
  }

  /** The bytes between the first and the last quotation mark. */
  static String quoted(String text) {
    String inner = text.substring(text.indexOf('"') + 1, text.lastIndexOf('"'));
    StringBuilder out = new StringBuilder();
    Matcher run = RUN.matcher(inner);
    for (int i = 0; i < inner.length(); ) {
      if (run.region(i, inner.length()).lookingAt()) {
        out.append(expanded(run));
        i = run.end();
      } else if (inner.charAt(i) == '\\') {
        i = escaped(inner, i + 1, out);
      } else {
        out.append(inner.charAt(i++));
      }
    }
    return out.toString();
  }

  private static String expanded(Matcher run) {
    if (run.group(1) != null) {
      return run.group(2).repeat(Integer.parseInt(run.group(1)));
    }
    StringBuilder letters = new StringBuilder();
    int count = Integer.parseInt(run.group(4));
    int first = run.group(3).charAt(0) - 'A';
    for (int i = 0; i < count; i++) {
      letters.append((char) ('A' + (first + i) % 26));
    }
    return letters.toString();
  }

  private static int escaped(String inner, int at, StringBuilder out) {
    switch (inner.charAt(at)) {
      case 'r' -> out.append('\r');
      case 'n' -> out.append('\n');
      case 'x' -> {
        out.append((char) Integer.parseInt(inner.substring(at + 1, at + 3), 16));
        return at + 3;
      }
      default -> out.append(inner.charAt(at));
    }
    return at + 1;
  }
}
