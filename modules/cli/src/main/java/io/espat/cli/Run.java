package io.espat.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One run of a subcommand: what it uses, what it holds open, how far it has come.
 *
 * <p>Another thread may {@link #stop} it: what it holds is closed, which ends every call blocked in
 * it.
 */
final class Run {
  private final Surroundings surroundings;
  private final Output output;
  private final Scene scene = new Scene();
  private final Timing timing = new Timing();
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<AutoCloseable> held = new ArrayDeque<>(); // Guarded by lock.
  private boolean stopped; // Guarded by lock.

  Run(Surroundings surroundings, Output output) {
    this.surroundings = surroundings;
    this.output = output;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Output output() {
    return output;
  }

  Scene scene() {
    return scene;
  }

  Timing timing() {
    return timing;
  }

  /** Notes a stage that is done, and shows it with {@code -v}. */
  void stage(String name, Duration took, String detail) {
    timing.add(name, took);
    output.stage(name, took, detail);
  }

  /** Closes {@code resource} when the run is stopped; at once when it has been already. */
  <T extends AutoCloseable> T hold(T resource) throws IOException {
    lock.lock();
    try {
      if (!stopped) {
        held.push(resource);
        return resource;
      }
    } finally {
      lock.unlock();
    }
    closeQuietly(resource);
    throw new IOException("the command was stopped");
  }

  /** Closes what the run holds, the newest first; from any thread. */
  void stop() {
    Deque<AutoCloseable> toClose;
    lock.lock();
    try {
      stopped = true;
      toClose = new ArrayDeque<>(held);
      held.clear();
    } finally {
      lock.unlock();
    }
    toClose.forEach(Run::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // AutoCloseable declares no less; the run is being given up, so nobody asks how it went.
    }
  }
}
