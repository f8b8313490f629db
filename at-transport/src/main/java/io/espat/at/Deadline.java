package io.espat.at;

import java.time.Duration;

/** A moment by which a whole job must be done, however many waits it takes. */
final class Deadline {
  private static final long FOREVER = Long.MAX_VALUE / 4;

  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  static Deadline in(Duration limit) {
    return new Deadline(System.nanoTime() + nanos(limit));
  }

  /** Returns the nanoseconds left, zero or less when it has passed. */
  long left() {
    return end - System.nanoTime();
  }

  boolean passed() {
    return left() <= 0;
  }

  Deadline orSooner(Duration limit) {
    return new Deadline(System.nanoTime() + Math.min(left(), nanos(limit)));
  }

  private static long nanos(Duration limit) {
    return limit.compareTo(Duration.ofNanos(FOREVER)) > 0 ? FOREVER : limit.toNanos();
  }
}
