package io.espat.at;

/** How the module is brought to a known state before it is spoken to. */
public enum ResetMode {
  /** Not at all: DTR and RTS stay inactive while opening, and the module is synchronised. */
  NONE,
  /** {@code AT+RST} once the module answers, then {@code ready}. */
  AT,
  /**
   * RTS (EN on boards with the usual reset circuit) is asserted for 100 ms before the module is
   * spoken to, with DTR (the boot pin) off; needs a {@link SerialLine}.
   */
  LINE
}
