package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds the module's voice: the speed at which it answers, and the end of what it was doing.
 *
 * <p>An isolated {@code +++} comes before the first {@code AT}: if a program died in the middle of
 * a send, the module still collects, and any command would go to the peer as payload.
 */
final class Voice {
  private static final Logger LOG = LogManager.getLogger();
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final int TRIES = 3;

  /** Enough for an answer by way of a USB adapter, at a speed that is only guessed at. */
  private static final Duration SHORT_WAIT = Duration.ofMillis(150);

  private static final int SHORT_TRIES = 2;

  /** Bytes of {@code AT}, its echo and its answer. */
  private static final int EXCHANGE = 16;

  /** Longer than between two tries, because that is how their late answers are spaced. */
  private static final Duration LATE_WAIT = Duration.ofMillis(750);

  private static final long SHORT_SILENCE = TimeUnit.MILLISECONDS.toNanos(50);

  /** After leaving passthrough the module wants a second of silence. */
  private static final long LONG_SILENCE = TimeUnit.MILLISECONDS.toNanos(1000);

  private final AtChannel channel;
  private final Turn turn;
  private final LineQuality quality = new LineQuality();
  private int owed;

  Voice(AtChannel channel, Turn turn) {
    this.channel = channel;
    this.turn = turn;
  }

  /**
   * Returns once the module has answered and owes no answer any more.
   *
   * @throws ModuleLostException if it did not within the open time-out, or at none of the speeds
   */
  void find() throws IOException {
    if (channel.config().flow() == FlowControl.RTS_CTS) {
      rts();
    }
    channel.line().tap().open();
    Deadline deadline = Deadline.in(channel.config().openTimeout());
    List<Integer> speeds = channel.line().candidates();
    boolean all = true; // each speed is tried once, however long that takes
    for (int round = 0; all || !deadline.passed(); round++) {
      for (int i = 0; i < speeds.size() && (all || !deadline.passed()); i++) {
        if (tune(speeds.get(i)) && answers(speeds.size() > 1, round)) {
          channel.line().found();
          channel.line().tap().close();
          return;
        }
      }
      all = false;
      rts();
    }
    quality.heard(channel.line().tap().close());
    throw quality.silence(channel.name(), channel.config(), speeds.size());
  }

  /** A port that cannot have a speed is not asked at it. */
  private boolean tune(int speed) {
    try {
      channel.line().set(speed);
      return true;
    } catch (IOException e) {
      LOG.debug("{}: {}", channel.name(), e.getMessage());
      return false;
    }
  }

  /**
   * Asserts RTS, because a module whose stored setting obeys CTS is silent without; and DTR before
   * it, because on boards with the usual circuit RTS alone is a reset.
   */
  private void rts() {
    if (channel.config().flow() != FlowControl.NONE && channel.line().serial().isPresent()) {
      try {
        channel.line().serial().get().dtr(true);
        channel.line().serial().get().rts(true);
      } catch (IOException e) {
        LOG.debug("{}: {}", channel.name(), e.getMessage());
      }
    }
  }

  private boolean answers(boolean several, int round) throws IOException {
    turn.isolatedPluses(several || round == 0 ? SHORT_SILENCE : LONG_SILENCE);
    Duration wait = several ? SHORT_WAIT.plus(channel.line().time(EXCHANGE)) : WAIT;
    for (int i = 0; i < (several ? SHORT_TRIES : TRIES); i++) {
      turn.write(AtCommand.of("AT"));
      Inbound answer = answer(wait);
      if (answer instanceof Inbound.Ok) {
        skipLate();
        return true;
      }
      owed += answer == null ? 1 : 0;
    }
    return false;
  }

  /**
   * Returns OK or ERROR, or null if neither came in time; ERROR is an answer, but to a line that
   * began with our {@code +++}.
   */
  private @Nullable Inbound answer(Duration limit) throws IOException {
    Deadline deadline = Deadline.in(limit);
    while (!deadline.passed()) {
      Inbound message = turn.next(Duration.ofNanos(Math.max(0, deadline.left())));
      if (message == null || message instanceof Inbound.Ok || message instanceof Inbound.Failed) {
        return message;
      }
      quality.heard(message);
    }
    return null;
  }

  /** On a slow line the answers to earlier tries still come; they must not answer what follows. */
  private void skipLate() throws IOException {
    for (; owed > 0 && answer(LATE_WAIT) != null; owed--) {
      LOG.debug("{}: a late answer", channel.name());
    }
    owed = 0;
  }
}
