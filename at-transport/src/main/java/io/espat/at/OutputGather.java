package io.espat.at;

/**
 * Output that waits to be worth a send: each costs two round trips on the serial line.
 *
 * <p>Holds two full sends. It is due when asked for ({@link #urge}), when a full send is held, or
 * some time after the last byte was added. Guarded by the lock of all links.
 */
final class OutputGather {
  private final int limit;
  private final byte[] ring;
  private int first;
  private int held;
  private boolean urgent;
  private long lastAdded;

  OutputGather(int limit) {
    this.limit = limit;
    this.ring = new byte[2 * limit];
  }

  int held() {
    return held;
  }

  /** Appends as many bytes as fit; returns how many. */
  int add(byte[] bytes, int offset, int count, long now) {
    int run = Math.min(count, ring.length - held);
    for (int done = 0; done < run; ) {
      int at = (first + held) % ring.length;
      int piece = Math.min(run - done, ring.length - at);
      System.arraycopy(bytes, offset + done, ring, at, piece);
      held += piece;
      done += piece;
    }
    if (run > 0) {
      lastAdded = now;
    }
    return run;
  }

  /** Says that what is held must leave now. */
  void urge() {
    urgent = held > 0;
  }

  /** Returns the nanoseconds until a send is due: zero or less is now, MAX_VALUE is never. */
  long dueIn(long now, long gatherNanos) {
    if (held == 0) {
      return Long.MAX_VALUE;
    }
    return urgent || held >= limit ? 0 : lastAdded + gatherNanos - now;
  }

  /** Takes the next send: at most the limit, and never with {@code +++} at its end. */
  byte[] take() {
    int count = cut(Math.min(held, limit));
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = ring[(first + i) % ring.length];
    }
    first = (first + count) % ring.length;
    held -= count;
    urgent &= held > 0;
    return bytes;
  }

  /**
   * Shortens a send until it does not end in {@code +++}, which the firmware takes for a cancel
   * when its UART happens to deliver the three alone (seen with 2.1 and 4.2 behind 128, 256, 1024
   * bytes).
   */
  private int cut(int count) {
    int pluses = 0;
    while (pluses < count && ring[(first + count - 1 - pluses) % ring.length] == '+') {
      pluses++;
    }
    return pluses < 3 ? count : count - pluses + 2;
  }

  /** Drops everything; returns how many bytes that were. */
  int drop() {
    int dropped = held;
    held = 0;
    urgent = false;
    return dropped;
  }
}
