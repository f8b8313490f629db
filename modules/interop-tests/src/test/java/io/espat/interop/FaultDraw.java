package io.espat.interop;

import io.espat.interop.Scenario.Kind;
import io.espat.interop.Scenario.Traffic;
import io.espat.sim.Fault;
import io.espat.sim.FaultPlan;
import io.espat.sim.Firmware;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Draws when each fault of a scenario happens, so that it mostly does: within what the traffic will
 * be, and after the traffic was given what the fault needs.
 */
final class FaultDraw {
  /** Faults that change how many bytes there are, which the framing finds out. */
  static final Set<Fault> MISCOUNTS = EnumSet.of(Fault.LOST_BYTE, Fault.DOUBLED_BYTE);

  /** Faults that change bytes in ways that nothing but TLS finds out. */
  private static final Set<Fault> CHANGES = EnumSet.of(Fault.FLIPPED_BIT, Fault.GARBAGE);

  static final Set<Fault> RESTARTS =
      EnumSet.of(
          Fault.BROWN_OUT,
          Fault.RESTART_WHILE_IDLE,
          Fault.RESTART_AFTER_PROMPT,
          Fault.RESTART_IN_PAYLOAD);

  private static final Set<Fault> SENDS =
      EnumSet.of(
          Fault.STALL_BEFORE_PROMPT,
          Fault.STALL_BEFORE_VERDICT,
          Fault.SEND_FAIL,
          Fault.SEND_CANCELED,
          Fault.RESTART_AFTER_PROMPT,
          Fault.RESTART_IN_PAYLOAD);
  private static final Set<Fault> RECEIPTS = EnumSet.of(Fault.CLOSED_IN_READ, Fault.MISSING_NOTICE);

  private static final String[] BRING_UP = {
    "AT", "ATE0", "AT+GMR", "AT+CMD", "AT+CIPMODE", "AT+CIPMUX", "AT+CIPDINFO", "AT+SYSLOG"
  };

  private final Random random;
  private final Set<Fault> faults;
  private final List<List<Traffic>> callers;
  private boolean toHost;

  /** Changes the traffic where a fault would have no opportunity. */
  FaultDraw(Random random, Set<Fault> faults, List<List<Traffic>> callers) {
    this.random = random;
    this.faults = faults;
    this.callers = callers;
    if (faults.stream().anyMatch(SENDS::contains) || faults.stream().anyMatch(RECEIPTS::contains)) {
      first(Kind.DIALOGUE);
    } else if (faults.contains(Fault.STALE_CLOSED)) {
      first(Kind.REFUSED);
    }
  }

  private void first(Kind kind) {
    Traffic old = callers.get(0).get(0);
    callers.get(0).set(0, new Traffic(kind, Math.max(old.size(), 2000), old.seed(), old.pluses()));
  }

  /** One rule for each fault. */
  FaultPlan plan(long seed) {
    FaultPlan.Builder plan = FaultPlan.builder().seed(seed);
    if (faults.stream().anyMatch(MISCOUNTS::contains)) {
      // two such faults in one frame may make up for each other; and a damaged WIFI DISCONNECT
      // leaves a CLOSED that looks like the peer's
      Fault one = faults.stream().filter(MISCOUNTS::contains).findFirst().orElseThrow();
      faults.clear();
      faults.add(one);
    }
    for (Fault fault : faults) {
      plan.rule(rule(fault));
    }
    return plan.build();
  }

  /** Whether nothing below TLS can be expected to find the faults out. */
  boolean needsTls(Firmware firmware, boolean pushed) {
    boolean bareFrames = firmware == Firmware.ESP8266_NONOS_1_7 && pushed && toHost;
    return faults.stream().anyMatch(CHANGES::contains)
        || bareFrames && faults.stream().anyMatch(MISCOUNTS::contains);
  }

  private String rule(Fault fault) {
    toHost = random.nextBoolean();
    boolean directed = fault.concernsBytes() && fault != Fault.SLOW_DRIP;
    String what = fault + (directed ? toHost ? " to host" : " to module" : "");
    int up = sum(Kind::up);
    int down = sum(Kind::down);
    if (SENDS.contains(fault)) {
      return random.nextBoolean() ? "at AT+CIPSTART: " + what : within(up, "to peers", what);
    } else if (RECEIPTS.contains(fault)) {
      return random.nextBoolean()
          ? "chance 0.2: " + what + " x3"
          : within(down, "from peers", what);
    } else if (fault == Fault.STALE_CLOSED) {
      return "once: " + what;
    } else if (MISCOUNTS.contains(fault)) {
      return "at byte "
          + (1 + random.nextInt(300 + (toHost ? down : up)))
          + " "
          + counted()
          + ": "
          + what;
    }
    return switch (random.nextInt(5)) {
      case 0 -> "at " + Scenario.pick(random, BRING_UP) + ": " + what;
      case 1 -> "at AT+CIPSTART #" + (1 + random.nextInt(callers.size())) + ": " + what;
      case 2 -> "after " + (1 + random.nextInt(60)) + "ms: " + what;
      case 3 ->
          "at byte "
              + (1 + random.nextInt(300 + (toHost ? down : up)))
              + " "
              + counted()
              + ": "
              + what;
      default -> up > down ? within(up, "to peers", what) : within(down, "from peers", what);
    };
  }

  private String counted() {
    return toHost ? "to host" : "to module";
  }

  /** Not too near the end: the fault may have to wait for its opportunity. */
  private String within(int total, String direction, String what) {
    return "at byte " + (1 + random.nextInt(1 + total * 2 / 3)) + " " + direction + ": " + what;
  }

  private int sum(java.util.function.Predicate<Kind> which) {
    return callers.stream()
        .flatMap(List::stream)
        .filter(traffic -> which.test(traffic.kind()))
        .mapToInt(Traffic::size)
        .sum();
  }
}
