package io.espat.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failure below means for the mail. */
final class Failure {
  private final Events events;
  private final Wire wire;

  Failure(Events events, Wire wire) {
    this.events = events;
    this.wire = wire;
  }

  /**
   * The exception to throw. What the factory, the module and the upgrader throw is passed on as it
   * is, for it says best what happened; only after the final dot all of it means one thing.
   */
  IOException of(IOException thrown) {
    IOException cause = wire.ended() == null ? thrown : wire.ended();
    if (cause instanceof SmtpException known) return known;
    if (events.stage() == SmtpStage.FINAL) return unknown(cause);
    if (cause == wire.ended() && !(cause instanceof SocketTimeoutException)) return cause;
    String id = id(cause);
    if (id == null) return cause;
    boolean temporary = !id.equals("E-SMTP-PROTOCOL");
    String message = events.doing() + ": " + cause.getMessage();
    return new SmtpException(id, events.stage(), message, null, temporary).causedBy(cause);
  }

  private @Nullable String id(IOException cause) {
    if (cause instanceof MalformedReplyException) return "E-SMTP-PROTOCOL";
    SmtpStage stage = events.stage();
    if (stage == SmtpStage.PREPARE) return null;
    if (cause.getClass() == SocketException.class) return "E-SMTP-LOST";
    if (stage == SmtpStage.CONNECT || stage == SmtpStage.HANDSHAKE) return null;
    if (cause instanceof SocketTimeoutException) return "E-SMTP-TIMEOUT";
    boolean lost = cause instanceof EOFException || cause instanceof SSLException;
    return lost ? "E-SMTP-LOST" : null;
  }

  private SmtpException unknown(IOException cause) {
    String message =
        events.doing()
            + ": the connection failed before the server's verdict, so nobody here can say"
            + " whether the mail was taken ("
            + cause.getMessage()
            + ")";
    return new SmtpException("E-SMTP-UNKNOWN", SmtpStage.FINAL, message, null, false)
        .causedBy(cause);
  }
}
