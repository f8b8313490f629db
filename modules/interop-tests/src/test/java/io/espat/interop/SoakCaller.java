package io.espat.interop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One caller with its thread, its connections one after the other, and what it was told. */
final class SoakCaller {
  static final String COMPLETE = "complete";

  /** Longer than a connection of this configuration may take, by what the engine documents. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final List<SoakLink> links;
  private final List<@Nullable Throwable> failures =
      Collections.synchronizedList(new ArrayList<>());
  private final Thread thread = new Thread(this::run, "soak caller");
  private volatile @Nullable SoakLink current;

  SoakCaller(List<SoakLink> links) {
    this.links = links;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    for (SoakLink link : links) {
      current = link;
      Throwable failure = null;
      try {
        link.run();
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
      }
      Thread.interrupted(); // the next connection is not what was interrupted
      failures.add(failure);
    }
  }

  /** Closes the socket that is in use, if any. */
  void closeSocket() {
    SoakLink link = current;
    if (link != null) {
      link.closeSocket();
    }
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Waits until all connections have ended, at most as long as that may take. */
  void await() throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(thread, LIMIT.toNanos() * links.size());
  }

  /** What was told of each connection that has ended. */
  List<String> outcomes() {
    List<String> outcomes = new ArrayList<>();
    synchronized (failures) {
      for (int i = 0; i < failures.size(); i++) {
        Throwable failure = failures.get(i);
        boolean asItShould = failure == null || links.get(i).refused(failure);
        outcomes.add(asItShould ? COMPLETE : failure.toString());
      }
    }
    return outcomes;
  }

  /** What must not be. */
  List<String> findings(Scenario scenario) {
    List<String> findings = new ArrayList<>();
    for (int i = 0; i < failures.size(); i++) {
      Throwable failure = failures.get(i);
      String wrong = links.get(i).wrong();
      boolean told = failure != null && scenario.mayReachThePeerDamaged();
      // a peer that got something wrong says no more: its end comes early, and is its own
      boolean mayEnd = scenario.mayEndEarly() || wrong != null && told;
      boolean early = failure instanceof SoakLink.EarlyEnd && !mayEnd;
      if (early || failure != null && !(failure instanceof IOException)) {
        findings.add(failure.toString());
      }
      if (wrong != null && !told) {
        findings.add(wrong + "; the caller was told: " + failure);
      }
    }
    if (thread.isAlive()) {
      StringBuilder where = new StringBuilder("a caller hangs:");
      for (StackTraceElement element : thread.getStackTrace()) {
        where.append("\n      ").append(element);
      }
      findings.add(where.toString());
    }
    return findings;
  }
}
