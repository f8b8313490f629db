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

  private final Selector selector;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private volatile boolean ended;

  EventLoop() throws IOException {
    selector = Selector.open();
  }

  /** Runs an action on the loop's thread, soon; from any thread. */
  void post(Runnable action) {
    posted.add(action);
    selector.wakeup();
  }

  /** Makes the loop look again; from any thread. */
  void wake() {
    selector.wakeup();
  }

  /** Runs an action after a delay and returns what takes it back; loop thread only. */
  Runnable after(Duration delay, Runnable action) {
    Timer timer = new Timer(System.nanoTime() + delay.toNanos(), action);
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
      runPosted();
      runDue();
      select(round.run());
    }
  }

  void end() {
    ended = true;
    selector.wakeup();
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
    }
  }

  private void runDue() {
    Timer next;
    while ((next = timers.peek()) != null && next.due - System.nanoTime() <= 0) {
      timers.remove();
      if (!next.cancelled) {
        next.action.run();
      }
    }
  }

  private void select(boolean more) throws IOException {
    Timer next = timers.peek();
    if (more || !posted.isEmpty()) {
      selector.selectNow();
    } else if (next == null) {
      selector.select();
    } else {
      long wait = (next.due - System.nanoTime() + 999_999) / 1_000_000;
      if (wait > 0) {
        selector.select(wait);
      } else {
        selector.selectNow();
      }
    }
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid()) {
        ((Runnable) key.attachment()).run();
      }
    }
    selector.selectedKeys().clear();
  }
}
