package io.espat.sim;

import java.util.function.BooleanSupplier;

/**
 * The settings of the host's end of the line between {@link SimulatedModule#input()} and {@link
 * SimulatedModule#output()}, as a serial port's driver has them.
 *
 * <p>{@code true} is asserted. All methods may be called from any thread and return at once. On an
 * unpaced line they change nothing.
 */
public final class HostLine {
  private final Runnable changed;
  private final BooleanSupplier cts;
  private volatile int baud; // 0 until the host has chosen
  private volatile boolean rtsCts = true;
  private volatile boolean rts = true;
  private volatile boolean dtr = true;

  HostLine(Runnable changed, BooleanSupplier cts) {
    this.changed = changed;
    this.cts = cts;
  }

  /**
   * Sets the speed of both directions for all that is not yet on the wire; until the first call the
   * host follows the module.
   *
   * <p>A speed that is more than 2.5 % off the module's makes garbage in both directions.
   */
  public void baud(int baud) {
    if (baud <= 0) {
      throw new IllegalArgumentException("a line has a positive speed, not " + baud);
    }
    this.baud = baud;
    changed.run();
  }

  /**
   * Switches the host's RTS/CTS flow control, at first on: on, the host writes only while its CTS
   * is asserted and asserts RTS while its buffer of 4 KiB has room; off, it writes always, and RTS
   * is as {@link #rts} says.
   */
  public void rtsCts(boolean on) {
    rtsCts = on;
    changed.run();
  }

  /** Drives RTS by hand while {@link #rtsCts} is off; at first asserted. */
  public void rts(boolean asserted) {
    rts = asserted;
    changed.run();
  }

  /** Drives DTR by hand; at first asserted. */
  public void dtr(boolean asserted) {
    dtr = asserted;
    changed.run();
  }

  /** Returns whether the host's CTS is asserted: by the module's RTS, where that is wired. */
  public boolean cts() {
    return cts.getAsBoolean();
  }

  /** The chosen speed, or 0 when the host follows the module. */
  int chosenBaud() {
    return baud;
  }

  boolean flowControl() {
    return rtsCts;
  }

  boolean manualRts() {
    return rts;
  }

  boolean dataTerminalReady() {
    return dtr;
  }
}
