package io.espat.at;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What one connection of the module holds in both directions, and why it failed if it did.
 *
 * <p>A {@code Link} is never used again; only its id is. Life: connecting, open, then closed by the
 * peer, failed, or both; {@code closed} by us at last. Received bytes come before the reason of an
 * end.
 */
final class Link implements ByteStream {
  private static final Logger LOG = LogManager.getLogger();

  /** Pushed data that nobody reads: more than this is not held, the link fails. */
  static final int MAX_RECEIVED = 320 * 1024;

  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
  private static final int MAX_REFUSED_FETCHES = 4;

  private final Links links;
  private final AtChannel channel;
  private final Dialect dialect;
  private final int id;
  private final InetSocketAddress peer;
  private final ReentrantLock lock; // the lock of all links
  private final Condition changed;

  private final LinkTalk talk;
  private final Received received = new Received(); // guarded by lock, as all below
  private final OutputGather output;
  private int blockedReaders;
  private int undelivered;
  private boolean open;
  private boolean peerClosed;
  private boolean goneOnModule;
  private boolean wifiLost;
  private boolean sending;
  private volatile boolean closed; // written under the lock; read by Stop, which may not take it
  private boolean inputShut;
  private boolean outputShut;
  private boolean failureTold;
  private long outputLeft;
  private long timeoutNanos;
  private int refusedFetches;
  private boolean pollable;
  private @Nullable IOException failure;

  Link(Links links, AtChannel channel, Dialect dialect, int id, InetSocketAddress peer) {
    this.links = links;
    this.channel = channel;
    this.dialect = dialect;
    this.id = id;
    this.peer = peer;
    this.lock = links.lock;
    this.changed = lock.newCondition();
    this.talk = new LinkTalk(links, channel, this);
    this.output = new OutputGather(dialect.sendLimit());
    this.pollable = dialect.receive() != Dialect.Receive.ACTIVE;
  }

  LinkTalk talk() {
    return talk;
  }

  int id() {
    return id;
  }

  InetSocketAddress peer() {
    return peer;
  }

  @Override
  public String name() {
    return "link " + id + " to " + place();
  }

  String place() {
    return peer.getHostString() + ":" + peer.getPort();
  }

  // ---- what the reader thread reports; lock held or taken

  /** The module has connected this link; notices before this are those of an earlier one. */
  void opened() {
    lock.lock();
    try {
      open = true;
    } finally {
      lock.unlock();
    }
  }

  /** So many bytes wait in the module now. */
  void announced(int bytes) {
    if (open && !closed) {
      received.announced(bytes);
      changed.signalAll();
    }
  }

  /** Bytes that were asked for: with them the announcement is used up. */
  void fetched(ByteBuffer bytes) {
    lock.lock();
    try {
      received.announced(0); // if more waits, a notice follows the OK
      refusedFetches = 0;
      add(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that the module pushed (active receive). */
  void pushed(ByteBuffer bytes) {
    if (!open) {
      LOG.debug("{}: {} bytes before it was connected", name(), bytes.remaining());
    } else if (received.held() + bytes.remaining() > MAX_RECEIVED) {
      inputFailed(
          new SocketException(
              name() + ": more than " + MAX_RECEIVED + " bytes were received and not read"));
    } else {
      add(bytes);
    }
  }

  private void add(ByteBuffer bytes) {
    if (!closed) {
      received.add(bytes);
      changed.signalAll();
    }
  }

  /** The module says CLOSED: the peer's end of the stream, unless the network went away. */
  void closedByModule() {
    if (!open) {
      return; // of an earlier connection in the same slot; esp-at #590
    }
    goneOnModule = true;
    if (wifiLost) {
      fail(new SocketException(name() + ": closed because the module lost its Wi-Fi network"), 0);
    } else if (failure == null) {
      peerClosed = true;
    }
    changed.signalAll();
    links.outputChanged();
  }

  void wifi(boolean up) {
    wifiLost = !up;
  }

  void moduleLost(ModuleLostException cause) {
    goneOnModule = true;
    received.announced(0);
    fail(cause, 0);
  }

  /** Keeps the first cause; {@code bytes} of a send may or may not have left. Lock held. */
  private void fail(IOException cause, int bytes) {
    undelivered += bytes + output.drop();
    if (failure == null) {
      failure = cause;
      LOG.debug("{} failed: {}", name(), cause.getMessage());
    }
    changed.signalAll();
    links.outputChanged();
  }

  /** Makes an exception of the first cause for one more caller; lock held. */
  private IOException told() {
    failureTold = true;
    IOException cause = failure;
    if (cause instanceof ModuleLostException lost) {
      return lost.again();
    }
    SocketException copy = new SocketException(cause == null ? "closed" : cause.getMessage());
    copy.initCause(cause);
    return copy;
  }

  // ---- connecting and closing; caller's thread

  /**
   * Sends what is held, waits for its verdict, and closes the link on the module.
   *
   * <p>Blocks at most twice the send time-out. Calls blocked in other threads end at once.
   *
   * @throws IOException if bytes that were written could not be handed over, unless that was thrown
   *     before
   */
  @Override
  public void close() throws IOException {
    Deadline deadline = Deadline.in(channel.config().sendTimeout().multipliedBy(2));
    boolean gone;
    IOException unsent;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      received.clear();
      changed.signalAll();
      awaitVerdict(deadline);
      gone = goneOnModule;
      unsent = undelivered > 0 && !failureTold ? told() : null;
    } finally {
      lock.unlock();
    }
    channel.wake(); // for whoever waits for a turn or an answer on behalf of this link
    channel.events().closed(id, unsent);
    if (gone) {
      links.release(this);
    } else {
      closeOrAbandon(deadline);
    }
    if (unsent != null) {
      throw unsent;
    }
  }

  private void closeOrAbandon(Deadline deadline) {
    if (Thread.currentThread().isInterrupted()) {
      links.abandon(this);
      return;
    }
    try {
      talk.close(deadline);
    } catch (ModuleLostException e) {
      links.release(this);
    } catch (IOException e) {
      LOG.debug("{}: closing it is left to the sender: {}", name(), e.getMessage());
      links.abandon(this);
    }
  }

  /** Waits until nothing is held or on its way; lock held. */
  private void awaitVerdict(Deadline deadline) {
    try {
      if (Thread.currentThread().isInterrupted()) {
        fail(new SocketException(name() + ": closed by interruption"), 0);
      }
      while ((output.held() > 0 || sending) && failure == null) {
        if (peerClosed && !sending) {
          fail(new SocketException(name() + ": closed by the peer before all was sent"), 0);
        } else if (deadline.passed()) {
          fail(new SocketException(name() + ": not all was sent before it was closed"), 0);
        } else {
          output.urge();
          links.outputChanged();
          changed.awaitNanos(deadline.left());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(new SocketException(name() + ": interrupted while closing"), 0);
    }
  }

  // ---- input; caller's thread

  @Override
  public void timeout(Duration timeout) {
    lock.lock();
    try {
      timeoutNanos = timeout.toNanos();
      changed.signalAll(); // counts for a read that is blocked already
    } finally {
      lock.unlock();
    }
  }

  /** Returns the bytes that can be had without waiting for the peer, those in the module too. */
  int available() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw closedHere();
      }
      return inputShut ? 0 : received.held() + received.announced();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    long start = System.nanoTime();
    while (true) {
      boolean fetch;
      lock.lock();
      try {
        fetch = awaitInput(start);
        if (received.held() > 0) {
          return received.take(buffer, offset, count);
        }
        if (!fetch && ended()) {
          return -1;
        }
      } catch (InterruptedException e) {
        throw interrupted("reading from");
      } finally {
        lock.unlock();
      }
      if (fetch) {
        fetch(start);
      } else {
        talk.poll();
      }
    }
  }

  /**
   * Blocks; true when data waits in the module, false when there is data here, an end, or a poll.
   */
  private boolean awaitInput(long start) throws IOException, InterruptedException {
    long pollAt = System.nanoTime() + POLL_NANOS;
    while (true) {
      if (closed) {
        throw closedHere();
      }
      if (received.held() > 0 || inputShut) {
        return false;
      }
      if (received.announced() > 0) {
        return true;
      }
      if (ended()) {
        return false;
      }
      if (failure != null) {
        throw told();
      }
      long now = System.nanoTime();
      if (pollable && now - pollAt >= 0) {
        return false;
      }
      awaitChange(start, now, pollAt);
    }
  }

  private boolean ended() {
    return peerClosed || inputShut;
  }

  private void awaitChange(long start, long now, long pollAt)
      throws IOException, InterruptedException {
    if (output.held() > 0) {
      output.urge(); // the peer's answer may depend on what is held
      links.outputChanged();
    }
    boolean leaving = output.held() > 0 || sending;
    long wait = pollable ? pollAt - now : Long.MAX_VALUE;
    if (timeoutNanos > 0 && !leaving) {
      long begun = outputLeft != 0 && outputLeft - start > 0 ? outputLeft : start;
      long left = begun + timeoutNanos - now;
      if (left <= 0) {
        throw new SocketTimeoutException(
            "reading from " + name() + ": nothing within " + timeoutNanos / 1_000_000 + " ms");
      }
      wait = Math.min(wait, left);
    }
    blockedReaders++;
    try {
      if (wait == Long.MAX_VALUE) {
        changed.await();
      } else {
        changed.awaitNanos(wait);
      }
    } finally {
      blockedReaders--;
    }
  }

  /** Gets what waits in the module. */
  private void fetch(long start) throws IOException {
    try {
      talk.fetch(readDeadline(start), this::stopReading);
    } catch (SocketTimeoutException e) {
      throw e; // no turn within the read's time-out; nothing is lost
    } catch (InterruptedIOException e) {
      throw interrupted("reading from");
    }
  }

  private Deadline readDeadline(long start) {
    lock.lock();
    try {
      long left = timeoutNanos == 0 ? patience() : start + timeoutNanos - System.nanoTime();
      return Deadline.in(Duration.ofNanos(Math.max(left, GATHER_NANOS)));
    } finally {
      lock.unlock();
    }
  }

  /** Longer than anything that others may do in their turns. */
  private long patience() {
    ModuleConfig config = channel.config();
    return config.connectTimeout().plus(config.sendTimeout()).toNanos() * 2;
  }

  private @Nullable IOException stopReading() {
    return closed ? closedHere() : null;
  }

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
      if (peerClosed || refusedFetches > MAX_REFUSED_FETCHES) {
        String lost = received.announced() + " bytes were announced and could not be fetched";
        inputFailed(new SocketException(name() + ": " + lost));
        peerClosed = false; // an end with bytes missing is none
        return false;
      }
      received.announced(0);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the input for this reason, unless it has ended before. */
  void inputFailed(IOException cause) {
    lock.lock();
    try {
      received.announced(0);
      fail(cause, 0);
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

  // ---- output; caller's thread writes, sender thread sends

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    long start = System.nanoTime();
    long patience = patience();
    lock.lock();
    try {
      int done = 0;
      while (done < count) {
        throwIfNotWritable();
        int run = output.add(bytes, offset + done, count - done, System.nanoTime());
        done += run;
        if (run > 0) {
          start = System.nanoTime();
          links.outputChanged();
        } else if (System.nanoTime() - start > patience) {
          fail(new SocketException(name() + ": nothing could be sent for a long time"), 0);
        } else {
          changed.awaitNanos(patience);
        }
      }
    } catch (InterruptedException e) {
      throw interrupted("writing to");
    } finally {
      lock.unlock();
    }
  }

  private void throwIfNotWritable() throws IOException {
    if (closed) {
      throw closedHere();
    }
    if (failure != null) {
      throw told();
    }
    if (outputShut) {
      throw new SocketException(name() + ": output is shut down");
    }
    if (peerClosed) {
      throw new SocketException("writing to " + name() + ": closed by the peer");
    }
  }

  /** Sends at once only while another thread waits for an answer; a read of this one will send. */
  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      throwIfFailed();
      if (blockedReaders > 0) {
        output.urge();
        links.outputChanged();
      }
    } finally {
      lock.unlock();
    }
  }

  private void throwIfFailed() throws IOException {
    if (failure != null) {
      throw told();
    }
  }

  /** Returns the nanoseconds until something must be sent, MAX_VALUE for never; lock held. */
  long dueIn(long now) {
    boolean dead = sending || peerClosed || failure != null;
    return dead ? Long.MAX_VALUE : output.dueIn(now, GATHER_NANOS);
  }

  /** Takes the bytes of the next send; lock held, sender thread only. */
  byte[] takeSend() {
    sending = true;
    byte[] bytes = output.take();
    changed.signalAll();
    return bytes;
  }

  /** Hands a send to the module; whatever goes wrong ends the link. Sender thread only. */
  void send(byte[] bytes) {
    IOException failed = null;
    try (Turn turn = channel.take()) {
      throwIfGone();
      turn.send(id, bytes, place());
    } catch (IOException e) {
      failed = e;
    }
    lock.lock();
    try {
      sending = false;
      outputLeft = System.nanoTime();
      if (failed != null) {
        fail(failed, bytes.length);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Checks, in the turn, that the id is still this link's. */
  private void throwIfGone() throws IOException {
    lock.lock();
    try {
      if (failure != null) {
        throw told();
      }
      if (goneOnModule) {
        throw new SocketException("sending on " + name() + ": closed by the peer");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends what is held and waits for its verdict; the peer hears of the end at close only. */
  void shutdownOutput() throws IOException {
    lock.lock();
    try {
      throwIfNotWritable();
      outputShut = true;
      awaitVerdict(Deadline.in(channel.config().sendTimeout().multipliedBy(2)));
      throwIfFailed();
    } finally {
      lock.unlock();
    }
  }

  void shutdownInput() {
    lock.lock();
    try {
      inputShut = true;
      received.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes without waiting: the thread that was interrupted is not to be held up. */
  private InterruptedIOException interrupted(String doing) {
    InterruptedIOException interrupted = AtChannel.interrupted(doing + " " + name());
    try {
      close();
    } catch (IOException e) {
      interrupted.addSuppressed(e);
    }
    return interrupted;
  }

  private SocketException closedHere() {
    return new SocketException(name() + ": socket closed");
  }
}
