package io.espat.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says at each opportunity whether a fault happens now; loop thread only, save the count.
 *
 * <p>Each rule draws from a sequence of its own, so that how the two directions of the line
 * interleave does not change what happens in either.
 */
final class Faults {
  /**
   * A fault that happens now.
   *
   * @param length how long, where the rule says so
   * @param random for what the rule leaves open
   */
  record Strike(Fault fault, @Nullable Duration length, SplittableRandom random) {
    /** The duration given, or the fault's own. */
    Duration lengthOr(Duration usual) {
      return length == null ? usual : length;
    }
  }

  /** A rule and how far it is. */
  static final class Armed {
    final FaultRule rule;
    final SplittableRandom random;
    boolean due;
    int struck;

    Armed(FaultRule rule, long seed) {
      this.rule = rule;
      random = new SplittableRandom(seed);
    }

    boolean spent() {
      return rule.limit() > 0 && struck >= rule.limit();
    }
  }

  private final Transcript transcript;
  private final long seed;
  private final Map<Fault, List<Armed>> byFault = new EnumMap<>(Fault.class);
  private final List<Armed> all = new ArrayList<>();
  private final Map<String, Long> commands = new java.util.HashMap<>();
  private Consumer<Fault> armed = fault -> {}; // told when a fault became due by itself
  private volatile long strikes; // written by the loop thread only

  Faults(FaultPlan plan, Transcript transcript) {
    this.transcript = transcript;
    seed = plan.seed();
    plan.rules().forEach(this::add);
    if (!plan.isEmpty()) {
      transcript.note("faults with seed " + seed);
    }
  }

  private Armed add(FaultRule rule) {
    Armed added = new Armed(rule, seed + 0x9E3779B97F4A7C15L * (all.size() + 1));
    added.due = rule.when() instanceof FaultRule.Once;
    all.add(added);
    byFault.computeIfAbsent(rule.fault(), fault -> new ArrayList<>()).add(added);
    return added;
  }

  /** Hears of faults that a time, a byte or a caller made due, whose moment may be now. */
  void onArmed(Consumer<Fault> listener) {
    armed = listener;
  }

  /** Starts the clocks of the rules that wait for a time. */
  void start(EventLoop loop) {
    for (Armed one : List.copyOf(all)) {
      if (one.rule.when() instanceof FaultRule.OnTime time) {
        loop.after(time.delay(), () -> expired(loop, one, time));
      }
    }
  }

  private void expired(EventLoop loop, Armed one, FaultRule.OnTime time) {
    if (time.each()) {
      loop.after(time.delay(), () -> expired(loop, one, time));
    }
    arm(one);
  }

  /** Makes a fault due at its next opportunity, once. */
  void inject(Fault fault) {
    arm(add(FaultRule.once(fault)));
  }

  private void arm(Armed one) {
    if (!one.spent()) {
      one.due = true;
      armed.accept(one.rule.fault());
    }
  }

  /** Counts a command that can be run. */
  void command(String name) {
    long count = commands.merge(name, 1L, Long::sum);
    for (Armed one : all) {
      if (one.rule.when() instanceof FaultRule.OnCommand on && on.name().equals(name)) {
        one.due |= on.each() ? count % on.number() == 0 : count == on.number();
      }
    }
  }

  /** Whether a fault happens at this opportunity, and how. */
  @Nullable Strike strike(Fault fault) {
    for (Armed one : byFault.getOrDefault(fault, List.of())) {
      boolean now =
          one.due
              || one.rule.when() instanceof FaultRule.Chance chance
                  && !one.spent()
                  && one.random.nextDouble() < chance.probability();
      if (now) {
        return struck(one);
      }
    }
    return null;
  }

  private Strike struck(Armed one) {
    one.due = false;
    one.struck++;
    strikes = strikes + 1;
    transcript.note("fault " + one.rule.fault());
    return new Strike(one.rule.fault(), one.rule.length(), one.random);
  }

  long strikes() {
    return strikes;
  }
}
