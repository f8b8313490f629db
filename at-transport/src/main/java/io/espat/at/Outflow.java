package io.espat.at;

import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The output of a link: callers write into it, the sender thread empties it. */
final class Outflow implements SendTalk.Payload {
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Sends that are held besides each other: one on its way, and what is written meanwhile. */
  private static final int QUEUED = 2;

  private final Link link;
  private final Links links;
  private final AtChannel channel;
  private final SendSize sizes;
  private final ReentrantLock lock; // the lock of all links
  private final OutputGather gathered; // guarded by lock, as all below
  private int blockedWriters;
  private long confirmed;
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
    this.sizes = new SendSize(channel, dialect);
    this.gathered = new OutputGather(links.chunks, sizes.full(), QUEUED * sizes.most(false));
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

  /** Says that the sender is about to serve this link. Sender thread only. */
  void begin() {
    sending = true;
  }

  /** Returns how many bytes have not been written to the module yet. */
  int left() {
    return gathered.left();
  }

  boolean hasBlockedWriters() {
    return blockedWriters > 0;
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
          awaitRoom(patience);
        }
      }
    } catch (InterruptedException e) {
      throw link.interrupted("writing to");
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom(long patience) throws InterruptedException {
    blockedWriters++;
    try {
      link.changed().awaitNanos(patience);
    } finally {
      blockedWriters--;
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
  void send() {
    IOException failed = null;
    int size = 0;
    try (Turn turn = channel.take()) {
      size = announce();
      AtCommand command = sizes.command(link.id(), size);
      String place = "link " + link.id() + " to " + link.place();
      new SendTalk(turn, channel, this, command, size, place, confirmed()).run();
    } catch (IOException e) {
      failed = e;
    }
    lock.lock();
    try {
      sending = false;
      hasLeft = true;
      leftAt = System.nanoTime();
      links.talked(link);
      if (failed == null) {
        confirmed += size;
      } else {
        undelivered += size;
        link.fail(failed);
      }
      link.changed().signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Fixes the size of the send, in the turn: by then more may be held, or the link be gone. */
  private int announce() throws IOException {
    lock.lock();
    try {
      if (link.failed() || link.goneOnModule()) {
        throw new SocketException("sending on " + link.name() + ": it has ended");
      }
      return gathered.announce(sizes.most(links.othersTalk(link)));
    } finally {
      lock.unlock();
    }
  }

  private long confirmed() {
    lock.lock();
    try {
      return confirmed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public byte[] piece() {
    lock.lock();
    try {
      byte[] piece = gathered.piece(sizes.piece());
      if (blockedWriters > 0) {
        link.changed().signalAll(); // there is room again
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable String stopped() {
    lock.lock();
    try {
      return link.outputEnd();
    } finally {
      lock.unlock();
    }
  }
}
