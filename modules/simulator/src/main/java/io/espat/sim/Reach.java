package io.espat.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether anything is carried: not while the network behind the access point is dead, of which
 * nobody tells the module, and not while links outlive the station's leave. Loop thread only.
 */
final class Reach {
  private boolean network = true;
  private boolean station = true;
  private final List<Runnable> back = new ArrayList<>();

  boolean alive() {
    return network && station;
  }

  /** The network behind the access point died, or lives again. */
  void network(boolean alive) {
    network = alive;
    look();
  }

  /** The station left while links stay, or is back. */
  void station(boolean joined) {
    station = joined;
    look();
  }

  private void look() {
    if (alive()) {
      runBack();
    }
  }

  /** Runs an action once the network is back: now, if it is alive. */
  void whenBack(Runnable action) {
    if (alive()) {
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
