package io.espat.smtp;

import java.io.IOException;
import java.io.OutputStream;

/** A message that can be written more than once, as its author made it. */
interface Letter {
  /** Writes the message; line ends and Bcc are seen to further down. */
  void writeTo(OutputStream out) throws IOException;

  /** Writes the message as it is to be sent: each line ends in CRLF, and Bcc is gone. */
  default void sendTo(OutputStream out) throws IOException {
    LineEnds lines = new LineEnds(new BccFilter(out));
    writeTo(lines);
    lines.finish();
  }
}
