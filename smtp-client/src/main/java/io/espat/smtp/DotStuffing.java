package io.espat.smtp;

import java.io.IOException;
import java.io.OutputStream;

/** Doubles the dot that begins a line (RFC 5321 section 4.5.2), and can end the message. */
final class DotStuffing extends OutputStream {
  private static final byte[] END = {'.', '\r', '\n'};
  static final int END_LENGTH = END.length;

  private final OutputStream out;
  private boolean lineStart = true;

  DotStuffing(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int octet) throws IOException {
    int value = octet & 0xff;
    if (lineStart && value == '.') out.write('.');
    out.write(value);
    lineStart = value == '\n';
  }

  /** Writes the final dot, and flushes nothing. */
  void end() throws IOException {
    out.write(END);
  }
}
