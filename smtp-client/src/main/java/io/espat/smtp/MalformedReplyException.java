package io.espat.smtp;

import java.net.ProtocolException;

/** The server said what is no reply; nothing it says can be trusted any more. */
final class MalformedReplyException extends ProtocolException {
  private static final long serialVersionUID = 1;

  MalformedReplyException(String message) {
    super(message);
  }
}
