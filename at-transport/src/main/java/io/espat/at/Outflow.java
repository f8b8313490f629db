package io.espat.at;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The output of a link: callers write into it, the sender thread empties it. */
final class Outflow {
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Link link;
  private final Links links;
  private final AtChannel channel;
  private final ReentrantLock lock; // the lock of all links
  private final OutputGather gathered; // guarded by lock, as all below
  private boolean sending;
  private boolean shut;
  private boolean hasLeft;
  private long leftAt;
  private int undelivered;

  Outflow(Link link, Links links, AtChannel channel, Dialect dialect) {
    this.link = link;
    this.links = links;
    this.channel = channel;
    this.lock = link.lock();
    this.gathered = new OutputGather(dialect.sendLimit());
  }

  // ---- lock held

  /** Says that what is held must leave now. */
  void urge() {
    if (gathered.held() > 0) {
      gathered.urge();
      links.outputChanged();
    }
  }

  /** Tells whether something is held or on its way to the module. */
  boolean leaving() {
    return gathered.held() > 0 || sending;
  }

  /** Returns when the last output left, or {@code start} when that was later. */
  long leftSince(long start) {
    return hasLeft && leftAt - start > 0 ? leftAt : start;
  }

  /** Drops what is held; it counts as not delivered. */
  void drop() {
    undelivered += gathered.drop();
  }

  /** Tells, after {@link #awaitVerdict}, whether bytes were lost or their fate is unknown. */
  boolean lostBytes() {
    return undelivered > 0 || sending;
  }

  /** Returns the nanoseconds until something must be sent, MAX_VALUE for never. */
  long dueIn(long now) {
    boolean dead = sending || link.peerClosed() || link.failed();
    return dead ? Long.MAX_VALUE : gathered.dueIn(now, GATHER_NANOS);
  }

  /** Takes the bytes of the next send. Sender thread only. */
  byte[] take() {
    sending = true;
    byte[] bytes = gathered.take();
    link.changed().signalAll();
    return bytes;
  }

  /** Waits until nothing is held or on its way, or the link has failed. */
  void awaitVerdict(Deadline deadline) {
    try {
      if (Thread.currentThread().isInterrupted() && leaving()) {
        link.fail(new SocketException(link.name() + ": closed by interruption"));
      }
      while (leaving() && !link.failed()) {
        if (link.peerClosed() && !sending) {
          link.fail(new SocketException(link.name() + ": closed by the peer before all was sent"));
        } else if (deadline.passed()) {
          link.fail(new SocketException(link.name() + ": not all was sent before it was closed"));
        } else {
          urge();
          link.changed().awaitNanos(deadline.left());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      link.fail(new SocketException(link.name() + ": interrupted while closing"));
    }
  }

  // ---- callers

  /** Queues all bytes; blocks while two full sends are held. */
  void write(byte[] bytes, int offset, int count) throws IOException {
    long patience = link.patience();
    long start = System.nanoTime();
    lock.lock();
    try {
      int done = 0;
      while (done < count) {
        throwIfNotWritable();
        int run = gathered.add(bytes, offset + done, count - done, System.nanoTime());
        done += run;
        if (run > 0) {
          start = System.nanoTime();
          links.outputChanged();
        } else if (System.nanoTime() - start > patience) {
          link.fail(new SocketException(link.name() + ": nothing could be sent for a long time"));
        } else {
          link.changed().awaitNanos(patience);
        }
      }
    } catch (InterruptedException e) {
      throw link.interrupted("writing to");
    } finally {
      lock.unlock();
    }
  }

  private void throwIfNotWritable() throws IOException {
    link.throwIfClosed();
    link.throwIfFailed();
    if (shut) {
      throw new SocketException(link.name() + ": output is shut down");
    }
    if (link.peerClosed()) {
      throw new SocketException("writing to " + link.name() + ": closed by the peer");
    }
  }

  /** Sends what is held and waits for its verdict; the peer hears of the end at close only. */
  void shutdown(Deadline deadline) throws IOException {
    lock.lock();
    try {
      throwIfNotWritable();
      shut = true;
      awaitVerdict(deadline);
      link.throwIfFailed();
    } finally {
      lock.unlock();
    }
  }

  // ---- the sender thread

  /** Hands a send to the module; whatever goes wrong ends the link. */
  void send(byte[] bytes) {
    IOException failed = null;
    try (Turn turn = channel.take()) {
      throwIfGone();
      turn.send(link.id(), bytes, link.place());
    } catch (IOException e) {
      failed = e;
    }
    lock.lock();
    try {
      sending = false;
      hasLeft = true;
      leftAt = System.nanoTime();
      if (failed != null) {
        undelivered += bytes.length;
        link.fail(failed);
      }
      link.changed().signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Checks, in the turn, that the id is still this link's. */
  private void throwIfGone() throws IOException {
    lock.lock();
    try {
      if (link.failed() || link.goneOnModule()) {
        throw new SocketException("sending on " + link.name() + ": it has ended");
      }
    } finally {
      lock.unlock();
    }
  }
}
