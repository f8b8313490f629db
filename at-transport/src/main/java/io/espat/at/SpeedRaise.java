package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Raises the speed of the line, with proof that it carries, or leaves it as it was. */
final class SpeedRaise {
  private static final Logger LOG = LogManager.getLogger();

  /** The module answers at the old speed and then changes; it wants 10 ms. */
  private static final long CHANGE = TimeUnit.MILLISECONDS.toNanos(20);

  private static final Duration ANSWER = Duration.ofMillis(300);
  private static final int ROUNDS = 5;

  private final AtChannel channel;
  private final Turn turn;
  private final ModuleLine line;

  SpeedRaise(AtChannel channel, Turn turn) {
    this.channel = channel;
    this.turn = turn;
    this.line = channel.line();
  }

  /**
   * Goes to another speed and returns how that went, in words; the line works in any case.
   *
   * @throws ModuleLostException if the module was heard at neither speed any more
   */
  String to(int speed, UartSetting now) throws IOException {
    int before = line.baud();
    if (!possible(speed, before)) {
      return "the port cannot have " + speed + " baud";
    }
    UartSetting raised = now.withBaud(speed);
    try {
      turn.ask(raised.command());
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return "the module refuses " + speed + " baud";
    }
    Pause.nanos(CHANGE);
    line.set(speed);
    if (new EchoProof(channel, turn).passes()) {
      line.changed(raised);
      return String.format(
          "raised from %d after %d bytes had come back as they were sent",
          before, EchoProof.bytes());
    }
    comeBack(now.withBaud(before), speed);
    return speed + " baud garbled its test; went back";
  }

  /** Asks the host's port first: it must not be the one that cannot follow. */
  private boolean possible(int speed, int before) throws IOException {
    try {
      line.set(speed);
    } catch (IOException e) {
      LOG.debug("{}: {}", channel.name(), e.getMessage());
      return false;
    }
    line.set(before);
    return true;
  }

  /** The module may be at either speed, and what it hears at the failed one may be garbled. */
  private void comeBack(UartSetting before, int failed) throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      turn.write(before.command());
      answer();
      Pause.nanos(CHANGE);
      line.set(before.baud());
      if (answersAgain()) {
        return;
      }
      line.set(failed);
    }
    throw new ModuleLostException(
        AtException.SILENT,
        channel.name() + ": the module did not come back from " + failed + " baud; restart it",
        null);
  }

  /** The first answer may be ERROR, to a line that began with garbage. */
  private boolean answersAgain() throws IOException {
    for (int i = 0; i < 3; i++) {
      turn.write(AtCommand.of("ATE0"));
      if (answer() instanceof Inbound.Ok) {
        return quiet();
      }
    }
    return false;
  }

  /** Makes sure that no answer is owed, by a question of its own. */
  private boolean quiet() throws IOException {
    try {
      turn.ask(AtCommand.builder("AT+UART_CUR?").limit(ANSWER.multipliedBy(2)).build());
      return true;
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException | SocketTimeoutException e) {
      return false;
    }
  }

  private @Nullable Inbound answer() throws IOException {
    return turn.outcome(ANSWER.plus(line.time(64)));
  }
}
