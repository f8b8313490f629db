package io.espat.cli;

import java.util.Arrays;

/** A secret that is wiped when closed and never becomes part of a text. */
final class Secret implements AutoCloseable {
  private final char[] chars;

  /** Takes the array over: the secret wipes it. */
  Secret(char[] chars) {
    this.chars = chars;
  }

  /** The secret itself, for the one who needs it now; not a copy. */
  char[] chars() {
    return chars;
  }

  @Override
  public void close() {
    Arrays.fill(chars, '\0');
  }

  @Override
  public String toString() {
    return "********";
  }
}
