package io.espat.at;

import java.io.IOException;
import java.util.Optional;

/**
 * A byte stream whose serial line can be set and whose modem lines can be driven and read.
 *
 * <p>The levels are the logical ones: {@code true} is asserted, which is the low voltage at the
 * pins of a module. Every method may be called by any thread while others read and write, returns
 * at once, and throws an {@link IOException} when the carrier cannot do it, as a pseudo-terminal
 * cannot with modem lines.
 */
public interface SerialLine extends ByteStream {

  /**
   * Sets the speed of both directions, 8N1, for what is written and arrives from now on.
   *
   * @throws IOException if the port cannot have this speed; it keeps the one before
   */
  void baud(int baud) throws IOException;

  /**
   * Switches the host's own RTS/CTS flow control: on, the host writes only while CTS is asserted
   * and drives RTS by what it can still take; off, RTS is as {@link #rts} says.
   */
  void rtsCts(boolean on) throws IOException;

  /** Drives RTS by hand, while {@link #rtsCts} is off. */
  void rts(boolean asserted) throws IOException;

  /** Drives DTR by hand. */
  void dtr(boolean asserted) throws IOException;

  /** Returns whether the other side asserts our CTS. */
  boolean cts() throws IOException;

  /** Returns this. */
  @Override
  default Optional<SerialLine> line() {
    return Optional.of(this);
  }
}
