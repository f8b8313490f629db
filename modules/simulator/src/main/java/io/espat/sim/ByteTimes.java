package io.espat.sim;

/**
 * When the bytes of an uninterrupted run on a serial line end, in nanoseconds.
 *
 * <p>Each time is computed from the beginning of the run, so nothing is rounded twice and a run of
 * any length does not drift.
 */
final class ByteTimes {
  private static final long HALF_SECOND = 500_000_000;

  private int baud;
  private int halfBits; // of one byte with its start, parity and stop bits
  private long base;
  private long done; // bytes since base

  ByteTimes(int baud, int halfBits) {
    this.baud = baud;
    this.halfBits = halfBits;
  }

  /** How many half bits a byte takes on the wire. */
  static int halfBits(Settings.UartSetting setting) {
    int bits = 1 + setting.dataBits() + (setting.parity() == 0 ? 0 : 1);
    return 2 * bits + 1 + setting.stopBits(); // 1, 2, 3 mean 1, 1.5 and 2 stop bits
  }

  /** Begins a run: its first byte starts then. */
  void start(long time) {
    base = time;
    done = 0;
  }

  /** Changes the speed of what follows; the byte that is on the wire begins anew. */
  void rate(int baud, int halfBits) {
    long since = end(0);
    this.baud = baud;
    this.halfBits = halfBits;
    start(since);
  }

  /** When the byte ends that is the {@code count}-th from now on; 0 is the last that has ended. */
  long end(long count) {
    long halfBitSum = (done + count) * halfBits * HALF_SECOND;
    return base + (halfBitSum + baud - 1) / baud;
  }

  /** How many bytes more have ended by then, at most {@code limit}. */
  int endedBy(long time, int limit) {
    if (time >= end(limit)) {
      return limit;
    }
    long ended = (time - base) * baud / (halfBits * HALF_SECOND);
    return (int) Math.max(0, ended - done);
  }

  /** Counts bytes as ended. */
  void pass(int count) {
    done += count;
    while (done >= baud) { // baud bytes take a whole number of half seconds: nothing is rounded
      base += halfBits * HALF_SECOND;
      done -= baud;
    }
  }

  /** How long one byte takes. */
  long byteNanos() {
    return halfBits * HALF_SECOND / baud;
  }

  int baud() {
    return baud;
  }

  int halfBits() {
    return halfBits;
  }
}
