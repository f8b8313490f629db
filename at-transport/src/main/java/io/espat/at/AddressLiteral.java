package io.espat.at;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads addresses without any resolver: the JDK's own methods would ask the host's for a name. */
final class AddressLiteral {
  private static final int WORDS = 8;

  private AddressLiteral() {}

  /** Reads an IPv4 or IPv6 literal into an address that also carries {@code name}. */
  static Optional<InetAddress> parse(String name, String text) {
    byte[] bytes = text.indexOf(':') >= 0 ? v6(text) : v4(text);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByAddress(name, bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes were refused", e);
    }
  }

  /** Writes an address for the module, which has one interface and so no scopes. */
  static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  private static byte[] v4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    if (parts.length != bytes.length) {
      return new byte[0];
    }
    for (int i = 0; i < bytes.length; i++) {
      int value = number(parts[i], 10, 3);
      if (value < 0 || value > 255) {
        return new byte[0];
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static byte[] v6(String text) {
    int gap = text.indexOf("::");
    String head = gap < 0 ? text : text.substring(0, gap);
    String tail = gap < 0 ? "" : text.substring(gap + 2);
    int[] left = words(head);
    int[] right = words(tail);
    int known = left.length + right.length;
    boolean bad = head.length() > 0 && left.length == 0 || tail.length() > 0 && right.length == 0;
    if (bad || (gap < 0 ? known != WORDS : known >= WORDS)) {
      return new byte[0];
    }
    byte[] bytes = new byte[2 * WORDS];
    for (int i = 0; i < left.length; i++) {
      put(bytes, i, left[i]);
    }
    for (int i = 0; i < right.length; i++) {
      put(bytes, WORDS - right.length + i, right[i]);
    }
    return bytes;
  }

  private static void put(byte[] bytes, int index, int word) {
    bytes[2 * index] = (byte) (word >> 8);
    bytes[2 * index + 1] = (byte) word;
  }

  private static int[] words(String text) {
    if (text.isEmpty()) {
      return new int[0];
    }
    String[] parts = text.split(":", -1);
    int[] words = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      words[i] = number(parts[i], 16, 4);
      if (words[i] < 0) {
        return new int[0];
      }
    }
    return words;
  }

  private static int number(String digits, int radix, int most) {
    if (digits.isEmpty() || digits.length() > most) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) < 128 ? Character.digit(digits.charAt(i), radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }
}
