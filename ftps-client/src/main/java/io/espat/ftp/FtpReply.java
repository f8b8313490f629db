package io.espat.ftp;

import java.util.List;

/** One reply of the server (RFC 959 section 4.2): its code and its lines as they came. */
record FtpReply(int code, List<String> lines) {
  FtpReply {
    lines = List.copyOf(lines);
  }

  boolean isPreliminary() {
    return code / 100 == 1;
  }

  boolean isPositive() {
    return code / 100 == 2;
  }

  boolean isIntermediate() {
    return code / 100 == 3;
  }

  boolean isTransient() {
    return code / 100 == 4;
  }

  /** The server does not know the command (500) or does not do it (502, 504). */
  boolean isUnknownCommand() {
    return code == 500 || code == 502 || code == 504;
  }

  /** What stands behind the code on the first line. */
  String words() {
    String first = lines.get(0);
    return first.length() > 4 ? first.substring(4).trim() : "";
  }

  String text() {
    return String.join("\n", lines);
  }

  /** On one line, with control characters escaped, for messages. */
  String printable() {
    return printable(String.join(" / ", lines));
  }

  /** Replaces what a terminal or a log could take for an order. */
  static String printable(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              boolean odd = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
              if (odd) safe.append(String.format("\\u%04x", c));
              else safe.appendCodePoint(c);
            });
    return safe.toString();
  }
}
