package io.espat.at;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bounded buffer between a thread that moves bytes off a carrier and a reader with a time-out.
 *
 * <p>{@link #put} blocks while it is full, {@link #take} while it is empty. After {@link #end} what
 * is left can still be taken; then {@code take} reports the cause, or -1 without one.
 */
final class ByteRing {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final byte[] bytes; // guarded by lock, as all below
  private int first;
  private int held;
  private boolean ended;
  private boolean discarding;
  private @Nullable IOException cause;

  ByteRing(int capacity) {
    bytes = new byte[capacity];
  }

  /** Appends all bytes; returns false once nobody will take them. */
  boolean put(byte[] from, int offset, int count) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      int done = 0;
      while (done < count && !discarding) {
        if (held == bytes.length) {
          changed.await();
          continue;
        }
        int at = (first + held) % bytes.length;
        int run = Math.min(count - done, Math.min(bytes.length - held, bytes.length - at));
        System.arraycopy(from, offset + done, bytes, at, run);
        held += run;
        done += run;
        changed.signalAll();
      }
      return !discarding;
    } finally {
      lock.unlock();
    }
  }

  /** Takes at least one byte; zero waits for ever, -1 is the end. */
  int take(byte[] to, int offset, int count, Duration timeout) throws IOException {
    if (count == 0) {
      return 0;
    }
    lock.lock();
    try {
      long left = timeout.toNanos();
      while (held == 0 && !ended) {
        if (timeout.isZero()) {
          changed.await();
        } else if (left <= 0) {
          throw new SocketTimeoutException("no byte within " + timeout.toMillis() + " ms");
        } else {
          left = changed.awaitNanos(left);
        }
      }
      if (held == 0) {
        if (cause != null) {
          throw cause;
        }
        return -1;
      }
      int run = Math.min(count, Math.min(held, bytes.length - first));
      System.arraycopy(bytes, first, to, offset, run);
      first = (first + run) % bytes.length;
      held -= run;
      changed.signalAll();
      return run;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    } finally {
      lock.unlock();
    }
  }

  /** Says that nothing more comes; what is held stays readable. The first call counts. */
  void end(@Nullable IOException why) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        cause = why;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Says that nobody takes any more; what is held is dropped. */
  void discard() {
    lock.lock();
    try {
      discarding = true;
      ended = true;
      held = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
