package io.espat.at;

/** How the serial line is kept from overrunning. */
public enum FlowControl {
  /**
   * None, because a CTS wire that is not connected would stop the line for ever; passive receive
   * needs none.
   */
  AUTO,
  /** RTS/CTS; the module must have it on as well ({@code AT+UART_CUR=...,3}). */
  RTS_CTS,
  /** None, said explicitly. */
  NONE
}
