package io.espat.smtp;

import java.io.IOException;
import java.time.Duration;

/**
 * Watches a mail on its way.
 *
 * <p>Called by the thread that sends, between two steps of its own: be fast, do not throw (what is
 * thrown is logged and dropped), and do not call the client.
 */
public interface SmtpListener {
  /** A stage is over; the detail is what it brought, such as the TLS version. */
  default void stage(SmtpStage stage, Duration took, String detail) {}

  /**
   * A line went over the connection. Credentials are replaced by {@code ********} before, the
   * message's text is told as its size, and control characters are escaped.
   *
   * @param encrypted whether the line travelled inside TLS
   */
  default void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {}

  /** So many octets of the message have been handed over; at most ten times a second. */
  default void progress(long sent, long total) {}

  /** The mail failed in this stage; the cause is then thrown. */
  default void failed(SmtpStage stage, IOException cause) {}
}
