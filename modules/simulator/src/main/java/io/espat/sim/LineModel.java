package io.espat.sim;

import java.time.Duration;

/**
 * How fast and by which wires a {@link SimulatedModule} is reached, and how long it and its network
 * take; immutable.
 *
 * <p>The default, {@link #unpaced()}, has no speed: bytes and answers arrive at once, nothing is
 * lost, and the host's settings of the line change nothing. {@link #builder()} describes a real
 * line; {@code AT+UART_CUR} and {@code AT+UART_DEF} then set the module's end of it.
 */
public final class LineModel {
  private static final LineModel UNPACED = new LineModel(new Builder(false));

  private final boolean paced;
  private final int baud;
  private final int flowControl;
  private final boolean rtsWired;
  private final boolean ctsWired;
  private final boolean resetWired;
  private final Duration commandLatency;
  private final Duration verdictLatency;
  private final Duration roundTrip;
  private final int segment;
  private final int frame;

  private LineModel(Builder from) {
    paced = from.paced;
    baud = from.baud;
    flowControl = from.flowControl;
    rtsWired = from.rtsWired;
    ctsWired = from.ctsWired;
    resetWired = from.resetWired;
    commandLatency = from.commandLatency;
    verdictLatency = from.verdictLatency;
    roundTrip = from.roundTrip;
    segment = from.segment;
    frame = from.frame;
  }

  /** Returns the line without a speed, wires or latencies. */
  public static LineModel unpaced() {
    return UNPACED;
  }

  /** Starts the description of a line of 115200 baud with both RTS and CTS wired. */
  public static Builder builder() {
    return new Builder(true);
  }

  boolean paced() {
    return paced;
  }

  /** What the module has in flash when it is switched on. */
  Settings.UartSetting uart() {
    return new Settings.UartSetting(baud, 8, 1, 0, flowControl);
  }

  boolean rtsWired() {
    return rtsWired;
  }

  boolean ctsWired() {
    return ctsWired;
  }

  boolean resetWired() {
    return resetWired;
  }

  Duration commandLatency() {
    return commandLatency;
  }

  Duration verdictLatency() {
    return verdictLatency;
  }

  Duration roundTrip() {
    return roundTrip;
  }

  /** The largest piece in which peers' data arrives, or 0 for the firmware's own. */
  int segment() {
    return segment;
  }

  /** The largest payload of one {@code +IPD}, or 0 for the firmware's own. */
  int frame() {
    return frame;
  }

  /** Describes a {@link LineModel}; not safe for use by several threads. */
  public static final class Builder {
    private static final int SLOWEST = 80;
    private static final int FASTEST = 5_000_000;
    private static final Duration SLOWEST_ANSWER = Duration.ofMinutes(1);

    private final boolean paced;
    private int baud = Settings.UartSetting.FACTORY.baud();
    private int flowControl = Settings.UartSetting.FACTORY.flow();
    private boolean rtsWired = true;
    private boolean ctsWired = true;
    private boolean resetWired;
    private Duration commandLatency = Duration.ZERO;
    private Duration verdictLatency = Duration.ZERO;
    private Duration roundTrip = Duration.ZERO;
    private int segment;
    private int frame;

    private Builder(boolean paced) {
      this.paced = paced;
      if (paced) {
        commandLatency = Duration.ofMillis(2);
        verdictLatency = Duration.ofMillis(5);
        roundTrip = Duration.ofMillis(5);
      }
    }

    /** The speed that the module starts with and keeps in flash, 80..5000000; default 115200. */
    public Builder baud(int baud) {
      if (baud < SLOWEST || baud > FASTEST) {
        throw new IllegalArgumentException(
            "a line has " + SLOWEST + ".." + FASTEST + " baud, not " + baud);
      }
      this.baud = baud;
      return this;
    }

    /**
     * The flow control that the module starts with and keeps in flash, as {@code AT+UART_DEF} has
     * it; default 1.
     *
     * @param bits 1 the module drives RTS (which is off without), 2 it obeys its CTS, 3 both, 0
     *     none
     */
    public Builder flowControl(int bits) {
      if (bits < 0 || bits > 3) {
        throw new IllegalArgumentException("flow control is 0..3, not " + bits);
      }
      flowControl = bits;
      return this;
    }

    /** Whether the module's RTS reaches the host's CTS, which else is never asserted. */
    public Builder rtsWired(boolean wired) {
      rtsWired = wired;
      return this;
    }

    /** Whether the host's RTS reaches the module's CTS, which else is never asserted. */
    public Builder ctsWired(boolean wired) {
      ctsWired = wired;
      return this;
    }

    /**
     * Whether the host's RTS and DTR reset the module by the two transistors of development boards:
     * RTS asserted while DTR is not holds it in reset; default no.
     */
    public Builder resetWired(boolean wired) {
      resetWired = wired;
      return this;
    }

    /** How long after the last byte of a command its answer begins, at most 1 min; default 2 ms. */
    public Builder commandLatency(Duration latency) {
      commandLatency = positive(latency);
      return this;
    }

    /**
     * How long after the last byte of a payload its verdict follows, at most 1 min; default 5 ms.
     */
    public Builder verdictLatency(Duration latency) {
      verdictLatency = positive(latency);
      return this;
    }

    /** How long after a peer has sent something the module has it, at most 1 min; default 5 ms. */
    public Builder roundTrip(Duration time) {
      roundTrip = positive(time);
      return this;
    }

    /** The largest piece in which a peer's data arrives, 536..1460; default 1440. */
    public Builder segment(int bytes) {
      if (bytes < 536 || bytes > 1460) {
        throw new IllegalArgumentException("a segment has 536..1460 bytes, not " + bytes);
      }
      segment = bytes;
      return this;
    }

    /** The largest payload of one {@code +IPD} frame, 1..2920; default 2920. */
    public Builder frame(int bytes) {
      if (bytes < 1 || bytes > 2920) {
        throw new IllegalArgumentException("a frame has 1..2920 bytes, not " + bytes);
      }
      frame = bytes;
      return this;
    }

    private static Duration positive(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("a module takes no negative time: " + time);
      }
      if (time.compareTo(SLOWEST_ANSWER) > 0) {
        throw new IllegalArgumentException("a module takes at most a minute, not " + time);
      }
      return time;
    }

    /** Returns the description. */
    public LineModel build() {
      return new LineModel(this);
    }
  }
}
