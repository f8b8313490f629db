package io.espat.sim;

import java.time.Duration;

/**
 * Finds three plus signs that stand alone: 20 ms of silence before and behind them and less between
 * them; loop thread only.
 *
 * <p>Plus signs that may become such an escape are held back until it is known.
 */
final class Escape {
  static final Duration GUARD = Duration.ofMillis(20);

  /** Hears what the plus signs were. */
  interface Listener {
    void escaped();

    /** That many plus signs were payload after all. */
    void released(int plusSigns);
  }

  private final EventLoop loop;
  private final Listener listener;

  /** When the last byte came, or could have been taken; a prompt counts as a silence. */
  private long heard;

  private int plusSigns;
  private Runnable cancel = () -> {};

  Escape(EventLoop loop, Listener listener) {
    this.loop = loop;
    this.listener = listener;
    heard = loop.now() - GUARD.toNanos();
  }

  /** Whether the line was silent for the guard time. */
  boolean quiet() {
    return loop.now() - heard >= GUARD.toNanos();
  }

  /** The module took nothing for a while: what comes next did not follow a silence. */
  void stalled() {
    heard = loop.now();
  }

  /** Looks at a chunk and says whether it is held back; if not, all of it is payload. */
  boolean holds(byte[] chunk) {
    cancel.run();
    boolean candidate = (plusSigns > 0 || quiet()) && plusSigns + chunk.length <= 3;
    for (byte one : chunk) {
      candidate &= one == '+';
    }
    heard = loop.now();
    if (!candidate) {
      release();
      return false;
    }
    plusSigns += chunk.length;
    cancel = silence(loop, GUARD, this::silent);
    return true;
  }

  /** Runs an action after a silence, unless it is taken back because more came. */
  static Runnable silence(EventLoop loop, Duration length, Runnable action) {
    boolean[] cancelled = {false};
    // posted, so that a chunk which already waits is taken first, however late this thread is
    Runnable posted =
        () -> {
          if (!cancelled[0]) {
            action.run();
          }
        };
    Runnable timer = loop.after(length, () -> loop.post(posted));
    return () -> {
      cancelled[0] = true;
      timer.run();
    };
  }

  private void silent() {
    if (plusSigns == 3) {
      plusSigns = 0;
      listener.escaped();
    } else {
      release();
    }
  }

  private void release() {
    int count = plusSigns;
    plusSigns = 0;
    if (count > 0) {
      listener.released(count);
    }
  }

  void abandon() {
    cancel.run();
  }
}
