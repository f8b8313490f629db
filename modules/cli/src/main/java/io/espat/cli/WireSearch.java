package io.espat.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Counts how often a text passes by in a stream of bytes: in clear, in base64 at any offset, or in
 * hex.
 *
 * <p>Holds no more than the position in each form, however long the stream. Used by one thread.
 */
final class WireSearch {
  private final List<Form> forms = new ArrayList<>();
  private long found;

  WireSearch(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    forms.add(new Form(bytes));
    String hex = HexFormat.of().formatHex(bytes);
    forms.add(new Form(ascii(hex)));
    if (!hex.toUpperCase(Locale.ROOT).equals(hex)) {
      forms.add(new Form(ascii(hex.toUpperCase(Locale.ROOT))));
    }
    for (int offset = 0; offset < 3; offset++) forms.add(new Form(base64(bytes, offset)));
  }

  void pass(byte[] bytes, int offset, int count) {
    for (Form form : forms) found += form.pass(bytes, offset, count);
  }

  /** How often the text has passed, in whatever form. */
  long found() {
    return found;
  }

  /**
   * The characters that {@code bytes} alone decide when {@code before} bytes stand before them in
   * the encoded text.
   */
  private static byte[] base64(byte[] bytes, int before) {
    byte[] padded = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, padded, before, bytes.length);
    byte[] encoded = Base64.getEncoder().withoutPadding().encode(padded);
    int from = (before * 8 + 5) / 6;
    int to = (before + bytes.length) * 8 / 6;
    return Arrays.copyOfRange(encoded, from, to);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** One form of the text, found by Knuth, Morris and Pratt's method. */
  private static final class Form {
    private final byte[] pattern;
    private final int[] fallback;
    private int matched;

    Form(byte[] pattern) {
      this.pattern = pattern;
      this.fallback = new int[pattern.length + 1];
      int length = 0;
      for (int i = 1; i < pattern.length; i++) {
        while (length > 0 && pattern[i] != pattern[length]) length = fallback[length];
        if (pattern[i] == pattern[length]) length++;
        fallback[i + 1] = length;
      }
    }

    int pass(byte[] bytes, int offset, int count) {
      int found = 0;
      for (int i = offset; i < offset + count; i++) {
        while (matched > 0 && bytes[i] != pattern[matched]) matched = fallback[matched];
        if (bytes[i] == pattern[matched]) matched++;
        if (matched == pattern.length) {
          found++;
          matched = fallback[matched];
        }
      }
      return found;
    }
  }
}
