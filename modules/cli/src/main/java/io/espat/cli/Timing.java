package io.espat.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** How long each stage took; a stage that comes again is added up. */
final class Timing {
  private final long start = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Duration> stages = new LinkedHashMap<>(); // Guarded by lock.

  void add(String stage, Duration took) {
    lock.lock();
    try {
      stages.merge(stage, took, Duration::plus);
    } finally {
      lock.unlock();
    }
  }

  Duration total() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Milliseconds by stage, in the order of their first end, and {@code total}. */
  Json json() {
    Json json = new Json();
    lock.lock();
    try {
      stages.forEach((stage, took) -> json.put(stage, took.toMillis()));
    } finally {
      lock.unlock();
    }
    return json.put("total", total().toMillis());
  }
}
