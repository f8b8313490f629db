package io.espat.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a set command as they stand on the wire, read on demand.
 *
 * <p>Every comma without a backslash before it separates, even inside quotes, as in the firmware.
 */
final class Arguments {
  static final Arguments NONE = new Arguments(List.of());
  private static final int LIMIT = 16;

  private final List<String> raw;

  private Arguments(List<String> raw) {
    this.raw = raw;
  }

  static Arguments split(String text) throws Refusal {
    List<String> raw = new ArrayList<>();
    StringBuilder one = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',') {
        raw.add(one.toString());
        one.setLength(0);
        continue;
      }
      one.append(c);
      if (c == '\\' && i + 1 < text.length()) {
        one.append(text.charAt(++i));
      }
    }
    raw.add(one.toString());
    if (raw.size() > LIMIT || text.isEmpty()) {
      throw Refusal.plain();
    }
    return new Arguments(raw);
  }

  int count() {
    return raw.size();
  }

  void count(int least, int most) throws Refusal {
    if (raw.size() < least || raw.size() > most) {
      throw Refusal.plain();
    }
  }

  /** Whether a parameter stands there and is not empty. */
  boolean given(int index) {
    return index < raw.size() && !raw.get(index).isEmpty();
  }

  /** A number, decimal or {@code 0x} hexadecimal, possibly negative. */
  long number(int index) throws Refusal {
    String text = index < raw.size() ? raw.get(index) : "";
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
    digits = hex ? digits.substring(2) : digits;
    if (!digits.matches(hex ? "[0-9A-Fa-f]{1,8}" : "[0-9]{1,10}")) {
      throw Refusal.unreadable(index);
    }
    long value = Long.parseLong(digits, hex ? 16 : 10);
    return negative ? -value : value;
  }

  int number(int index, int least, int most) throws Refusal {
    long value = number(index);
    if (value < least || value > most) {
      throw Refusal.plain();
    }
    return (int) value;
  }

  /** A number that may be left out, and may begin with a plus sign: a time zone. */
  int signed(int index, int least, int most, int otherwise) throws Refusal {
    boolean plus = given(index) && raw.get(index).matches("\\+[0-9]+");
    List<String> bare = new ArrayList<>(raw);
    if (plus) {
      bare.set(index, raw.get(index).substring(1));
    }
    return new Arguments(bare).number(index, least, most, otherwise);
  }

  /** A number that may be left out. */
  int number(int index, int least, int most, int otherwise) throws Refusal {
    return given(index) ? number(index, least, most) : otherwise;
  }

  /** A quoted string, unescaped, one char a byte. */
  String text(int index) throws Refusal {
    String text = index < raw.size() ? raw.get(index) : "";
    if (text.length() < 2 || text.charAt(0) != '"') {
      throw Refusal.unreadable(index);
    }
    StringBuilder value = new StringBuilder();
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        if (i != text.length() - 1) {
          throw Refusal.unreadable(index);
        }
        return value.toString();
      }
      if (c == '\\' && i + 1 < text.length()) {
        c = text.charAt(++i);
      }
      value.append(c);
    }
    throw Refusal.unreadable(index); // never closed
  }

  String text(int index, int longest) throws Refusal {
    String value = text(index);
    if (value.length() > longest) {
      throw Refusal.plain();
    }
    return value;
  }
}
