package io.espat.tls;

import java.nio.charset.StandardCharsets;

/** Text from a stranger, made fit for a message: bounded, and without control characters. */
final class Printable {
  private static final int LIMIT = 200;

  private Printable() {}

  static String text(byte[] bytes) {
    return text(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  static String text(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length() && i < LIMIT; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        safe.append(String.format("\\u%04x", (int) c));
      } else {
        safe.append(c);
      }
    }
    return text.length() > LIMIT ? safe + "..." : safe.toString();
  }
}
