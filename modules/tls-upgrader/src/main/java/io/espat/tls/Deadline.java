package io.espat.tls;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The end of a whole job, however many waits it has. Used by one thread. */
final class Deadline {
  private final long limit; // ns, 0 for none
  private long end; // System.nanoTime() scale; meaningful once running
  private boolean running;

  private Deadline(long limit) {
    this.limit = limit;
  }

  /** A limit that runs from now. */
  static Deadline in(Duration limit) {
    Deadline deadline = new Deadline(limit.toNanos());
    deadline.progress();
    return deadline;
  }

  /**
   * A limit in the manner of SO_TIMEOUT (ms, 0 for none): once for the first byte, and once for all
   * that follow it. The socket beneath alone can tell when the first wait begins, because it may
   * still be sending what is to be answered.
   */
  static Deadline fromFirstByte(int millis) {
    return new Deadline(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Bytes have come. */
  void progress() {
    if (running) return;
    running = true;
    end = System.nanoTime() + limit;
  }

  /** What is left, never negative; meaningless without a limit. */
  long nanosLeft() {
    return running ? Math.max(0, end - System.nanoTime()) : limit;
  }

  /** What is left as an SO_TIMEOUT value, rounded up; 0 where there is no limit. */
  int soTimeout() throws SocketTimeoutException {
    if (limit == 0) return 0;
    long left = nanosLeft();
    if (left == 0) throw new SocketTimeoutException("Read timed out");
    return (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
  }
}
