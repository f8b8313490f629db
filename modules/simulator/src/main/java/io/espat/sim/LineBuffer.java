package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** Gathers the bytes of one command line until its CR LF; what is too long is only counted. */
final class LineBuffer {
  private final byte[] bytes = new byte[Firmware.LINE_LIMIT];
  private int length; // may exceed the array: then the line is refused
  private byte last;

  /**
   * Takes bytes up to and including the CR LF and returns where the rest of the chunk begins, or −1
   * when the chunk ended first.
   */
  int take(byte[] chunk, int offset) {
    for (int i = offset; i < chunk.length; i++) {
      byte one = chunk[i];
      if (length < bytes.length) {
        bytes[length] = one;
      }
      length = Math.min(length + 1, Integer.MAX_VALUE - 1);
      boolean complete = one == '\n' && last == '\r';
      last = one;
      if (complete) {
        return i + 1;
      }
    }
    return -1;
  }

  boolean overlong() {
    return length > bytes.length;
  }

  int length() {
    return length;
  }

  /** The complete line with its CR LF. */
  byte[] bytes() {
    return Arrays.copyOf(bytes, Math.min(length, bytes.length));
  }

  /** The complete line without its CR LF, one char a byte. */
  String line() {
    return new String(bytes, 0, length - 2, ISO_8859_1);
  }

  void clear() {
    Arrays.fill(bytes, (byte) 0);
    length = 0;
    last = 0;
  }
}
