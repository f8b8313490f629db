package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Finds out whether RTS/CTS is wired both ways, by what happens and not by what is said.
 *
 * <p>The harmless half first: the module drives its RTS only while its setting says so, and our CTS
 * must follow. Only then is the module told to obey its CTS, because with that wire missing it
 * could not answer any more, and would wait for its last answer to leave before it took another
 * setting: nothing but a restart helps. Then the module must be silent while our RTS is off, and
 * say what it held once RTS is on.
 */
final class FlowTrial {
  private static final Logger LOG = LogManager.getLogger();

  /** The module answers at the old setting and then changes; drivers poll CTS. */
  private static final Duration SETTLE = Duration.ofMillis(60);

  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(4);

  /** Silence of that length, or of three usual answers, is being held. */
  private static final Duration HELD = Duration.ofMillis(60);

  private static final Duration RELEASED = Duration.ofSeconds(1);
  private static final int ROUNDS = 2;

  /** Three seconds for its answers to leave, and its start. */
  private static final Duration RESTART = Duration.ofSeconds(8);

  /** The wires are not there: the reason, in words. */
  static final class Unwired extends Exception {
    private static final long serialVersionUID = 1L;

    Unwired(String why) {
      super(why);
    }
  }

  /** The module cannot answer any more. */
  static final class Stuck extends Exception {
    private static final long serialVersionUID = 1L;

    Stuck(String why) {
      super(why);
    }
  }

  private final Turn turn;
  private final SerialLine serial;
  private final UartSetting before;
  private UartSetting now;

  FlowTrial(Turn turn, SerialLine serial, UartSetting before) {
    this.turn = turn;
    this.serial = serial;
    this.before = before;
    this.now = before;
  }

  /**
   * Returns the module's setting once each side has held the other back, with the host's flow
   * control on.
   *
   * @throws Unwired if a wire is missing; the module's setting is the one before
   * @throws Stuck if the module obeys a CTS that nothing drives
   */
  UartSetting run() throws IOException, Unwired, Stuck {
    try {
      follow();
      hold();
      switchOn();
      return now;
    } catch (Unwired e) {
      putBack();
      throw e;
    }
  }

  /** The module's RTS must be our CTS: on, off, and, with the other half, on again. */
  private void follow() throws IOException, Unwired, Stuck {
    if (before.obeysCts()) {
      rts(true); // or its answers would be held
    }
    boolean driven = (now.flow() & UartSetting.MODULE_HOLDS_HOST) != 0;
    if (!driven) {
      set(now.flow() | UartSetting.MODULE_HOLDS_HOST);
    }
    if (!cts(true, driven ? Duration.ZERO : SETTLE)) {
      throw new Unwired("CTS is off while the module's RTS is on");
    }
    set(now.flow() & 2);
    if (!cts(false, SETTLE)) {
      throw new Unwired("CTS stays on while the module's RTS is off");
    }
  }

  private void hold() throws IOException, Unwired, Stuck {
    rts(true);
    set(UartSetting.BOTH);
    if (!cts(true, SETTLE)) {
      throw new Unwired("CTS does not follow the module's RTS");
    }
    Duration usual = answer("the module obeys a CTS that nothing drives");
    Duration held = HELD.compareTo(usual.multipliedBy(3)) > 0 ? HELD : usual.multipliedBy(3);
    for (int i = 0; i < ROUNDS; i++) {
      rts(false);
      turn.write(AtCommand.of("AT"));
      Inbound early = turn.outcome(held);
      rts(true);
      if (early != null) {
        throw new Unwired("the module speaks while our RTS is off");
      }
      if (turn.outcome(RELEASED) == null) {
        throw new Stuck("the module stays silent though our RTS is on again");
      }
    }
  }

  private void switchOn() throws IOException, Unwired, Stuck {
    try {
      serial.rtsCts(true);
    } catch (IOException e) {
      throw new Unwired("the port has no RTS/CTS flow control");
    }
    try {
      answer("nothing is answered with the port's own flow control");
    } catch (Stuck e) {
      serial.rtsCts(false);
      rts(true);
      throw new Unwired(e.getMessage());
    }
  }

  /** Returns how long the module took to answer AT. */
  private Duration answer(String otherwise) throws IOException, Stuck {
    long start = System.nanoTime();
    turn.write(AtCommand.of("AT"));
    if (turn.outcome(RELEASED) == null) {
      throw new Stuck(otherwise);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void set(int flow) throws IOException, Stuck {
    now = now.withFlow(flow);
    try {
      turn.ask(now.command());
    } catch (SocketTimeoutException e) {
      throw new Stuck("the module does not take another flow control");
    }
  }

  /** DTR comes first: on boards with the usual circuit RTS alone is a reset. */
  private void rts(boolean on) throws Unwired {
    try {
      serial.dtr(true);
      serial.rts(on);
    } catch (IOException e) {
      throw new Unwired("the port has no RTS");
    }
  }

  /** The level changes a little later than the answer comes. */
  private boolean cts(boolean wanted, Duration settle) throws Unwired {
    Deadline deadline = Deadline.in(settle);
    try {
      while (serial.cts() != wanted && !deadline.passed()) {
        Pause.nanos(POLL);
      }
      return serial.cts() == wanted;
    } catch (IOException e) {
      throw new Unwired("the port has no CTS");
    }
  }

  private void putBack() throws IOException, Stuck {
    if (now.flow() != before.flow()) {
      set(before.flow());
      Pause.nanos(SETTLE.toNanos() / 3);
    }
    if (!before.obeysCts()) {
      release();
    }
  }

  private void release() {
    try {
      serial.rts(false);
      serial.dtr(false);
    } catch (IOException e) {
      LOG.debug("{}: {}", serial.name(), e.getMessage()); // there is none, nor anything to put back
    }
  }

  /** Restarts a module that obeys a CTS which nothing drives; true once it says ready. */
  boolean restarted() throws IOException {
    release(); // on boards where RTS is wired to reset it must be off
    turn.write(AtCommand.of("AT+RST")); // waits 3 s for its answers to leave, then goes
    Deadline deadline = Deadline.in(RESTART);
    while (!deadline.passed()) {
      Inbound message = turn.next(Duration.ofNanos(Math.max(0, deadline.left())));
      if (message instanceof Inbound.Ready) {
        return true;
      }
    }
    return false;
  }
}
