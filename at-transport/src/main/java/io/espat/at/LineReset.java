package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Resets a module by the modem lines, as the flash tools do: an active RTS pulls EN low, an active
 * DTR would pull the boot pin low.
 *
 * <p>DTR stays off, so that the firmware starts and not the boot loader.
 */
final class LineReset {
  private static final Logger LOG = LogManager.getLogger();
  private static final long EN_LOW = TimeUnit.MILLISECONDS.toNanos(100);
  private static final Duration START = Duration.ofSeconds(3);

  private final AtChannel channel;
  private final Turn turn;

  LineReset(AtChannel channel, Turn turn) {
    this.channel = channel;
    this.turn = turn;
  }

  /**
   * Pulls EN low for 100 ms and waits for {@code ready}, at most 3 s: at a speed that is not the
   * module's it cannot be read.
   *
   * @throws DeviceException if the carrier has no such lines
   */
  void run() throws IOException {
    try {
      SerialLine serial =
          channel.line().serial().orElseThrow(() -> new IOException("this carrier has no RTS"));
      serial.dtr(false);
      turn.listen();
      serial.rts(true);
      Pause.nanos(EN_LOW);
      serial.rts(false);
    } catch (IOException e) {
      throw new DeviceException(
          DeviceException.LINE,
          "resetting the module on " + channel.name() + " by line: " + e.getMessage(),
          "reset it by AT or not at all",
          e);
    }
    Deadline deadline = Deadline.in(START);
    while (!deadline.passed()) {
      if (turn.next(Duration.ofNanos(Math.max(0, deadline.left()))) instanceof Inbound.Ready) {
        return;
      }
    }
    LOG.debug("{}: nothing says ready after the reset by line", channel.name());
  }
}
