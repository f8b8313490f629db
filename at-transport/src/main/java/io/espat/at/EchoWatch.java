package io.espat.at;

/**
 * Knows a module that restarted unheard by its echo, which was switched off in the bring-up.
 *
 * <p>A build that echoes whatever it is told is known by then, and not suspected. Guarded by the
 * lock of the channel.
 */
final class EchoWatch {
  private boolean always; // though told not to

  /** Takes note of a command that is about to be written. */
  void written(AtCommand command) {
    always &= !command.toString().equals("ATE0");
  }

  /** Tells whether a message says that the module has restarted; {@code up} since the bring-up. */
  boolean restarted(Inbound message, AtCommand command, boolean up) {
    boolean echo = isEcho(message, command.toString());
    always |= echo && !up;
    return echo && up && !always;
  }

  /** Pluses may stand before it; what is asked when looking for a voice proves nothing. */
  private static boolean isEcho(Inbound message, String command) {
    return message instanceof Inbound.Line line
        && command.startsWith("AT+")
        && line.text().endsWith(command);
  }
}
