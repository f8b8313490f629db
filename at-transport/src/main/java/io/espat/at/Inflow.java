package io.espat.at;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The input of a link: what is here, what waits in the module, and the threads that read it. */
final class Inflow {
  /** Pushed data that nobody reads: more than this is not held, the link fails. */
  static final int MAX_RECEIVED = 320 * 1024;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
  private static final long LEAST_WAIT = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int MAX_REFUSED_FETCHES = 4;

  private final Link link;
  private final Outflow outflow;
  private final Dialect dialect;
  private final ReceiveSwitch receiving;
  private final ReentrantLock lock; // the lock of all links
  private final Received received = new Received(); // guarded by lock, as all below
  private int blockedReaders;
  private int refusedFetches;
  private long timeoutNanos;
  private boolean pollable = true;
  private boolean shut;

  Inflow(Link link, Outflow outflow, Dialect dialect, ReceiveSwitch receiving) {
    this.link = link;
    this.outflow = outflow;
    this.dialect = dialect;
    this.receiving = receiving;
    this.lock = link.lock();
  }

  // ---- what the reader thread reports; lock held

  void announced(int bytes) {
    receiving.set(link.id(), true);
    received.announced(bytes);
    link.changed().signalAll();
  }

  /** With fetched bytes the announcement is used up; if more waits, a notice follows the OK. */
  void fetched(ByteBuffer bytes) {
    received.announced(0);
    refusedFetches = 0;
    if (!shut) {
      received.add(bytes);
    }
    link.changed().signalAll();
  }

  void pushed(ByteBuffer bytes) {
    if (shut) {
      return; // the caller wants no more; it may still write
    }
    if (received.held() + bytes.remaining() > MAX_RECEIVED) {
      failed(
          new SocketException(
              link.name() + ": more than " + MAX_RECEIVED + " bytes were received and not read"));
    } else if (!link.failed()) { // behind a gap nothing counts
      receiving.set(link.id(), false);
      received.add(bytes);
      link.changed().signalAll();
      if (behind()) {
        link.outputChanged();
      }
    }
  }

  /** Tells whether the module should keep what follows; lock held. */
  boolean behind() {
    return received.held() >= ReceiveSwitch.BEHIND
        && receiving.adaptive()
        && !receiving.passive(link.id())
        && !link.goneOnModule()
        && !link.failed();
  }

  /** Tells whether the module should keep what follows. */
  boolean isBehind() {
    lock.lock();
    try {
      return behind();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more can be had from the module; returns whether something waited there. */
  boolean lost() {
    boolean gap = received.announced() > 0;
    received.announced(0);
    return gap;
  }

  void clear() {
    received.clear();
  }

  boolean hasBlockedReaders() {
    return blockedReaders > 0;
  }

  // ---- callers

  /** Bounds reads, one that is blocked already too; zero waits for ever. */
  void timeout(Duration timeout) {
    lock.lock();
    try {
      timeoutNanos = timeout.toNanos();
      link.changed().signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the bytes that can be had without waiting for the peer, those in the module too. */
  int available() throws IOException {
    lock.lock();
    try {
      link.throwIfClosed();
      return shut ? 0 : received.held() + received.announced();
    } finally {
      lock.unlock();
    }
  }

  void shutdown() {
    lock.lock();
    try {
      shut = true;
      received.clear();
      link.changed().signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Blocks for at least one byte, at most for the time-out; -1 after the peer's last one. */
  int read(byte[] buffer, int offset, int count) throws IOException {
    long start = System.nanoTime();
    while (true) {
      boolean fetch;
      lock.lock();
      try {
        fetch = await(start);
        if (received.held() > 0) {
          return received.take(buffer, offset, count);
        }
        if (!fetch && ended()) {
          return -1;
        }
      } catch (InterruptedException e) {
        throw link.interrupted("reading from");
      } finally {
        lock.unlock();
      }
      if (fetch) {
        fetch(start);
      } else {
        poll();
      }
    }
  }

  /**
   * Blocks; true when data waits in the module, false when there is data here, an end, or a poll.
   */
  private boolean await(long start) throws IOException, InterruptedException {
    long pollAt = System.nanoTime() + POLL_NANOS;
    while (true) {
      link.throwIfClosed();
      if (received.held() > 0 || shut) {
        return false;
      }
      if (received.announced() > 0) {
        return true;
      }
      if (ended()) {
        return false;
      }
      link.throwIfFailed();
      long now = System.nanoTime();
      if (polls() && now - pollAt >= 0) {
        return false;
      }
      awaitChange(start, now, pollAt);
    }
  }

  /** Only what waits in the module can be forgotten there. */
  private boolean polls() {
    return pollable && receiving.passive(link.id());
  }

  private boolean ended() {
    return link.peerClosed() || shut;
  }

  private void awaitChange(long start, long now, long pollAt)
      throws IOException, InterruptedException {
    outflow.urge(); // the peer's answer may depend on what is held
    long wait = polls() ? pollAt - now : Long.MAX_VALUE;
    if (timeoutNanos > 0 && !outflow.leaving()) {
      long left = outflow.leftSince(start) + timeoutNanos - now;
      if (left <= 0) {
        throw new SocketTimeoutException(
            "reading from " + link.name() + ": nothing within " + timeoutNanos / 1_000_000 + " ms");
      }
      wait = Math.min(wait, left);
    }
    blockedReaders++;
    try {
      if (wait == Long.MAX_VALUE) {
        link.changed().await();
      } else {
        link.changed().awaitNanos(wait);
      }
    } finally {
      blockedReaders--;
    }
  }

  private void fetch(long start) throws IOException {
    try {
      link.talk().fetch(turnDeadline(start), link::stopped);
    } catch (SocketTimeoutException e) {
      throw e; // no turn within the read's time-out; nothing is lost
    } catch (InterruptedIOException e) {
      throw link.interrupted("reading from");
    }
  }

  private void poll() throws IOException {
    try {
      link.talk().poll(link::stopped);
    } catch (InterruptedIOException e) {
      throw link.interrupted("reading from");
    }
  }

  private Deadline turnDeadline(long start) {
    lock.lock();
    try {
      long since = outflow.leftSince(start);
      long left = timeoutNanos == 0 ? link.patience() : since + timeoutNanos - System.nanoTime();
      return Deadline.in(Duration.ofNanos(Math.max(left, LEAST_WAIT)));
    } finally {
      lock.unlock();
    }
  }

  // ---- what the conversations report

  /** Returns how many bytes to ask for, fewer after each refusal; 0 when nothing waits. */
  int fetchSize() {
    lock.lock();
    try {
      int most = Math.max(1, dialect.fetchLimit() >> 2 * refusedFetches);
      return received.announced() == 0 ? 0 : most;
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of ERROR instead of announced bytes; returns whether to ask how many there are. */
  boolean fetchRefused() {
    lock.lock();
    try {
      refusedFetches++;
      boolean gap = received.announced() > 0; // none if a repeated command was refused
      boolean giveUp = gap && (link.peerClosed() || refusedFetches > MAX_REFUSED_FETCHES);
      String lost = received.announced() + " bytes were announced and could not be fetched";
      received.announced(0);
      if (giveUp) {
        link.noCleanEnd(new SocketException(link.name() + ": " + lost));
      }
      return !giveUp;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the link for a reason that leaves a gap in its input. */
  void failed(IOException cause) {
    lock.lock();
    try {
      received.announced(0);
      link.noCleanEnd(cause);
    } finally {
      lock.unlock();
    }
  }

  /** This firmware cannot say how much waits. */
  void notPollable() {
    lock.lock();
    try {
      pollable = false;
    } finally {
      lock.unlock();
    }
  }
}
