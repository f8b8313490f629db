package io.espat.interop;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What many scenarios came to; safe for use by several threads. */
final class SoakTally {
  private final Map<String, Integer> told = new TreeMap<>();
  private int scenarios;
  private int idle;
  private int meddled;
  private int links;
  private int complete;
  private long faults;

  synchronized void add(Scenario scenario, SoakRun run) {
    scenarios++;
    idle += run.faults() == 0 && !run.meddled() ? 1 : 0;
    meddled += run.meddled() ? 1 : 0;
    links += scenario.links();
    complete += run.completed();
    faults += run.faults();
    for (String outcome : run.outcomes()) {
      if (!outcome.equals(SoakCaller.COMPLETE)) {
        told.merge(outcome.replaceAll("\\d+", "N"), 1, Integer::sum);
      }
    }
  }

  /** How many scenarios nothing happened in. */
  synchronized int idle() {
    return idle;
  }

  /** How many connections carried everything, or were refused as they had to be. */
  synchronized int complete() {
    return complete;
  }

  /** The messages, without their numbers, with how often each was told. */
  synchronized String told() {
    return told.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .map(entry -> String.format("%6d %s", entry.getValue(), entry.getKey()))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public synchronized String toString() {
    int errors = told.values().stream().mapToInt(Integer::intValue).sum();
    return String.format(
        "soak: %d scenarios, %d connections, %d complete, %d errors told in %d ways;"
            + " %d faults happened, %d scenarios were meddled with, in %d nothing happened",
        scenarios, links, complete, errors, told.size(), faults, meddled, idle);
  }
}
