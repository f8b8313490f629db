package io.espat.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/**
 * What a receiver at one speed makes of a boot loader that speaks at another: each edge begins a
 * byte, whose bits are looked at where this receiver expects them.
 */
final class BootNoise {
  private static final int LOADER_BAUD = 74_880; // a crystal of 26 MHz under a loader made for 40
  private static final byte[] WORDS =
      ("\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\n"
              + "load 0x40100000, len 1856, room 16 \r\ntail 0\r\nchksum 0x63\r\n"
              + "load 0x3ffe8000, len 776, room 8 \r\ntail 0\r\nchksum 0x02\r\n")
          .getBytes(US_ASCII);
  private static final int FRAME = 10; // start, eight bits, stop

  private BootNoise() {}

  /** The noise of one boot: NUL while the supply is down, 0xFF as it rises, and the words. */
  static byte[] heardAt(int baud) {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    heard.write(0x00);
    heard.write(0xFF);
    double step = (double) LOADER_BAUD / baud; // bits of the loader in one of the receiver
    double end = (double) WORDS.length * FRAME;
    for (double at = 0; at < end; ) {
      if (level(at)) {
        at = Math.floor(at) + 1; // idle or a stop bit: the next edge is at a bit's border
        continue;
      }
      int value = 0;
      for (int bit = 0; bit < 8; bit++) {
        value |= level(at + (bit + 1.5) * step) ? 1 << bit : 0;
      }
      heard.write(value);
      at += 9.5 * step;
    }
    return heard.toByteArray();
  }

  /** The level of the loader's line at a moment counted in its bits: high is idle. */
  private static boolean level(double at) {
    int index = (int) (at / FRAME);
    if (index >= WORDS.length) {
      return true;
    }
    int bit = (int) at % FRAME;
    return bit == FRAME - 1 || bit > 0 && (WORDS[index] >> (bit - 1) & 1) != 0;
  }
}
