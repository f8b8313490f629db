package io.espat.smtp;

import java.util.List;

/**
 * One reply of the server (RFC 5321 section 4.2).
 *
 * @param code from 200 to 599
 * @param lines as they came, each with its code, control characters escaped
 */
record Reply(int code, List<String> lines) {
  /** All lines, verbatim. */
  String text() {
    return String.join("\n", lines);
  }

  boolean ok() {
    return code / 100 == 2;
  }

  boolean temporary() {
    return code / 100 == 4;
  }

  boolean refused() {
    return code / 100 == 4 || code / 100 == 5;
  }
}
