package io.espat.cli;

/** Makes foreign text safe for a terminal: no byte of a server may move the cursor. */
final class Escape {
  private Escape() {}

  /** Shows control characters, and those that turn the writing direction, as {@code \xNN}. */
  static String line(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(point -> append(safe, point));
    return safe.toString();
  }

  private static void append(StringBuilder safe, int point) {
    if (isHarmless(point)) {
      safe.appendCodePoint(point);
    } else if (point < 0x100) {
      safe.append(String.format("\\x%02x", point));
    } else {
      safe.append(String.format("\\u%04x", point));
    }
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
