package io.espat.at;

/**
 * Keeps account of what was written and may not have passed the line yet: buffers of the host, of
 * its adapter, of a network before the serial port.
 *
 * <p>It goes by the speed of the line. Where that is only what somebody said, a line that has been
 * faster is taken to be as fast: what was answered had arrived. The holder of the turn uses it.
 */
final class LineAccount {
  private final ModuleLine line;
  private long quietAt = System.nanoTime();
  private long firstAt; // the first write since all was answered
  private long unanswered; // bytes, since then
  private long proven = Long.MAX_VALUE; // nanoseconds a byte, at most

  LineAccount(ModuleLine line) {
    this.line = line;
  }

  /** Takes note of bytes whose writing took from {@code start} to {@code now}. */
  void written(int count, long start, long now) {
    if (unanswered == 0) {
      firstAt = start;
    }
    unanswered += count;
    long time = time(count);
    quietAt = Math.max(quietAt, start) + time;
    if (now - quietAt > 0) {
      quietAt =
          now + time; // the line stood still meanwhile: what was written last may all be there
    }
  }

  private long time(int count) {
    long time = line.time(count).toNanos();
    boolean measured = proven < time / Math.max(1, count) && line.serial().isEmpty();
    return measured ? proven * count : time;
  }

  /** Takes note that the module has answered what was written last. */
  void answered(long now) {
    if (unanswered > 0) {
      proven = Math.min(proven, Math.max(1, (now - firstAt) / unanswered));
    }
    unanswered = 0;
    quietAt = now;
  }

  /** Returns the nanoseconds until all that was written has passed. */
  long untilQuiet(long now) {
    return Math.max(0, quietAt - now);
  }
}
