package io.espat.ftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a session whose thread waits too long on the network, or is interrupted while it waits.
 *
 * <p>A socket's own time-out covers neither a write nor a peer that drips bytes into a TLS record,
 * and a host socket does not hear an interruption. One daemon thread for each session looks ten
 * times a second while somebody waits, and rests otherwise.
 */
final class Watch implements AutoCloseable {
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Runnable cut;

  // All guarded by lock.
  private @Nullable Thread waiting;
  private long deadline;
  private long lastUse;
  private boolean resting;
  private boolean closed;
  private boolean timedOut;
  private boolean interrupted;

  Watch(String name, Runnable cut) {
    this.cut = cut;
    Thread thread = new Thread(this::look, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** The calling thread begins to wait on the network, at most {@code limit} milliseconds. */
  void enter(long limit) {
    lock.lock();
    try {
      waiting = Thread.currentThread();
      lastUse = System.nanoTime();
      deadline = lastUse + TimeUnit.MILLISECONDS.toNanos(limit);
      if (resting) changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The wait is over. */
  void leave() {
    lock.lock();
    try {
      waiting = null;
    } finally {
      lock.unlock();
    }
  }

  /** Tells why a wait failed: in the words of the watch if it cut the session, else {@code e}. */
  IOException explain(IOException e) {
    lock.lock();
    try {
      if (!interrupted && !timedOut) return e;
      IOException told =
          interrupted
              ? new InterruptedIOException("interrupted; the session is closed")
              : new SocketTimeoutException("no progress in time");
      told.initCause(e);
      return told;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    while (mayWait()) {
      cut.run();
    }
  }

  /** Returns true when the session is to be cut, false when the watch is over. */
  private boolean mayWait() {
    lock.lock();
    try {
      while (!closed) {
        if (overdue()) {
          waiting = null;
          return true;
        }
        rest();
      }
      return false;
    } catch (InterruptedException e) {
      return false; // only an application that interrupts every thread it finds does this
    } finally {
      lock.unlock();
    }
  }

  private boolean overdue() {
    if (waiting == null) return false;
    if (waiting.isInterrupted()) interrupted = true;
    else if (System.nanoTime() - deadline >= 0) timedOut = true;
    return interrupted || timedOut;
  }

  private void rest() throws InterruptedException {
    if (waiting != null || System.nanoTime() - lastUse < 10 * LOOK) {
      long ignored = changed.awaitNanos(LOOK);
      return;
    }
    resting = true;
    try {
      changed.await();
    } finally {
      resting = false;
    }
  }
}
