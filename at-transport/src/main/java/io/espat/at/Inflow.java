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
  /**
   * Pushed data that nobody reads: more than this is not held, the link fails. What may come before
   * the module is told to keep it, what comes during the longest send, and what the module's own
   * buffers and those who are before the sender in the turn add to it.
   */
  static final int MAX_RECEIVED = ReceiveSwitch.BEHIND + 256 * 1024 + 32 * 1024;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
  private static final int MAX_REFUSED_FETCHES = 4;

  private final Link link;
  private final Outflow outflow;
  private final Dialect dialect;
  private final ReceiveSwitch receiving;
  private final ReentrantLock lock; // the lock of all links
  private final Received received; // guarded by lock, as all below
  private int blockedReaders;
  private int refusedFetches;
  private long timeoutNanos;
  private boolean pollable = true;
  private boolean waited; // the reader for the module, not the module for its reader
  private boolean unfetched; // asked for and not here yet
  private boolean unanswered; // here, and what ends the answer is not
  private boolean endInDoubt; // CLOSED has come, and more may wait than was announced
  private boolean shut;

  Inflow(Link link, Outflow outflow, Dialect dialect, ReceiveSwitch receiving, Chunks memory) {
    this.link = link;
    this.outflow = outflow;
    this.dialect = dialect;
    this.receiving = receiving;
    this.lock = link.lock();
    this.received = new Received(memory);
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
    unfetched = false;
    unanswered = true;
    if (!shut) {
      received.add(bytes);
    }
    link.changed().signalAll();
  }

  /** OK, of a fetch among others. */
  void answered() {
    unanswered = false;
  }

  /**
   * CLOSED. Where the module keeps data it withholds this until all has been read, but for NonOS,
   * and but for a peer that breaks off in the middle of a fetch; and a notice can be missing.
   */
  void closedByModule() {
    boolean kept = receiving.passive(link.id());
    endInDoubt = kept ? dialect.closesEarly() || unanswered : received.announced() > 0;
  }

  void pushed(ByteBuffer bytes) {
    if (shut) {
      return; // the caller wants no more; it may still write
    }
    if (received.held() + bytes.remaining() > MAX_RECEIVED) {
      overrun();
    } else if (!link.failed()) { // behind a gap nothing counts
      receiving.set(link.id(), false);
      received.announced(0); // all that waited comes now
      received.add(bytes);
      link.changed().signalAll();
      if (behind()) {
        link.outputChanged();
      }
    }
  }

  /** The module closes it, or its peer would go on filling the line for nobody. */
  private void overrun() {
    if (!link.failed()) {
      failed(
          new SocketException(
              link.name() + ": more than " + MAX_RECEIVED + " bytes were received and not read"));
      link.abandon();
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
    boolean gap = received.announced() > 0 || endInDoubt;
    received.announced(0);
    return gap;
  }

  void clear() {
    received.clear();
  }

  int held() {
    return received.held();
  }

  /**
   * Tells whether it pays to have data pushed again: a read had to wait for what it then finds in
   * the module, so the reader has caught up, and a switch costs no more than the fetch it replaces.
   */
  boolean caughtUp() {
    return received.held() == 0
        && waited
        && receiving.adaptive()
        && receiving.passive(link.id())
        && !link.goneOnModule(); // who has said CLOSED pushes nothing any more
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

  /**
   * Blocks for at least one byte; -1 after the peer's last one. The peer may be silent for the
   * time-out; what waits in the module is waited for longer, while others have the turn.
   */
  int read(byte[] buffer, int offset, int count) throws IOException {
    long start = System.nanoTime();
    while (true) {
      boolean fetch;
      boolean closed;
      lock.lock();
      try {
        fetch = await(start);
        if (received.held() > 0) {
          return received.take(buffer, offset, count);
        }
        if (!fetch && ended()) {
          return -1;
        }
        closed = link.peerClosed();
      } catch (InterruptedException e) {
        throw link.interrupted("reading from");
      } finally {
        lock.unlock();
      }
      if (fetch) {
        fetch();
      } else if (closed) {
        confirmEnd();
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
    waited = false;
    while (true) {
      link.throwIfClosed();
      if (received.held() > 0 || shut) {
        return false;
      }
      if (received.announced() > 0 && receiving.passive(link.id())) {
        return true;
      }
      if (ended() || link.peerClosed()) {
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
    return pollable && receiving.passive(link.id()) || received.announced() > 0;
  }

  private boolean ended() {
    return link.peerClosed() && !endInDoubt || shut;
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
    waited = true;
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

  private void fetch() throws IOException {
    try {
      link.talk().fetch(turnDeadline(), link::stopped);
    } catch (SocketTimeoutException e) {
      throw e; // no turn for a long time; nothing is lost
    } catch (InterruptedIOException e) {
      throw link.interrupted("reading from");
    }
  }

  private void confirmEnd() throws IOException {
    try {
      link.talk().confirmEnd(turnDeadline(), link::stopped);
    } catch (InterruptedIOException e) {
      throw e instanceof SocketTimeoutException ? e : link.interrupted("reading from");
    }
  }

  private void poll() throws IOException {
    try {
      link.talk().poll(link::stopped);
    } catch (InterruptedIOException e) {
      throw link.interrupted("reading from");
    }
  }

  /**
   * The time-out is for the peer's silence, and its data, or its end, is there: it is had as soon
   * as those who are before in the turn are done.
   */
  private Deadline turnDeadline() {
    return Deadline.in(Duration.ofNanos(link.patience()));
  }

  // ---- what the conversations report

  /** Returns how many bytes to ask for, fewer after each refusal; 0 when nothing waits. */
  int fetchSize() {
    lock.lock();
    try {
      unfetched = true;
      int most = Math.max(1, dialect.fetchLimit() >> 2 * refusedFetches);
      boolean waits = received.announced() > 0 && receiving.passive(link.id());
      return waits ? most : 0;
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of OK: what it answers must have come before it. */
  void fetchDone() {
    lock.lock();
    try {
      if (unfetched && !link.closed()) {
        failed(new SocketException(link.name() + ": fetched bytes were lost on the wire"));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the module was told to keep what comes for this link. */
  boolean kept() {
    lock.lock();
    try {
      return receiving.passive(link.id());
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the module has said CLOSED, so that what it is asked now is asked behind it. */
  boolean closedBefore() {
    lock.lock();
    try {
      return link.peerClosed();
    } finally {
      lock.unlock();
    }
  }

  /** Takes note that nothing waits behind CLOSED. */
  void endConfirmed() {
    lock.lock();
    try {
      endInDoubt = false;
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the module does not push what waits there, though told to push. */
  boolean stuck() {
    lock.lock();
    try {
      return received.announced() > 0 && !receiving.passive(link.id());
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
