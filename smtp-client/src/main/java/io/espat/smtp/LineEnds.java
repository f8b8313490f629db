package io.espat.smtp;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Gives every line the end CRLF. A carriage return that no line feed follows is content, not a line
 * end, and stays as it is.
 */
final class LineEnds extends OutputStream {
  private final OutputStream out;
  private int last = '\n';

  LineEnds(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int octet) throws IOException {
    int value = octet & 0xff;
    if (value == '\n' && last != '\r') out.write('\r');
    out.write(value);
    last = value;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    for (int i = offset; i < offset + count; i++) write(bytes[i]);
  }

  /** Completes the last line, and hands over what is held below. */
  void finish() throws IOException {
    if (last != '\n') {
      if (last != '\r') out.write('\r');
      out.write('\n');
      last = '\n';
    }
    out.flush();
  }
}
