package io.espat.at;

import java.time.Duration;

/**
 * Whether a module that was lost is brought up again by itself, and how often that is tried.
 *
 * <p>It is tried for every loss: a restart, silence, damage on the wire, a wire that ended. Links
 * are never brought back: each has failed with the cause of the loss, and nothing is sent again.
 *
 * @param attempts how many bring-ups, successful or not, are begun within the time; 0 for none
 * @param within the time in which they are begun, from the loss on; once a module has been there
 *     for longer, counting begins anew
 * @param pause the pause before the first attempt; it is doubled for each further one, to 8 s
 */
public record Recovery(int attempts, Duration within, Duration pause) {
  /** A lost module stays lost: close it and open it again. The default. */
  public static final Recovery NONE = new Recovery(0, Duration.ZERO, Duration.ZERO);

  /** Eight attempts within a minute, the first after 250 ms. */
  public static final Recovery REOPEN =
      new Recovery(8, Duration.ofMinutes(1), Duration.ofMillis(250));

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is negative, or there is no time for the attempts
   */
  public Recovery {
    if (attempts < 0 || pause.isNegative() || attempts > 0 && within.compareTo(pause) <= 0) {
      throw new IllegalArgumentException(
          "no recovery is possible with " + attempts + " attempts within " + within);
    }
  }

  /** Returns how long to wait before an attempt, of which 0 is the first. */
  Duration pauseBefore(int attempt) {
    Duration doubled = pause.multipliedBy(1L << Math.min(attempt, 10));
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
