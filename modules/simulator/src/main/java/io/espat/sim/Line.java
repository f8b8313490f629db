package io.espat.sim;

import org.jspecify.annotations.Nullable;

/** The module's view of whatever is plugged into its serial port; loop thread only. */
interface Line {
  /** Takes the next chunk that the UART has received, at most {@link Firmware#FIFO} bytes. */
  byte @Nullable [] poll();

  /** Hands over bytes without waiting and says how many were taken. */
  int offer(byte[] bytes, int offset, int count);

  /** Whether somebody listens; what is said to nobody is dropped after a bounded buffer. */
  boolean attached();

  /** Tells the line what the module waits for, before the loop sleeps. */
  void want(boolean input, boolean output);

  /** Drops what is on its way in either direction: the module lost power, or the client went. */
  default void forget() {}

  void close();
}
