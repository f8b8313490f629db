package io.espat.tls;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** The end of a whole job, however many waits it has. */
final class Deadline {
  private final long end; // System.nanoTime() scale
  private final boolean bounded;

  private Deadline(long end, boolean bounded) {
    this.end = end;
    this.bounded = bounded;
  }

  static Deadline in(Duration limit) {
    return new Deadline(System.nanoTime() + limit.toNanos(), true);
  }

  /** In the manner of SO_TIMEOUT: 0 is no limit. */
  static Deadline inMillis(int limit) {
    return limit == 0 ? new Deadline(0, false) : in(Duration.ofMillis(limit));
  }

  /** What is left, never negative; meaningless without a limit. */
  long nanosLeft() {
    return Math.max(0, end - System.nanoTime());
  }

  /** What is left as an SO_TIMEOUT value, rounded up; 0 where there is no limit. */
  int soTimeout() throws SocketTimeoutException {
    if (!bounded) return 0;
    long left = nanosLeft();
    if (left == 0) throw new SocketTimeoutException("Read timed out");
    return (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
  }
}
