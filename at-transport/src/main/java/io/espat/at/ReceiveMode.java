package io.espat.at;

/** How the module hands over what its peers have sent. */
public enum ReceiveMode {
  /** {@link #ACTIVE} where the serial line has working flow control, {@link #PASSIVE} elsewhere. */
  AUTO,
  /**
   * The module pushes data as it comes ({@code +IPD}), which saves a round trip for each piece and
   * keeps both directions of the line busy. A link whose reader falls behind by 64 KiB is switched
   * to passive, where the firmware can, until the reader has caught up. Without flow control bytes
   * that the host is too slow for are lost on the wire.
   */
  ACTIVE,
  /**
   * The module keeps data until it is asked for ({@code AT+CIPRECVTYPE}, {@code AT+CIPRECVMODE}),
   * so its TCP window holds the peer back; firmware that knows neither command pushes all the same.
   */
  PASSIVE
}
