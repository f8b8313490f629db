package io.espat.smtp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection when its thread is interrupted or a step lasts too long.
 *
 * <p>A socket of the host heeds neither in a write, nor interruption in a read; closing it from
 * another thread is what ends both.
 */
final class Watch implements AutoCloseable {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

  private final Thread watched = Thread.currentThread();
  private final Consumer<IOException> abort;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean over; // guarded by lock
  private boolean limited; // guarded by lock
  private long deadline; // guarded by lock
  private String step = ""; // guarded by lock

  /** Watches the calling thread. */
  Watch(ThreadFactory threads, Consumer<IOException> abort) {
    this.abort = abort;
    threads.newThread(this::run).start();
  }

  /** From now on this step may last so long. */
  void limit(String name, Duration limit) {
    lock.lock();
    try {
      step = name + " within " + limit.toMillis() + " ms";
      deadline = System.nanoTime() + limit.toNanos();
      limited = true;
    } finally {
      lock.unlock();
    }
  }

  /** The step is over. */
  void lift() {
    lock.lock();
    try {
      limited = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    IOException cause = await();
    if (cause != null) abort.accept(cause);
  }

  /** The reason to end the connection; null when the mail ended by itself. */
  private @Nullable IOException await() {
    lock.lock();
    try {
      while (!over) {
        if (watched.isInterrupted())
          return new InterruptedIOException("the thread was interrupted");
        if (limited && System.nanoTime() - deadline > 0) {
          return new SocketTimeoutException("no progress in " + step);
        }
        changed.awaitNanos(PAUSE);
      }
      return null;
    } catch (InterruptedException e) {
      return new InterruptedIOException("the watching thread was interrupted");
    } finally {
      lock.unlock();
    }
  }
}
