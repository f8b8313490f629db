package io.espat.interop;

import io.espat.at.ReceiveMode;
import io.espat.sim.Fault;
import io.espat.sim.FaultPlan;
import io.espat.sim.Firmware;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What one run of the soak does, drawn from its seed: a firmware, one to five links with their
 * traffic, how the wire is cut, and what goes wrong when.
 *
 * @param secured whether the links carry TLS: without it a changed bit in a payload is nobody's to
 *     find
 * @param chop the longest piece that the host's end of the wire hands over at once
 */
record Scenario(
    long seed,
    Firmware firmware,
    ReceiveMode receive,
    boolean secured,
    int chop,
    List<Traffic> links,
    FaultPlan plan,
    Set<Fault> faults) {

  /** What a link carries. */
  enum Kind {
    UPLOAD,
    DOWNLOAD,
    DIALOGUE,
    BOTH
  }

  /**
   * One link's traffic.
   *
   * @param size bytes in each direction that it has
   */
  record Traffic(Kind kind, int size, long seed) {}

  /** Faults that change bytes, which only TLS finds out. */
  private static final Set<Fault> CHANGES =
      EnumSet.of(Fault.LOST_BYTE, Fault.DOUBLED_BYTE, Fault.FLIPPED_BIT, Fault.GARBAGE);

  static Scenario of(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Firmware firmware = pick(random, Firmware.values());
    ReceiveMode receive = pick(random, ReceiveMode.values());
    List<Traffic> links = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      links.add(new Traffic(pick(random, Kind.values()), size(random, count), random.nextLong()));
    }
    FaultPlan.Builder plan = FaultPlan.builder().seed(seed);
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    int traffic = links.stream().mapToInt(Traffic::size).sum();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Fault fault = pick(random, Fault.values());
      faults.add(fault);
      plan.rule(rule(random, fault, traffic));
    }
    boolean secured = faults.stream().anyMatch(CHANGES::contains) || random.nextInt(4) == 0;
    int chop = 1 << random.nextInt(13);
    return new Scenario(
        seed, firmware, receive, secured, chop, List.copyOf(links), plan.build(), faults);
  }

  private static <T> T pick(Random random, T[] from) {
    return from[random.nextInt(from.length)];
  }

  /** From one byte to hundreds of kilobytes; half of them more than a few sends. */
  private static int size(Random random, int links) {
    double least = random.nextBoolean() ? 1 : 20_000.0 / links;
    double most = 400_000.0 / links;
    return (int) (least * Math.exp(random.nextDouble() * Math.log(most / least)));
  }

  /** Mostly while data moves, sometimes while the module is being opened. */
  private static String rule(Random random, Fault fault, int traffic) {
    String direction = pick(random, new String[] {"to host", "to module"});
    String what =
        fault + (fault.concernsBytes() && fault != Fault.SLOW_DRIP ? " " + direction : "");
    String command = pick(random, new String[] {"AT+CIPSEND", "AT+CIPRECVDATA", "AT+CIPSTART"});
    return switch (random.nextInt(6)) {
      case 0 -> "at " + command + " #" + (1 + random.nextInt(8)) + ": " + what;
      case 1 -> "at byte " + (1 + random.nextInt(traffic)) + " from peers: " + what;
      case 2 -> "at byte " + (1 + random.nextInt(traffic)) + " to peers: " + what;
      case 3 -> "after " + (50 + random.nextInt(500)) + "ms: " + what;
      case 4 -> "chance " + (fault.concernsBytes() ? 0.00002 : 0.02) + ": " + what + " x3";
      default -> "at byte " + (1 + random.nextInt(8_000 + traffic)) + " " + direction + ": " + what;
    };
  }

  /** Whether the module may end a connection as if the peer had. */
  boolean mayEndEarly() {
    return faults.contains(Fault.CLOSED_IN_READ);
  }

  @Override
  public String toString() {
    return "seed "
        + seed
        + ": "
        + firmware
        + " "
        + receive
        + (secured ? " TLS" : "")
        + " chop "
        + chop
        + " "
        + links
        + " "
        + plan.toString().lines().skip(1).toList();
  }
}
