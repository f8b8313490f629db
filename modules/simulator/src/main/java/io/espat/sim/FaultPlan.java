package io.espat.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which faults a {@link SimulatedModule} has, when, and by which seed; immutable.
 *
 * <p>With one seed, the same bytes from the host and the peers meet the same faults: each rule
 * draws from a sequence of its own. A rule is one line of text:
 *
 * <pre>
 * at AT+CIPSEND #3: SEND_FAIL             the third AT+CIPSEND, counted from the module's start
 * every AT+CIPRECVDATA #10: ERROR         each tenth
 * at byte 10000 to host: LOST_BYTE        also: to module, to peers, from peers
 * every byte 5000 to module: FLIPPED_BIT
 * after 5s: WIFI_DROP for 2s              since the module's start; ms, s, m
 * every 500ms: BUSY                       arms the fault for its next opportunity
 * chance 0.001: LOST_BYTE to module       at each opportunity
 * once: STALL_BEFORE_VERDICT for 3s       the first opportunity
 * chance 0.5: BUSY x3                     at most three times
 * </pre>
 */
public final class FaultPlan {
  private final long seed;
  private final List<FaultRule> rules;

  private FaultPlan(long seed, List<FaultRule> rules) {
    this.seed = seed;
    this.rules = rules;
  }

  /** Starts a plan without rules and with a seed of its own. */
  public static Builder builder() {
    return new Builder(ThreadLocalRandom.current().nextLong(1_000_000_000), List.of());
  }

  /** A builder that has this plan's seed and rules. */
  public Builder toBuilder() {
    return new Builder(seed, rules);
  }

  /** The seed from which everything is drawn that the rules leave open. */
  public long seed() {
    return seed;
  }

  /** Whether there is no rule: such a module fails only by {@link SimulatedModule#inject}. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  List<FaultRule> rules() {
    return rules;
  }

  /** The rules, one a line, and the seed in a comment: a script that says the same again. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("# seed " + seed + "\n");
    rules.forEach(rule -> text.append(rule).append('\n'));
    return text.toString();
  }

  /** Describes a {@link FaultPlan}; not safe for use by several threads. */
  public static final class Builder {
    private long seed;
    private final List<FaultRule> rules;

    private Builder(long seed, List<FaultRule> rules) {
      this.seed = seed;
      this.rules = new ArrayList<>(rules);
    }

    /** The seed; default a random one below 1,000,000,000, which {@link FaultPlan#seed()} tells. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Adds a fault that happens once, at its first opportunity. */
    public Builder once(Fault fault) {
      rules.add(FaultRule.once(fault));
      return this;
    }

    /**
     * Adds a fault that happens with a probability at each of its opportunities.
     *
     * @throws IllegalArgumentException unless {@code probability} is in 0..1
     */
    public Builder chance(double probability, Fault fault) {
      rules.add(FaultRule.chance(probability, fault));
      return this;
    }

    /**
     * Adds a rule in the form shown at {@link FaultPlan}.
     *
     * @throws IllegalArgumentException when it cannot be read, with the reason
     */
    public Builder rule(String text) {
      rules.add(FaultRule.parse(text));
      return this;
    }

    /**
     * Adds the rules of a script, one a line; blank lines and what follows {@code #} and a blank,
     * or a {@code #} at the start of a line, are passed over.
     *
     * @throws FaultScriptException when a line cannot be read; no rule is added then
     */
    public Builder script(String text) throws FaultScriptException {
      List<FaultRule> read = new ArrayList<>();
      int number = 0;
      for (String line : text.lines().toList()) {
        number++;
        String rule = line.replaceFirst("(^|\\s)#(\\s.*|$)", "").strip();
        try {
          if (!rule.isEmpty() && rule.charAt(0) != '#') {
            read.add(FaultRule.parse(rule));
          }
        } catch (IllegalArgumentException e) {
          throw new FaultScriptException(number, e);
        }
      }
      rules.addAll(read);
      return this;
    }

    /** The plan as described so far. */
    public FaultPlan build() {
      return new FaultPlan(seed, List.copyOf(rules));
    }
  }
}
