package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a module, one after another: after a loss there is another one, as far as the
 * {@link Recovery} allows.
 */
final class Sessions {
  private static final Logger LOG = LogManager.getLogger();
  private static final Duration JOIN_LIMIT = Duration.ofSeconds(1);

  /** What opens the device again. */
  @FunctionalInterface
  interface Device {
    ByteStream open() throws IOException;
  }

  private final ModuleConfig config;
  private final Recovery policy;
  private final Events events;
  private final @Nullable Device device;
  private final Network network;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Wire wire; // guarded by lock, as all below
  private Session current;
  private ModuleStatistics earlier = new ModuleStatistics(0, 0, 0);
  private boolean recovering;
  private boolean gaveUp;
  private int attempts;
  private long countedFrom = System.nanoTime();
  private @Nullable Thread recovery;
  private @Nullable ModuleLostException closed;
  private boolean unheard; // recovery thread only

  /** Takes the stream; {@code device} opens another one after its end, null if nothing can. */
  Sessions(ByteStream stream, ModuleConfig config, Events events, @Nullable Device device) {
    this.config = config;
    this.policy = config.recovery();
    this.events = events;
    this.device = device;
    this.gaveUp = policy.attempts() == 0;
    this.network = new Network(policy.within());
    this.wire = new Wire(stream, config);
    this.current = session(wire);
  }

  private Session session(Wire on) {
    return new Session(on, config, events, network, this::lost);
  }

  /** Brings the module up for the first time. */
  void begin() throws IOException {
    wire.start();
    current.begin();
    lock.lock();
    try {
      if (current.loss() != null) {
        recoverOnce(); // it was lost while it was not begun yet
      }
    } finally {
      lock.unlock();
    }
  }

  Network network() {
    return network;
  }

  /** Returns the session there is, be it lost. */
  Session present() {
    lock.lock();
    try {
      return current;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns the session there is; while the module is being recovered, waits for the next one.
   *
   * @throws ModuleLostException if the module is lost for good, or not back in time
   */
  Session current(Deadline deadline, Stop stop) throws IOException {
    lock.lock();
    try {
      while (true) {
        throwIfEnded(stop);
        ModuleLostException loss = current.loss();
        if (loss == null) {
          return current;
        }
        if (gaveUp || deadline.passed()) {
          throw loss.again();
        }
        changed.awaitNanos(deadline.left());
      }
    } catch (InterruptedException e) {
      throw AtChannel.interrupted("waiting for " + wire.name() + " to come back");
    } finally {
      lock.unlock();
    }
  }

  /**
   * As {@link #current}, and waits for the network that the module has lost.
   *
   * @throws WifiException if it was not back in time
   */
  Session online(Deadline deadline, Stop stop) throws IOException {
    current(deadline, stop);
    if (network.await(deadline, stop, () -> current(deadline, stop).joined(deadline, stop))) {
      throw new WifiException(
          WifiException.ABSENT, name() + ": the module has lost its Wi-Fi network", "", List.of());
    }
    return current(deadline, stop);
  }

  private void throwIfEnded(Stop stop) throws IOException {
    if (closed != null) {
      ModuleLostException first = current.loss();
      throw first == null ? closed.again() : first.again();
    }
    IOException stopped = stop.reason();
    if (stopped != null) {
      throw stopped;
    }
  }

  /** Makes every waiting thread look at its {@link Stop} again. */
  void wake() {
    Session session;
    lock.lock();
    try {
      changed.signalAll();
      session = current;
    } finally {
      lock.unlock();
    }
    network.wake();
    session.links().wake();
    session.channel().wake();
  }

  LineInfo line() {
    lock.lock();
    try {
      return wire.line().info();
    } finally {
      lock.unlock();
    }
  }

  String name() {
    lock.lock();
    try {
      return wire.name();
    } finally {
      lock.unlock();
    }
  }

  ModuleStatistics statistics() {
    lock.lock();
    try {
      return new ModuleStatistics(
          earlier.commands() + current.channel().commands(),
          earlier.bytesSent() + wire.sent(),
          earlier.bytesReceived() + wire.received());
    } finally {
      lock.unlock();
    }
  }

  /** Ends the session there is in good order, and whatever waits for another one. */
  void close(ModuleLostException cause) {
    lock.lock();
    try {
      if (closed == null) {
        closed = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    network.wake();
    Session last = present();
    last.close(cause);
    Wire open;
    Thread recoverer;
    lock.lock();
    try {
      open = wire;
      recoverer = recovery;
    } finally {
      lock.unlock();
    }
    open.close(); // which also ends an attempt to bring it up
    join(open.reader());
    join(last.sender());
    if (recoverer != null) {
      join(recoverer);
    }
  }

  /** Waits a moment for a thread that is about to end. */
  static void join(Thread thread) {
    if (thread == Thread.currentThread()) {
      return; // a listener closes the module
    }
    try {
      thread.join(JOIN_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- after a loss

  /** Called once a session, by the thread that found out; attempts are lost in silence. */
  private void lost(Session session, ModuleLostException cause) {
    lock.lock();
    try {
      if (session != current) {
        return;
      }
      events.lost(cause);
      if (session.begun()) {
        recoverOnce();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Starts the recovery unless there is one already, or is to be none; lock held. */
  private void recoverOnce() {
    if (closed == null && !gaveUp && !recovering) {
      recovering = true;
      recovery = config.threadFactory().newThread(this::recover);
      recovery.setName("espat recovery " + wire.name());
      recovery.start();
    }
  }

  /** The recovery thread: another session, or the end of all hope. */
  private void recover() {
    long start = System.nanoTime();
    boolean done = false;
    try {
      network.joined(false); // a restarted module looks for it; asked once it is up
      if (start - countedFrom() > policy.within().toNanos()) {
        countFrom(start);
      }
      while (!done && awaitAttempt()) {
        Session next = attempt();
        done = next != null && adopt(next, Duration.ofNanos(System.nanoTime() - start));
      }
    } finally {
      if (!done) {
        giveUp();
      }
    }
  }

  private long countedFrom() {
    lock.lock();
    try {
      return countedFrom;
    } finally {
      lock.unlock();
    }
  }

  private void countFrom(long moment) {
    lock.lock();
    try {
      countedFrom = moment;
      attempts = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Pauses; false if there is to be no further attempt. */
  private boolean awaitAttempt() {
    lock.lock();
    try {
      Deadline end = Deadline.in(policy.pauseBefore(attempts));
      while (closed == null && !end.passed()) {
        changed.awaitNanos(end.left());
      }
      boolean inTime = System.nanoTime() - countedFrom <= policy.within().toNanos();
      return closed == null && inTime && attempts++ < policy.attempts() && !unplugged();
    } catch (InterruptedException e) {
      LOG.debug("{}: the recovery was interrupted", wire.name());
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean unplugged() {
    return wire.ended() && device == null;
  }

  /** Returns a session that was brought up, or null. */
  private @Nullable Session attempt() {
    try {
      Session next = session(openWire());
      boolean begun = false;
      try {
        next.begin();
        network.joined(next.joined(Deadline.in(config.commandTimeout()), Stop.NEVER));
        begun = true;
        return next;
      } finally {
        if (!begun) {
          next.close(
              new ModuleLostException(AtException.LOST, name() + ": was not brought up", null));
          count(next);
        }
      }
    } catch (IOException e) {
      LOG.debug("{}: not recovered yet: {}", name(), e.getMessage());
      unheard = e instanceof ModuleLostException;
      return null;
    }
  }

  /** Opens the device again if its stream has ended, or if nothing was heard by it. */
  private Wire openWire() throws IOException {
    Wire old;
    lock.lock();
    try {
      old = wire;
    } finally {
      lock.unlock();
    }
    if (device == null || !old.ended() && !unheard) {
      return old;
    }
    old.close();
    Wire fresh = new Wire(device.open(), config);
    lock.lock();
    try {
      if (closed != null) {
        fresh.close();
        throw closed.again();
      }
      wire = fresh;
      add(0, old.sent(), old.received());
    } finally {
      lock.unlock();
    }
    fresh.start();
    return fresh;
  }

  private void count(Session over) {
    lock.lock();
    try {
      add(over.channel().commands(), 0, 0);
    } finally {
      lock.unlock();
    }
  }

  private void add(long commands, long sent, long received) {
    earlier =
        new ModuleStatistics(
            earlier.commands() + commands,
            earlier.bytesSent() + sent,
            earlier.bytesReceived() + received);
  }

  /** Makes it the present session; false if that was lost again meanwhile. */
  private boolean adopt(Session next, Duration took) {
    ModuleLostException end;
    lock.lock();
    try {
      count(current);
      current = next;
      end = closed;
      if (end == null && next.loss() != null) {
        return false;
      }
      recovering = false;
      if (end == null) {
        events.recovered(attempts, took);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (end != null) {
      next.close(end);
    }
    return true;
  }

  private void giveUp() {
    network.joined(true); // nobody is to wait for it
    lock.lock();
    try {
      gaveUp = true;
      recovering = false;
      ModuleLostException loss = current.loss();
      if (closed == null && loss != null) {
        events.abandoned(loss);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
