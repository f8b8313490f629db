package io.espat.at;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
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

  private final ArrayDeque<ByteBuffer> received = new ArrayDeque<>(); // guarded by lock, as below
  private final OutputGather output;
  private int receivedBytes;
  private int announced;
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
    this.output = new OutputGather(dialect.sendLimit());
    this.pollable = dialect.receive() != Dialect.Receive.ACTIVE;
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

  private String place() {
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
      announced = bytes;
      changed.signalAll();
    }
  }

  /** Bytes that were asked for: with them the announcement is used up. */
  void fetched(ByteBuffer bytes) {
    lock.lock();
    try {
      announced = 0; // if more waits, a notice follows the OK
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
    } else if (receivedBytes + bytes.remaining() > MAX_RECEIVED) {
      inputFailed(
          new SocketException(
              name() + ": more than " + MAX_RECEIVED + " bytes were received and not read"));
    } else {
      add(bytes);
    }
  }

  private void add(ByteBuffer bytes) {
    if (!closed && bytes.hasRemaining()) {
      received.addLast(bytes);
      receivedBytes += bytes.remaining();
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
    announced = 0;
    fail(cause, 0);
  }

  private void inputFailed(IOException cause) {
    announced = 0;
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
   * Connects, by the address that the module resolved.
   *
   * @param keepAlive seconds of silence before TCP asks the peer, 0 for never
   */
  void connect(Deadline deadline, int keepAlive, Stop stop) throws IOException {
    boolean release = true;
    try (Turn turn = channel.take(deadline, stop)) {
      AtCommand.Builder command =
          AtCommand.builder("AT+CIPSTART")
              .with(id)
              .with(peer.getAddress().getAddress().length == 4 ? "TCP" : "TCPv6")
              .with(peer.getAddress().getHostAddress())
              .with(peer.getPort());
      if (keepAlive > 0) {
        command.with(keepAlive);
      }
      channel.expect(this);
      turn.ifUnanswered(this::closeLate);
      long start = System.nanoTime();
      release = false; // from here on the slot is free when the module has closed the link
      try {
        turn.ask(command.build(), deadline, stop);
      } catch (AtException e) {
        release = true;
        throw Refusal.of(place(), e, turn, Duration.ofNanos(System.nanoTime() - start));
      } catch (SocketTimeoutException e) {
        throw Refusal.late(place(), e);
      }
      channel.events().opened(id, peer);
    } finally {
      if (release) {
        links.release(this);
      }
    }
  }

  /** Ends a connection that nobody waits for any more, after a resynchronisation. */
  private void closeLate(Turn turn) throws IOException {
    if (links.holds(this)) {
      closeOn(turn);
      links.release(this);
    }
  }

  private void closeOn(Turn turn) throws IOException {
    try {
      turn.ask(AtCommand.builder("AT+CIPCLOSE").with(id).build());
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.trace("{}: the module had closed it already", name());
    }
  }

  /** Closes it on the module, in a turn; sender thread, or a caller in close. */
  void closeOnModule(Deadline deadline) throws IOException {
    try (Turn turn = channel.take(deadline, Stop.NEVER)) {
      if (links.holds(this)) { // or a resynchronisation has closed it meanwhile
        turn.ifUnanswered(this::closeLate);
        closeOn(turn);
        links.release(this);
      }
    }
  }

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
      receivedBytes = 0;
      announced = 0;
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
      closeOnModule(deadline);
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
      return inputShut ? 0 : receivedBytes + announced;
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
        if (receivedBytes > 0) {
          return take(buffer, offset, count);
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
        poll();
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
      if (receivedBytes > 0 || inputShut) {
        return false;
      }
      if (announced > 0) {
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

  private int take(byte[] buffer, int offset, int count) {
    int done = 0;
    while (done < count && receivedBytes > 0) {
      ByteBuffer first = received.getFirst();
      int run = Math.min(count - done, first.remaining());
      first.get(buffer, offset + done, run);
      done += run;
      receivedBytes -= run;
      if (!first.hasRemaining()) {
        received.removeFirst();
      }
    }
    return done;
  }

  /** Gets what waits in the module; the reader thread files it before the answer ends. */
  private void fetch(long start) throws IOException {
    try (Turn turn = channel.take(readDeadline(start), this::stopReading)) {
      int most;
      lock.lock();
      try {
        if (announced == 0) {
          return; // another thread was quicker
        }
        most = Math.max(1, dialect.fetchLimit() >> 2 * refusedFetches);
      } finally {
        lock.unlock();
      }
      channel.expect(this);
      Deadline limit = Deadline.in(channel.config().commandTimeout().plus(channel.lineTime(most)));
      AtCommand command = AtCommand.builder("AT+CIPRECVDATA").with(id).with(most).build();
      try {
        turn.ask(command, limit, this::stopReading);
      } catch (ModuleLostException e) {
        throw e;
      } catch (AtException e) {
        fetchRefused(turn);
      } catch (SocketTimeoutException e) {
        failInput(new SocketException(name() + ": " + e.getMessage()));
      }
    } catch (InterruptedIOException e) {
      throw e instanceof SocketTimeoutException ? e : interrupted("reading from");
    }
  }

  private Deadline readDeadline(long start) {
    lock.lock();
    try {
      long patience =
          channel.config().connectTimeout().plus(channel.config().sendTimeout()).toNanos() * 2;
      long left = timeoutNanos == 0 ? patience : start + timeoutNanos - System.nanoTime();
      return Deadline.in(Duration.ofNanos(Math.max(left, GATHER_NANOS)));
    } finally {
      lock.unlock();
    }
  }

  private @Nullable IOException stopReading() {
    return closed ? closedHere() : null;
  }

  /** ERROR: nothing waits, too little memory for that many bytes, or the link is gone. */
  private void fetchRefused(Turn turn) throws IOException {
    lock.lock();
    try {
      if (peerClosed || ++refusedFetches > MAX_REFUSED_FETCHES) {
        inputFailed(
            new SocketException(
                name() + ": " + announced + " bytes were announced and could not be fetched"));
        peerClosed = false;
        return;
      }
      announced = 0;
    } finally {
      lock.unlock();
    }
    lengths(turn);
  }

  private void failInput(IOException cause) {
    lock.lock();
    try {
      inputFailed(cause);
    } finally {
      lock.unlock();
    }
  }

  /** Asks how much waits, in case the notice got lost (esp-at #294, #598, #649). */
  private void poll() throws IOException {
    Turn turn = channel.takeIfFree();
    if (turn != null) {
      try (turn) {
        lengths(turn);
      } catch (SocketTimeoutException e) {
        LOG.debug("{}: no answer to a poll", name());
      }
    }
  }

  private void lengths(Turn turn) throws IOException {
    try {
      AtReply reply = turn.ask(AtCommand.of("AT+CIPRECVLEN?"));
      links.lengths(RecvLen.parse(reply.value("+CIPRECVLEN:").orElse("")));
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      lock.lock();
      try {
        pollable = false; // a firmware without the command
      } finally {
        lock.unlock();
      }
    }
  }

  // ---- output; caller's thread writes, sender thread sends

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    long start = System.nanoTime();
    long patience =
        channel.config().sendTimeout().plus(channel.config().connectTimeout()).toNanos() * 2;
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
      receivedBytes = 0;
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
