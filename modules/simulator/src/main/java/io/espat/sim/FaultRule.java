package io.espat.sim;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a {@link FaultPlan}: when, what, in which direction, for how long, how often.
 *
 * @param direction of the bytes, for a fault of bytes
 * @param length how long a fault with a duration lasts; without one its own default
 * @param limit how often at most; 0 without limit
 */
record FaultRule(
    When when, Fault fault, Direction direction, @Nullable Duration length, int limit) {

  /** Where bytes are counted. */
  enum Direction {
    TO_HOST,
    TO_MODULE,
    TO_PEERS,
    FROM_PEERS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** What makes a fault due. */
  sealed interface When permits Once, OnCommand, OnByte, OnTime, Chance {
    /** Whether it can make a fault due more than once. */
    boolean each();
  }

  /** At the first opportunity. */
  record Once() implements When {
    @Override
    public boolean each() {
      return false;
    }

    @Override
    public String toString() {
      return "once";
    }
  }

  /** The n-th command of a name, or each n-th. */
  record OnCommand(String name, long number, boolean each) implements When {
    boolean hits(String command, long count) {
      return command.equals(name) && (each ? count % number == 0 : count == number);
    }

    @Override
    public String toString() {
      return (each ? "every " : "at ") + name + (number == 1 ? "" : " #" + number);
    }
  }

  /** The n-th byte in a direction, or each n-th. */
  record OnByte(long number, Direction counted, boolean each) implements When {
    /** The number of the next such byte behind those that have passed. */
    long after(long passed) {
      if (each) {
        return (passed / number + 1) * number;
      }
      return number > passed ? number : Long.MAX_VALUE;
    }

    @Override
    public String toString() {
      return (each ? "every" : "at") + " byte " + number + " " + counted;
    }
  }

  /** A time after the module's start, or again and again. */
  record OnTime(Duration delay, boolean each) implements When {
    @Override
    public String toString() {
      return (each ? "every " : "after ") + delay.toMillis() + "ms";
    }
  }

  /** At each opportunity with a probability. */
  record Chance(double probability) implements When {
    Chance {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("a probability is 0..1, not " + probability);
      }
    }

    /** How far it is to the next byte that it chooses. */
    long gap(SplittableRandom random) {
      if (probability == 0) {
        return Long.MAX_VALUE / 2;
      }
      double tries = Math.log1p(-random.nextDouble()) / Math.log1p(-probability);
      return 1 + (long) Math.min(tries, Integer.MAX_VALUE);
    }

    @Override
    public boolean each() {
      return true;
    }

    @Override
    public String toString() {
      return "chance " + probability;
    }
  }

  private static final Pattern COMMAND =
      Pattern.compile("(at|every) (AT[A-Z0-9+_]*)(?: ?#(\\d{1,9}))?", Pattern.CASE_INSENSITIVE);
  private static final Pattern BYTE =
      Pattern.compile("(at|every) byte (\\d{1,18}) (\\w+ \\w+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern TIME =
      Pattern.compile("(after|every) (\\d+\\S*)", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHANCE = Pattern.compile("chance (\\S+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern WHAT =
      Pattern.compile(
          "([\\w-]+)( (?:to|from) \\w+)?(?: for (\\S+))?(?: x(\\d{1,9}))?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

  static FaultRule once(Fault fault) {
    return new FaultRule(new Once(), fault, Direction.TO_HOST, null, 1);
  }

  static FaultRule chance(double probability, Fault fault) {
    return new FaultRule(new Chance(probability), fault, Direction.TO_HOST, null, 0);
  }

  /** Reads one line; the exception says what is wrong with it. */
  static FaultRule parse(String line) {
    String text = line.strip().replaceAll("\\s+", " ");
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("there is no colon between when and what: " + text);
    }
    String when = text.substring(0, colon).strip();
    return what(when, text.substring(colon + 1).strip());
  }

  private static FaultRule what(String when, String what) {
    Matcher form = WHAT.matcher(what);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "a fault is NAME, NAME to host or to module, NAME for 2s, NAME x3; not: " + what);
    }
    Fault fault = fault(form.group(1));
    When cause = when(when);
    Direction direction = direction(form.group(2), fault, cause);
    Duration length = form.group(3) == null ? null : duration(form.group(3));
    return new FaultRule(cause, fault, direction, length, limit(form.group(4), cause));
  }

  private static int limit(@Nullable String digits, When cause) {
    if (digits == null) {
      return cause.each() ? 0 : 1;
    }
    if (!cause.each()) {
      throw new IllegalArgumentException(
          "\"" + cause + "\" happens once; x" + digits + " is for every and chance");
    }
    return (int) positive(digits);
  }

  static Fault fault(String name) {
    try {
      return Fault.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "there is no fault " + name + "; the faults are " + Arrays.toString(Fault.values()), e);
    }
  }

  private static When when(String text) {
    if (text.equalsIgnoreCase("once")) {
      return new Once();
    }
    Matcher form = CHANCE.matcher(text);
    if (form.matches()) {
      return new Chance(probability(form.group(1)));
    }
    form = BYTE.matcher(text);
    if (form.matches()) {
      return new OnByte(positive(form.group(2)), counted(form.group(3)), each(form));
    }
    form = TIME.matcher(text);
    if (form.matches()) {
      return new OnTime(duration(form.group(2)), each(form));
    }
    form = COMMAND.matcher(text);
    if (form.matches()) {
      long number = form.group(3) == null ? 1 : positive(form.group(3));
      return new OnCommand(form.group(2).toUpperCase(Locale.ROOT), number, each(form));
    }
    throw new IllegalArgumentException(
        "when is one of: once; chance 0.01; at AT+NAME #3; at byte 100 to host; after 5s;"
            + " every ...; not: "
            + text);
  }

  private static boolean each(Matcher form) {
    return form.group(1).equalsIgnoreCase("every");
  }

  static double probability(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a probability is 0..1, not " + text, e);
    }
  }

  private static long positive(String digits) {
    long number = Long.parseLong(digits);
    if (number == 0) {
      throw new IllegalArgumentException("counting begins at 1");
    }
    return number;
  }

  private static Direction counted(String text) {
    for (Direction one : Direction.values()) {
      if (one.toString().equalsIgnoreCase(text)) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "bytes are counted to host, to module, to peers or from peers, not " + text);
  }

  private static Direction direction(@Nullable String text, Fault fault, When cause) {
    if (text == null) {
      boolean there = cause instanceof OnByte at && at.counted() == Direction.TO_MODULE;
      return there && fault.concernsBytes() ? Direction.TO_MODULE : Direction.TO_HOST;
    }
    Direction named = counted(text.strip());
    boolean possible =
        named == Direction.TO_HOST || named == Direction.TO_MODULE && fault != Fault.SLOW_DRIP;
    if (!fault.concernsBytes() || !possible) {
      throw new IllegalArgumentException(fault + " does not happen to the bytes" + text);
    }
    return named;
  }

  private static Duration duration(String text) {
    Matcher form = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!form.matches() || form.group(1).matches("0+")) {
      throw new IllegalArgumentException("a time is written 500ms, 5s or 2m, not " + text);
    }
    long count = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      default -> Duration.ofMinutes(count);
    };
  }

  @Override
  public String toString() {
    return when
        + ": "
        + fault
        + (fault.concernsBytes() ? " " + direction : "")
        + (length == null ? "" : " for " + length.toMillis() + "ms")
        + (when.each() && limit > 0 ? " x" + limit : "");
  }
}
