package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether the module has lost its Wi-Fi network and is looking for it, as it does by itself after a
 * drop and after a restart.
 */
final class Network {
  private static final Duration POLL = Duration.ofSeconds(2);

  /** Asks the module whether it is in its network. */
  @FunctionalInterface
  interface Question {
    boolean joined() throws IOException;
  }

  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean leaving; // guarded by lock, as all below
  private boolean away;
  private long awaySince;

  /** Lets callers wait for a network that is away for so long at most; zero lets nobody wait. */
  Network(Duration patience) {
    this.patience = patience;
  }

  /** Notes what the module says, or what it was seen to be. */
  void joined(boolean joined) {
    lock.lock();
    try {
      boolean gone = !joined && !leaving;
      if (gone && !away) {
        awaySince = System.nanoTime();
      }
      away = gone;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says whether the network is being left on purpose. */
  void leaving(boolean leaves) {
    lock.lock();
    try {
      leaving = leaves;
    } finally {
      lock.unlock();
    }
  }

  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Blocks while the network is away, until the deadline or for the patience; the notice of its
   * return may be lost, so the module is asked now and then.
   *
   * @return whether it is still away at the deadline
   */
  boolean await(Deadline deadline, Stop stop, Question question) throws IOException {
    while (isAway(deadline, stop)) {
      if (question.joined()) {
        joined(true);
      }
    }
    lock.lock();
    try {
      return away && left() > 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells after some seconds, or sooner once that has changed, whether it is still to be awaited.
   */
  private boolean isAway(Deadline deadline, Stop stop) throws IOException {
    Deadline look = deadline.orSooner(POLL);
    lock.lock();
    try {
      while (away && left() > 0 && !deadline.passed()) {
        IOException reason = stop.reason();
        if (reason != null) {
          throw reason;
        }
        if (look.passed()) {
          return true;
        }
        changed.awaitNanos(Math.min(look.left(), left()));
      }
      return false;
    } catch (InterruptedException e) {
      throw AtChannel.interrupted("waiting for the Wi-Fi network");
    } finally {
      lock.unlock();
    }
  }

  private long left() {
    return awaySince + patience.toNanos() - System.nanoTime();
  }
}
