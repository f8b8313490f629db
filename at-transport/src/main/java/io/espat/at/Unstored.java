package io.espat.at;

import java.io.IOException;

/** Settings for the session that the firmware would store. */
final class Unstored {
  private Unstored() {}

  /**
   * Sets something without its being stored: what a session needs must not outlast it, and each
   * write wears the flash. {@code AT+SYSSTORE} itself is not stored.
   */
  static AtReply set(Turn turn, AtCommand command) throws IOException {
    boolean stores = stores(turn);
    if (stores) {
      turn.ask(AtCommand.of("AT+SYSSTORE=0"));
    }
    boolean answered = false; // if not, a late answer would be taken for that to what follows
    try {
      AtReply reply = turn.ask(command);
      answered = true;
      return reply;
    } catch (AtException e) {
      answered = !(e instanceof ModuleLostException);
      throw e;
    } finally {
      if (stores && answered) {
        turn.ask(AtCommand.of("AT+SYSSTORE=1"));
      }
    }
  }

  /** Before 2.1 there is no such command. */
  private static boolean stores(Turn turn) throws IOException {
    try {
      AtReply reply = turn.ask(AtCommand.of("AT+SYSSTORE?"));
      return reply.value("+SYSSTORE:").orElse("").equals("1");
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return false;
    }
  }
}
