package io.espat.sim;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** One direction of the line and what becomes of the bytes on it; loop thread only. */
final class Wire {
  private static final int GARBAGE_LIMIT = 64;

  private final FaultRule.Direction direction;
  private final Faults faults;
  private final Consumer<Faults.Strike> line; // hears of what concerns more than one byte
  private long passed;
  private long next; // the number of the byte at which something is due
  private int seen = -1; // the revision of the faults that this rests on

  Wire(FaultRule.Direction direction, Faults faults, Consumer<Faults.Strike> line) {
    this.direction = direction;
    this.faults = faults;
    this.line = line;
  }

  /** How many of the coming bytes arrive unchanged. */
  int clear(int count) {
    look();
    return (int) Math.min(count, next - passed - 1);
  }

  /** Counts bytes that arrived unchanged. */
  void passed(int count) {
    passed += count;
  }

  private void look() {
    if (seen != faults.revision()) {
      seen = faults.revision();
      next = Long.MAX_VALUE;
      for (Faults.Armed one : faults.rules()) {
        next = Math.min(next, one.nextByte(direction, passed));
      }
    }
  }

  /** What arrives of the bytes. */
  byte[] pass(byte[] bytes, int offset, int count) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(count + GARBAGE_LIMIT);
    for (int i = 0; i < count; i++) {
      int clear = clear(count - i);
      out.write(bytes, offset + i, clear);
      passed += clear;
      i += clear;
      if (i < count) {
        strike(bytes[offset + i] & 0xFF, out);
      }
    }
    return out.toByteArray();
  }

  private void strike(int value, ByteArrayOutputStream out) {
    int arrives = value;
    int times = 1;
    for (Faults.Armed one : List.copyOf(faults.rules())) {
      if (one.nextByte(direction, passed) != passed + 1) {
        continue;
      }
      if (!one.rule.fault().concernsBytes() || one.rule.direction() != direction) {
        faults.arm(one);
        continue;
      }
      Faults.Strike strike = faults.struck(one);
      switch (one.rule.fault()) {
        case GARBAGE -> out.writeBytes(garbage(strike));
        case LOST_BYTE -> times = 0;
        case DOUBLED_BYTE -> times *= 2;
        case FLIPPED_BIT -> arrives ^= 1 << strike.random().nextInt(8);
        default -> line.accept(strike);
      }
    }
    passed++;
    seen = -1;
    byte[] all = new byte[times];
    Arrays.fill(all, (byte) arrives);
    out.writeBytes(all);
  }

  static byte[] garbage(Faults.Strike strike) {
    byte[] noise = new byte[1 + strike.random().nextInt(GARBAGE_LIMIT)];
    strike.random().nextBytes(noise);
    return noise;
  }
}
