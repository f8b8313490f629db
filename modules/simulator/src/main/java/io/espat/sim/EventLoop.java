package io.espat.sim;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a module: everything that the firmware does, it does here, so nothing below
 * needs a lock.
 */
final class EventLoop {
  /** One round of work; answers whether more could be done at once. */
  interface Round {
    boolean run();
  }

  private static final class Timer implements Comparable<Timer> {
    private final long due;
    private final Runnable action;
    private boolean cancelled;

    Timer(long due, Runnable action) {
      this.due = due;
      this.action = action;
    }

    @Override
    public int compareTo(Timer other) {
      return Long.signum(due - other.due);
    }
  }

  private static final long NEVER = Long.MAX_VALUE;
  private static final long MILLI = 1_000_000;

  /** What no module lives to see, and a sum of nanoseconds still holds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** A selector knows whole milliseconds only; the rest is slept in naps, between looks at it. */
  private static final long NAP = 250_000;

  private final LongSupplier clock;
  private final Selector selector;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile @Nullable Thread napping;
  private volatile boolean ended;
  private long alarm = NEVER;
  private boolean late; // what happens now was due at a time that has passed
  private long due; // that time

  EventLoop() throws IOException {
    this(System::nanoTime);
  }

  /** A loop for tests that hold the time in their hands, and do not {@link #run} it. */
  EventLoop(LongSupplier clock) throws IOException {
    this.clock = clock;
    selector = Selector.open();
  }

  /** Runs an action on the loop's thread, soon; from any thread. */
  void post(Runnable action) {
    posted.add(action);
    wake();
  }

  /** Makes the loop look again; from any thread. */
  void wake() {
    if (!woken.getAndSet(true)) {
      Thread napper = napping;
      if (napper == null) {
        selector.wakeup();
      } else {
        LockSupport.unpark(napper);
      }
    }
  }

  /** The time, in nanoseconds. */
  long real() {
    return clock.getAsLong();
  }

  /**
   * The time at which that happens which the loop does now, though the loop may have woken late:
   * delays that follow each other add up to their sum; loop thread only.
   */
  long now() {
    return late ? due : real();
  }

  /** What happens now, until the end of this round, was due then; loop thread only. */
  void asOf(long time) {
    late = true;
    due = time;
  }

  /** What happens from here on happens now; loop thread only. */
  void asOfNow() {
    late = false;
  }

  /** Makes the loop look again at a time; said anew in each round; loop thread only. */
  void alarm(long time) {
    alarm = Math.min(alarm, time);
  }

  /** Runs an action after a delay and returns what takes it back; loop thread only. */
  Runnable after(Duration delay, Runnable action) {
    long nanos = delay.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : delay.toNanos();
    return at(now() + nanos, action);
  }

  /**
   * Runs an action at a time, at once when that has passed, and returns what takes it back; loop
   * thread only.
   */
  Runnable notBefore(long time, Runnable action) {
    if (time - real() > 0) {
      return at(time, action);
    }
    asOf(time);
    action.run();
    return () -> {};
  }

  /** Runs an action at a time and returns what takes it back; loop thread only. */
  Runnable at(long time, Runnable action) {
    Timer timer = new Timer(time, action);
    timers.add(timer);
    return () -> {
      timer.cancelled = true;
      timers.remove(timer);
    };
  }

  /** Watches a channel; {@code ready} runs when one of the operations of its key is possible. */
  SelectionKey watch(SelectableChannel channel, int operations, Runnable ready)
      throws ClosedChannelException {
    return channel.register(selector, operations, ready);
  }

  /** Changes what a key waits for; a key of a closed channel is left alone. */
  static void want(@Nullable SelectionKey key, int operations) {
    if (key != null && key.isValid() && key.interestOps() != operations) {
      key.interestOps(operations);
    }
  }

  void run(Round round) throws IOException {
    while (!ended) {
      woken.set(false);
      runPosted();
      runDue();
      alarm = NEVER;
      boolean more = round.run();
      asOfNow();
      sleep(more);
    }
  }

  void end() {
    ended = true;
    wake();
  }

  void close() throws IOException {
    posted.clear();
    timers.clear();
    selector.close();
  }

  private void runPosted() {
    Runnable action;
    while ((action = posted.poll()) != null) {
      action.run();
      asOfNow();
    }
  }

  private void runDue() {
    Timer next;
    while ((next = timers.peek()) != null && next.due - real() <= 0) {
      timers.remove();
      if (!next.cancelled) {
        asOf(next.due);
        next.action.run();
        asOfNow();
      }
    }
  }

  private void sleep(boolean more) throws IOException {
    Timer next = timers.peek();
    long until = next == null ? alarm : Math.min(alarm, next.due);
    if (more || woken.get() || ended) {
      selector.selectNow();
    } else if (until == NEVER) {
      selector.select();
    } else {
      sleepUntil(until);
    }
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        ((Runnable) key.attachment()).run();
      }
    }
    selector.selectedKeys().clear();
  }

  private void sleepUntil(long time) throws IOException {
    long left;
    int ready = 0;
    while (ready == 0 && !woken.get() && (left = time - real()) > 0) {
      if (left >= MILLI) {
        ready = selector.select(left / MILLI);
      } else if ((ready = selector.selectNow()) == 0) {
        nap(Math.min(left, NAP));
      }
    }
  }

  private void nap(long nanos) {
    napping = Thread.currentThread();
    if (!woken.get()) {
      LockSupport.parkNanos(this, nanos);
    }
    napping = null;
  }
}
