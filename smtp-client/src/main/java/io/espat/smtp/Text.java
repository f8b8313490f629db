package io.espat.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Foreign bytes as text that is safe to show. */
final class Text {
  private Text() {}

  /** UTF-8 where it is that, else ISO 8859-1; control characters escaped. */
  static String shown(byte[] bytes, int count) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, count)).toString();
    } catch (CharacterCodingException e) {
      text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
    }
    return escaped(text);
  }

  /** Replaces control characters and line separators, which could forge lines or colours. */
  static String escaped(String text) {
    if (text.chars().noneMatch(Text::unprintable)) return text;
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.chars()
        .forEach(
            c -> {
              if (unprintable(c)) safe.append(String.format("\\u%04x", c));
              else safe.append((char) c);
            });
    return safe.toString();
  }

  private static boolean unprintable(int c) {
    return c != '\t' && Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || Character.getType(c) == Character.FORMAT;
  }
}
