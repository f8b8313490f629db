package io.espat.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Says at each opportunity whether a fault happens now; loop thread only, save the count.
 *
 * <p>Each rule draws from a sequence of its own, so that how the two directions of the line
 * interleave does not change what happens in either.
 */
final class Faults {
  /** A fault that happens now, by which rule, with the numbers for what the rule leaves open. */
  record Strike(FaultRule rule, SplittableRandom random) {
    /** The duration given, or the fault's own. */
    Duration lengthOr(Duration usual) {
      Duration length = rule.length();
      return length == null ? usual : length;
    }
  }

  /** The module that the faults happen to. */
  interface Victim {
    /** A time, a byte or a caller made a fault due: its moment may be now. */
    void due(Fault fault);

    /** A command has ended, so that the module is between two. */
    void idle();

    /** Restarts in the middle of what it does. */
    void crash();

    /** Stands still, for ever unless the rule says how long. */
    void silence(Strike strike);

    /** Does something later, as {@link EventLoop#after}. */
    void after(Duration delay, Runnable action);
  }

  /** A rule and how far it is. */
  static final class Armed {
    final FaultRule rule;
    final SplittableRandom random;
    private boolean due;
    private int struck;
    private long nextByte; // for a chance: the number of the byte that it chose

    private Armed(FaultRule rule, long seed) {
      this.rule = rule;
      random = new SplittableRandom(seed);
      due = rule.when() instanceof FaultRule.Once;
    }

    boolean spent() {
      return rule.limit() > 0 && struck >= rule.limit();
    }

    /** The number of the byte in a direction at which something is to happen, if any. */
    long nextByte(FaultRule.Direction direction, long passed) {
      boolean here = rule.fault().concernsBytes() && rule.direction() == direction;
      if (spent()) {
        return Long.MAX_VALUE;
      }
      if (here && due) {
        return passed + 1;
      }
      if (rule.when() instanceof FaultRule.OnByte on && on.counted() == direction) {
        return on.after(passed);
      }
      if (here && rule.when() instanceof FaultRule.Chance chance) {
        while (nextByte <= passed) {
          nextByte += chance.gap(random);
        }
        return nextByte;
      }
      return Long.MAX_VALUE;
    }
  }

  private final Transcript transcript;
  private final long seed;
  private final Map<Fault, List<Armed>> byFault = new EnumMap<>(Fault.class);
  private final List<Armed> all = new ArrayList<>();
  private final Map<String, Long> commands = new HashMap<>();
  private final long[] peerBytes = new long[FaultRule.Direction.values().length];
  private @Nullable Victim victim;
  private long added; // rules, injected ones too: each has a sequence of its own
  private int revision; // changes whenever something may have become due
  private volatile long strikes; // written by the loop thread only

  Faults(FaultPlan plan, Transcript transcript) {
    this.transcript = transcript;
    seed = plan.seed();
    plan.rules().forEach(this::add);
  }

  private Armed add(FaultRule rule) {
    Armed one = new Armed(rule, seed + 0x9E3779B97F4A7C15L * ++added);
    all.add(one);
    byFault.computeIfAbsent(rule.fault(), fault -> new ArrayList<>()).add(one);
    return one;
  }

  /** Begins: the clocks of the rules that wait for a time run from here. */
  void start(Victim victim) {
    this.victim = victim;
    if (!all.isEmpty()) {
      transcript.note("faults with seed " + seed);
    }
    for (Armed one : all) {
      if (one.rule.when() instanceof FaultRule.OnTime time) {
        victim.after(time.delay(), () -> expired(victim, one, time));
      }
    }
  }

  private void expired(Victim victim, Armed one, FaultRule.OnTime time) {
    if (time.each() && !one.spent()) {
      victim.after(time.delay(), () -> expired(victim, one, time));
    }
    arm(one);
  }

  /** Makes a fault due at its next opportunity, once. */
  void inject(Fault fault) {
    arm(add(FaultRule.once(fault)));
  }

  /** Makes a rule's fault due; its moment may be now. */
  void arm(Armed one) {
    if (one.spent()) {
      return;
    }
    one.due = true;
    revision++;
    Victim to = victim;
    if (to != null) {
      to.due(one.rule.fault());
    }
  }

  /** Counts a command that can be run. */
  void command(String name) {
    if (all.isEmpty()) {
      return;
    }
    long count = commands.merge(name, 1L, Long::sum);
    for (Armed one : all) {
      if (one.rule.when() instanceof FaultRule.OnCommand on && on.hits(name, count)) {
        one.due = !one.spent();
        revision++;
      }
    }
  }

  /** Counts payload bytes between the module and its peers. */
  void peerBytes(FaultRule.Direction direction, int count) {
    if (all.isEmpty()) {
      return;
    }
    long before = peerBytes[direction.ordinal()];
    long now = before + count;
    peerBytes[direction.ordinal()] = now;
    for (Armed one : List.copyOf(all)) {
      if (one.nextByte(direction, before) <= now) {
        arm(one);
      }
    }
  }

  /** Whether a fault happens at this opportunity, and how. */
  @Nullable Strike strike(Fault fault) {
    List<Armed> candidates = byFault.get(fault);
    if (candidates == null) {
      return null;
    }
    for (Armed one : candidates) {
      if (one.due || chosen(one)) {
        return struck(one);
      }
    }
    return null;
  }

  /** Whether a fault was made due and has not happened yet; it happens now then. */
  @Nullable Strike strikeDue(Fault fault) {
    for (Armed one : byFault.getOrDefault(fault, List.of())) {
      if (one.due) {
        return struck(one);
      }
    }
    return null;
  }

  private static boolean chosen(Armed one) {
    return one.rule.when() instanceof FaultRule.Chance chance
        && !one.rule.fault().concernsBytes()
        && !one.spent()
        && one.random.nextDouble() < chance.probability();
  }

  /** Takes the rule as having happened now. */
  Strike struck(Armed one) {
    one.due = false;
    one.struck++;
    revision++;
    strikes = strikes + 1;
    transcript.note("fault " + one.rule.fault());
    if (one.spent()) {
      all.remove(one);
      byFault.getOrDefault(one.rule.fault(), List.of()).remove(one);
    }
    return new Strike(one.rule, one.random);
  }

  /** Whether a fault makes the module wait here; {@code then} goes on if the fault has an end. */
  boolean stalls(Fault fault, Runnable then) {
    Victim to = victim;
    Strike stall = to == null ? null : strike(fault);
    if (to == null || stall == null) {
      return false;
    }
    Duration length = stall.rule().length();
    if (length != null) {
      to.after(length, then);
    }
    return true;
  }

  /** Whether the module stands still from here on. */
  boolean silences() {
    Victim to = victim;
    Strike strike = to == null ? null : strike(Fault.SILENT);
    if (to == null || strike == null) {
      return false;
    }
    to.silence(strike);
    return true;
  }

  /** Whether the module restarts here; if so it has. */
  boolean restarts(Fault fault) {
    Victim to = victim;
    if (to == null || strike(fault) == null) {
      return false;
    }
    to.crash();
    return true;
  }

  /** Says that a command has ended. */
  void ended() {
    Victim to = victim;
    if (to != null && !all.isEmpty()) {
      to.idle();
    }
  }

  /** The rules that are not spent. */
  List<Armed> rules() {
    return all;
  }

  int revision() {
    return revision;
  }

  long strikes() {
    return strikes;
  }
}
