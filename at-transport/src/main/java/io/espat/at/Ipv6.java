package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The module's IPv6, switched on for the session when it is first needed; in a turn. */
final class Ipv6 {
  private static final Logger LOG = LogManager.getLogger();

  /** A router says who we are within a second or two, or there is none. */
  private static final Duration ROUTER = Duration.ofSeconds(3);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  private boolean on; // by the turn's holder, as below
  private boolean missing;

  /**
   * Switches it on and waits for an address; false when the firmware has none.
   *
   * <p>Blocks up to 3 s more the first time, where no router gives the module an address.
   */
  boolean use(Turn turn) throws IOException {
    if (on || missing) {
      return on;
    }
    try {
      AtReply reply = turn.ask(AtCommand.of("AT+CIPV6?"));
      if (!reply.value("+CIPV6:").orElse("").equals("1")) {
        Unstored.set(turn, AtCommand.of("AT+CIPV6=1"));
        awaitAddress(turn);
      }
      on = true;
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.debug("this firmware has no IPv6: {}", e.getMessage());
      missing = true;
    }
    return on;
  }

  private static void awaitAddress(Turn turn) throws IOException {
    Deadline deadline = Deadline.in(ROUTER);
    while (turn.ask(AtCommand.of("AT+CIFSR")).value("+CIFSR:STAIP6GL,").isEmpty()) {
      if (deadline.passed()) {
        LOG.debug("the module has no global IPv6 address");
        return;
      }
      turn.next(LOOK_AGAIN);
    }
  }
}
