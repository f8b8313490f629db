package io.espat.sim;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver makes of bytes sent at another speed than its own: it takes the first falling
 * edge for a start bit and then samples the middles of its own bits, wherever those fall.
 *
 * <p>A slow receiver makes fewer bytes than were sent, a fast one more. The same bytes with the
 * same gaps between them always make the same garbage.
 */
final class Misreading {
  /** Receivers tolerate this much: 2.5 %. */
  private static final int TOLERANCE = 40;

  private static final int DATA_BITS = 8;

  private final double sentBit; // in bits of the receiver
  private final boolean brokenIsNul;
  private double now; // in bits of the receiver, since the current frame began
  private boolean level = true;
  private boolean framing;
  private int sampled;
  private int value;

  private Misreading(int sender, int receiver, boolean brokenIsNul) {
    sentBit = (double) receiver / sender;
    this.brokenIsNul = brokenIsNul;
  }

  /**
   * Returns what happens between two speeds: nothing when they are within 2.5 %.
   *
   * @param brokenIsNul whether a byte without a stop bit is read as NUL, as a terminal driver does
   */
  static @Nullable Misreading between(int sender, int receiver, boolean brokenIsNul) {
    long off = Math.abs((long) sender - receiver) * TOLERANCE;
    return off <= receiver ? null : new Misreading(sender, receiver, brokenIsNul);
  }

  /** Hears that the line is idle, for long enough that every frame ends. */
  void silence(Consumer<Byte> heard) {
    line(true, (DATA_BITS + 2) / sentBit, heard);
  }

  /** Hears one byte and its stop bit. */
  void hear(byte one, Consumer<Byte> heard) {
    line(false, 1, heard);
    for (int i = 0; i < DATA_BITS; i++) {
      line((one >> i & 1) != 0, 1, heard);
    }
    line(true, 1, heard);
  }

  /** The line has one level for some bits of the sender. */
  private void line(boolean high, double bits, Consumer<Byte> heard) {
    double left = bits * sentBit;
    while (left > 0) {
      if (!framing) {
        if (high || !level) {
          break; // no edge: idle, or still low after a frame that ended in a break
        }
        framing = true;
        now = 0;
        sampled = 0;
        value = 0;
      }
      level = high;
      left = sample(high, left, heard);
    }
    level = high;
  }

  /** Samples what lies in this stretch and returns how much of it is left when the frame ends. */
  private double sample(boolean high, double left, Consumer<Byte> heard) {
    double end = now + left;
    while (framing && sampled + 0.5 < end) {
      take(high, heard);
    }
    if (framing) {
      now = end;
      return 0;
    }
    return end - (DATA_BITS + 1.5);
  }

  private void take(boolean high, Consumer<Byte> heard) {
    if (sampled == 0 && high) {
      framing = false; // a spike, no start bit
    } else if (sampled >= 1 && sampled <= DATA_BITS) {
      value |= (high ? 1 : 0) << (sampled - 1);
    } else if (sampled > DATA_BITS) {
      framing = false;
      heard.accept(!high && brokenIsNul ? 0 : (byte) value);
    }
    sampled++;
  }
}
