package io.espat.sim;

import java.util.function.IntConsumer;

/**
 * A fault: CLOSED of a link that never came into being, behind the ERROR of its dial or before the
 * answer to the next one; loop thread only.
 */
final class StaleClosed {
  private static final int NONE = -1;

  private final Faults faults;
  private final IntConsumer say;
  private int id = NONE;

  /** {@code say} says CLOSED of an id. */
  StaleClosed(Faults faults, IntConsumer say) {
    this.faults = faults;
    this.say = say;
  }

  /** A dial has failed, and that was said. */
  void failed(int dialled) {
    Faults.Strike strike = faults.strike(Fault.STALE_CLOSED);
    if (strike != null) {
      id = dialled;
      if (strike.random().nextBoolean()) {
        said();
      }
    }
  }

  /** Says what is still to be said: a dial begins. */
  void said() {
    int stale = id;
    id = NONE;
    if (stale != NONE) {
      say.accept(stale);
    }
  }

  void forget() {
    id = NONE;
  }
}
