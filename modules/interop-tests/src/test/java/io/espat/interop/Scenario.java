package io.espat.interop;

import io.espat.at.ReceiveMode;
import io.espat.sim.Fault;
import io.espat.sim.FaultPlan;
import io.espat.sim.Firmware;
import io.espat.sim.LineModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the soak does, drawn from its seed: a firmware, a wire, one to five callers with
 * their connections one after the other, what goes wrong when, and who meddles.
 *
 * @param secured whether the links carry TLS
 * @param faults what is planned; a plan without any must carry everything
 * @param reopens whether a lost module is brought up again by itself
 */
record Scenario(
    long seed,
    Firmware firmware,
    ReceiveMode receive,
    boolean secured,
    Wire wire,
    List<List<Traffic>> callers,
    FaultPlan plan,
    Set<Fault> faults,
    Meddling meddling,
    boolean reopens) {

  /** What a connection carries; a refused one leads to a port where nobody listens. */
  enum Kind {
    UPLOAD,
    DOWNLOAD,
    DIALOGUE,
    BOTH,
    REFUSED;

    boolean up() {
      return this != DOWNLOAD && this != REFUSED;
    }

    boolean down() {
      return this != UPLOAD && this != REFUSED;
    }
  }

  /**
   * One connection's traffic.
   *
   * @param size bytes in each direction that it has
   * @param pluses whether runs of plus signs are strewn in, at the ends too
   */
  record Traffic(Kind kind, int size, long seed, boolean pluses) {
    @Override
    public String toString() {
      return kind + " " + size + (pluses ? " with +++" : "");
    }
  }

  /**
   * The line to the module.
   *
   * @param chop the longest piece that the host's end hands over at once
   * @param baud its speed, 0 for none
   * @param wired whether RTS and CTS are
   */
  record Wire(int chop, int baud, boolean wired, @Nullable LineModel model) {
    @Override
    public String toString() {
      return "chop " + chop + (baud == 0 ? "" : " " + baud + " baud" + (wired ? "" : " unwired"));
    }
  }

  /** What another thread does in the middle, once so many bytes have passed the line. */
  record Meddling(What what, long atByte, int caller) {
    enum What {
      NOTHING,
      CLOSE_SOCKET,
      INTERRUPT,
      CLOSE_MODULE
    }

    @Override
    public String toString() {
      return what == What.NOTHING ? "" : what + " of caller " + caller + " at byte " + atByte;
    }
  }

  static Scenario of(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Firmware firmware = pick(random, Firmware.values());
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    for (int i = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(3); i > 0; i--) {
      faults.add(pick(random, Fault.values()));
    }
    Wire wire = wire(random);
    boolean large = wire.baud == 0 && wire.chop >= 64 && random.nextInt(25) == 0;
    List<List<Traffic>> callers = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    int most = (large ? 4_000_000 : wire.baud == 0 ? 400_000 : 120_000) / count;
    for (int i = 0; i < count; i++) {
      callers.add(connections(random, most, wire.chop >= 64));
    }
    FaultDraw draw = new FaultDraw(random, faults, callers);
    FaultPlan plan = draw.plan(seed);
    ReceiveMode receive = pick(random, ReceiveMode.values());
    if (faults.contains(Fault.MISSING_NOTICE) || wire.baud > 0 && !wire.wired) {
      receive = ReceiveMode.PASSIVE; // only it has notices, and only it needs no flow control
    }
    boolean pushed = receive != ReceiveMode.PASSIVE;
    boolean secured = draw.needsTls(firmware, pushed) || random.nextInt(4) == 0;
    return new Scenario(
        seed,
        firmware,
        receive,
        secured,
        wire,
        callers,
        plan,
        faults,
        meddling(random, callers),
        random.nextInt(3) == 0);
  }

  static <T> T pick(Random random, T[] from) {
    return from[random.nextInt(from.length)];
  }

  /** A third has a speed, and half of these no flow control. */
  private static Wire wire(Random random) {
    int chop = 1 << random.nextInt(13);
    if (random.nextInt(3) > 0) {
      return new Wire(chop, 0, true, null);
    }
    int baud = 2_000_000 + 1_000_000 * random.nextInt(2);
    boolean wired = random.nextBoolean();
    LineModel model =
        LineModel.builder()
            .baud(baud)
            .rtsWired(wired)
            .ctsWired(wired)
            .commandLatency(Duration.ofMillis(random.nextInt(5)))
            .verdictLatency(Duration.ofMillis(random.nextInt(12)))
            .roundTrip(Duration.ofMillis(random.nextInt(20)))
            .segment(536 + random.nextInt(925))
            .frame(1 + random.nextInt(2920))
            .build();
    return new Wire(chop, baud, wired, model);
  }

  /** One connection, or up to three in the same place; some are refused. */
  private static List<Traffic> connections(Random random, int most, boolean mayHavePluses) {
    List<Traffic> connections = new ArrayList<>();
    int count = random.nextInt(3) > 0 ? 1 : 2 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      boolean pluses = mayHavePluses && random.nextInt(3) == 0;
      Kind kind = pick(random, Kind.values());
      if (kind == Kind.REFUSED && random.nextBoolean()) {
        kind = Kind.BOTH;
      }
      connections.add(new Traffic(kind, size(random, most / count), random.nextLong(), pluses));
    }
    return connections;
  }

  /** From one byte to hundreds of kilobytes; half of them more than a few sends. */
  private static int size(Random random, int most) {
    double least = random.nextBoolean() ? 1 : most / 20.0;
    return (int) (least * Math.exp(random.nextDouble() * Math.log(most / least)));
  }

  private static Meddling meddling(Random random, List<List<Traffic>> callers) {
    Meddling.What what = Meddling.What.NOTHING;
    if (random.nextInt(4) == 0) {
      what = pick(random, Meddling.What.values());
    }
    int traffic = callers.stream().flatMap(List::stream).mapToInt(Traffic::size).sum();
    long at = 1500 + random.nextInt(4000 + traffic);
    return new Meddling(what, at, random.nextInt(callers.size()));
  }

  /** How many connections there are. */
  int links() {
    return callers.stream().mapToInt(List::size).sum();
  }

  /**
   * Whether the module may end a connection as if the peer had: the fault that it breaks off in a
   * read looks so on the wire, and espat cannot tell it from an end.
   */
  boolean mayEndEarly() {
    return faults.contains(Fault.CLOSED_IN_READ);
  }

  /**
   * Whether the peer of a plain link may get other bytes than were sent before the caller is told:
   * the line has no check sum, and what has left cannot be taken back.
   */
  boolean mayReachThePeerDamaged() {
    return !secured && faults.stream().anyMatch(FaultDraw.MISCOUNTS::contains);
  }

  /**
   * Whether a module may restart in the middle of a frame of a plain link: what it says as it boots
   * is then taken for the rest of the frame, and if by chance a line of it ends where the frame
   * would, these bytes reach the caller before the error does (seed 60 is such a case).
   */
  boolean mayBeCutInAFrame() {
    return !secured && faults.stream().anyMatch(FaultDraw.RESTARTS::contains);
  }

  @Override
  public String toString() {
    return "seed "
        + seed
        + ": "
        + firmware
        + " "
        + receive
        + (reopens ? " reopening" : "")
        + (secured ? " TLS " : " ")
        + wire
        + " "
        + callers
        + " "
        + plan.toString().lines().skip(1).toList()
        + " "
        + meddling;
  }
}
