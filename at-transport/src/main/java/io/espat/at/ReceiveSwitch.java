package io.espat.at;

import java.util.Arrays;

/**
 * Which links the module pushes to and which it keeps data for, and how that is changed.
 *
 * <p>What is believed of a slot outlasts its link, as the module's own setting does, and is put
 * right by whatever arrives. Guarded by the lock of all links.
 */
final class ReceiveSwitch {
  /** So much unread makes the module keep what follows. */
  static final int BEHIND = 64 * 1024;

  /** So much unread at most lets it push again. */
  static final int CAUGHT_UP = 16 * 1024;

  private final boolean[] passive = new boolean[Links.COUNT];
  private Dialect.Receive way = Dialect.Receive.ACTIVE;
  private boolean adaptive;

  /** Notes what the bring-up has set for all links. */
  void begin(Dialect.Receive way, boolean allPassive) {
    this.way = way;
    adaptive = !allPassive && way != Dialect.Receive.ACTIVE;
    Arrays.fill(passive, allPassive);
  }

  /** Tells whether the module keeps the data of this slot until it is asked for. */
  boolean passive(int id) {
    return passive[id];
  }

  /** Notes how a slot is served; where there is but one setting, all are. */
  void set(int id, boolean nowPassive) {
    if (global()) {
      Arrays.fill(passive, nowPassive);
    } else {
      passive[id] = nowPassive;
    }
  }

  /** Tells whether there is but one setting for all links. */
  boolean global() {
    return way == Dialect.Receive.GLOBAL;
  }

  /** Tells whether links may be switched at all. */
  boolean adaptive() {
    return adaptive;
  }

  /** Everything stays as it is: the firmware refused, or did not do what it said. */
  void stay() {
    adaptive = false;
  }

  /** Returns the command that switches a slot, or all where there is but one setting. */
  AtCommand command(int id, boolean toPassive) {
    int value = toPassive ? 1 : 0;
    return global()
        ? AtCommand.builder("AT+CIPRECVMODE").with(value).build()
        : AtCommand.builder("AT+CIPRECVTYPE").with(id).with(value).build();
  }
}
