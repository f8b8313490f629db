package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Proves a line both ways: the module echoes some kilobytes, and every byte must come back.
 *
 * <p>Lines of nearly the greatest length that no firmware knows as a command, of every byte from
 * space to 0xff, so that each bit, also the last one that a clock a little off gets wrong, is both
 * 0 and 1. CR, LF and other controls would end or edit the line; a plus sign might stand beside two
 * others. The module answers each line with ERROR.
 */
final class EchoProof {
  private static final Logger LOG = LogManager.getLogger();
  private static final int LINES = 12;
  private static final int LENGTH = 250;
  private static final Duration ANSWER = Duration.ofMillis(400);

  /** What the module may say at any time, also within an echo. */
  private static final String[] NOTICES = {
    "WIFI CONNECTED\r\n", "WIFI GOT IP\r\n", "WIFI DISCONNECT\r\n"
  };

  private final AtChannel channel;
  private final Turn turn;

  EchoProof(AtChannel channel, Turn turn) {
    this.channel = channel;
    this.turn = turn;
  }

  /** Returns whether everything came back; if not, the echo may be left on. */
  boolean passes() throws IOException {
    try {
      ask("ATE1");
      for (int i = 0; i < LINES; i++) {
        if (!echoed(line(i))) {
          return false;
        }
      }
      ask("ATE0");
      return true;
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException | SocketTimeoutException e) {
      LOG.debug("{}: {}", channel.name(), e.getMessage());
      return false;
    }
  }

  /** Returns how many bytes pass in each direction. */
  static int bytes() {
    return LINES * LENGTH;
  }

  private void ask(String command) throws IOException {
    turn.ask(AtCommand.builder(command).limit(limit()).build());
  }

  private Duration limit() {
    return ANSWER.plus(channel.line().time(4 * LENGTH));
  }

  private boolean echoed(byte[] line) throws IOException {
    channel.line().tap().open();
    channel.writeRaw(line);
    Deadline deadline = Deadline.in(limit());
    Inbound answer = null;
    while (!(answer instanceof Inbound.Failed) && !deadline.passed()) {
      answer = turn.next(Duration.ofNanos(Math.max(0, deadline.left())));
    }
    String heard = new String(channel.line().tap().close(), StandardCharsets.ISO_8859_1);
    for (String notice : NOTICES) {
      heard = heard.replace(notice, "");
    }
    boolean same = heard.startsWith(new String(line, StandardCharsets.ISO_8859_1));
    if (!same) {
      LOG.debug("{}: a line of {} bytes was not echoed as sent", channel.name(), line.length);
    }
    return same && answer instanceof Inbound.Failed;
  }

  /** Makes the line of that number: another byte stands at each place every time. */
  static byte[] line(int number) {
    byte[] line = new byte[LENGTH];
    byte[] head = ("AT+ECHO" + (char) ('A' + number) + "=").getBytes(StandardCharsets.US_ASCII);
    Arrays.fill(line, (byte) 'U'); // the fastest change of levels that there is
    System.arraycopy(head, 0, line, 0, head.length);
    int value = ' ' + number * 19;
    for (int i = head.length; i < LENGTH - 2; i++) {
      value = value >= 0xff ? ' ' : value + 1;
      line[i] = (byte) (value == '+' ? 'U' : value);
    }
    line[LENGTH - 2] = '\r';
    line[LENGTH - 1] = '\n';
    return line;
  }
}
