package io.espat.sim;

import java.io.IOException;

/** A fault script that cannot be read; the message names the line and the reason. */
public final class FaultScriptException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int line;

  FaultScriptException(int line, IllegalArgumentException why) {
    super("line " + line + ": " + why.getMessage(), why);
    this.line = line;
  }

  /** The line that cannot be read, from 1. */
  public int line() {
    return line;
  }
}
