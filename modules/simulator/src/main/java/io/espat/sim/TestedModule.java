package io.espat.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/** A module under test and the end of its conversation. */
final class TestedModule {
  private static final int LINES = 200;

  /** Shown with a failure; it has no stack of its own. */
  private static final class Conversation extends Exception {
    private static final long serialVersionUID = 1L;

    Conversation(String text) {
      super(text, null, false, false);
    }

    @Override
    public String toString() {
      return getMessage();
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<String> last = new ArrayDeque<>(); // guarded by lock
  private long dropped; // guarded by lock
  private final FaultPlan plan;
  private final SimulatedModule module;

  private TestedModule(SimulatedModule.Builder builder) {
    plan = builder.faults();
    module = builder.transcript(this::heard).build();
  }

  static TestedModule of(SimulatedModule.Builder builder) {
    return new TestedModule(builder);
  }

  SimulatedModule module() {
    return module;
  }

  private void heard(String line) {
    lock.lock();
    try {
      if (last.size() == LINES) {
        last.removeFirst();
        dropped++;
      }
      last.addLast(line);
    } finally {
      lock.unlock();
    }
  }

  /** The plan, the seed and the last lines, to be read beside a failure. */
  Exception told() {
    StringBuilder text = new StringBuilder("the simulated module had ");
    text.append(module.faultsHappened()).append(" faults; its plan:\n").append(plan);
    lock.lock();
    try {
      text.append("its conversation");
      text.append(dropped == 0 ? ":\n" : ", after " + dropped + " earlier lines:\n");
      last.forEach(line -> text.append(line).append('\n'));
    } finally {
      lock.unlock();
    }
    return new Conversation(text.toString());
  }
}
