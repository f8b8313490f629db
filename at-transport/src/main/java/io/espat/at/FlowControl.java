package io.espat.at;

/** How the serial line is kept from overrunning. */
public enum FlowControl {
  /**
   * RTS/CTS where a test while opening shows that each side can hold the other one back, none
   * elsewhere; needs a {@link SerialLine}. The module is told by {@code AT+UART_CUR}, until close.
   */
  AUTO,
  /**
   * RTS/CTS, or a {@link DeviceException} where the test shows that it does not work. Where nobody
   * can test, as behind a serial port server, it is believed, and both ends must have been set.
   */
  RTS_CTS,
  /** None; the module's own setting is left alone. */
  NONE
}
