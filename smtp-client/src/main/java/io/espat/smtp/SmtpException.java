package io.espat.smtp;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail that was not sent, or ({@code E-SMTP-UNKNOWN}) of which nobody can say whether it was.
 *
 * <p>The ids are stable: {@code E-STARTTLS-ABSENT}, {@code E-STARTTLS-TEMP}, {@code
 * E-STARTTLS-REFUSED}, {@code E-AUTH-DENIED}, {@code E-AUTH-MECH}, {@code E-SMTP-REJECTED}, {@code
 * E-SMTP-TEMP}, {@code E-SMTP-PROTOCOL}, {@code E-SMTP-LOST}, {@code E-SMTP-TIMEOUT}, {@code
 * E-SMTP-UNKNOWN}, {@code E-SMTP-SIZE}, {@code E-SMTP-UTF8}, {@code E-SMTP-ADDRESS} and {@code
 * E-SMTP-CONTENT}. The README of this module tells the cause and the remedy of each.
 */
public final class SmtpException extends IOException {
  private static final long serialVersionUID = 1;

  private final String id;
  private final SmtpStage stage;
  private final @Nullable String reply;
  private final boolean temporary;
  private final transient List<RecipientResult> recipients;

  SmtpException(
      String id, SmtpStage stage, String message, @Nullable Reply reply, boolean temporary) {
    this(id, stage, message, reply, temporary, List.of());
  }

  SmtpException(
      String id,
      SmtpStage stage,
      String message,
      @Nullable Reply reply,
      boolean temporary,
      List<RecipientResult> recipients) {
    super(reply == null ? message : message + ": " + reply.text());
    this.id = id;
    this.stage = stage;
    this.reply = reply == null ? null : reply.text();
    this.temporary = temporary;
    this.recipients = List.copyOf(recipients);
  }

  /** The stable id of the error, such as {@code E-AUTH-DENIED}. */
  public String id() {
    return id;
  }

  /** The stage in which it happened. */
  public SmtpStage stage() {
    return stage;
  }

  /**
   * The server's words, all lines of them, control characters escaped; null when it said nothing.
   */
  public @Nullable String reply() {
    return reply;
  }

  /**
   * Whether the same mail may go through later. False for {@code E-SMTP-UNKNOWN}: sending again may
   * deliver twice, so that is for a person to decide.
   */
  public boolean isTransient() {
    return temporary;
  }

  /** What the server said to each recipient; empty when it came to none. */
  public List<RecipientResult> recipients() {
    return recipients == null ? List.of() : recipients;
  }

  SmtpException causedBy(Throwable cause) {
    initCause(cause);
    return this;
  }
}
