package io.espat.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the network behind the access point carries anything; while it is dead the station stays
 * joined and nobody tells the module. Loop thread only.
 */
final class Reach {
  private boolean alive = true;
  private final List<Runnable> back = new ArrayList<>();

  boolean alive() {
    return alive;
  }

  void alive(boolean now) {
    alive = now;
    if (alive) {
      runBack();
    }
  }

  /** Runs an action once the network is back: now, if it is alive. */
  void whenBack(Runnable action) {
    if (alive) {
      action.run();
    } else {
      back.add(action);
    }
  }

  /** Runs what waits for the network although it is still dead: the module ends. */
  void runBack() {
    List<Runnable> waiting = List.copyOf(back);
    back.clear();
    waiting.forEach(Runnable::run);
  }
}
