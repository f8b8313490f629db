package io.espat.at;

import java.util.concurrent.locks.LockSupport;

/** Silence on the line, which the module takes for a mark; never a way to wait for something. */
final class Pause {
  private Pause() {}

  /** Waits that long at least, or until the thread is interrupted. */
  static void nanos(long nanos) {
    long end = System.nanoTime() + nanos;
    long left = nanos;
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
      left = end - System.nanoTime();
    }
  }
}
