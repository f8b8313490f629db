package io.espat.ftp;

import io.espat.tls.CertificateRejectedException;
import io.espat.tls.PlaintextInjectionException;
import io.espat.tls.TlsHandshakeException;
import io.espat.tls.TruncatedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import org.apache.commons.net.MalformedServerReplyException;
import org.jspecify.annotations.Nullable;

/**
 * Says what an FTPS server refused, or how a session broke.
 *
 * <p>The message tells what was attempted, on what, what happened and how far it got; the server's
 * words stand in {@link #reply()} as they came. No password is in either. Certificates that are not
 * trusted, failed handshakes and injected plain text are told by the exceptions of {@code
 * io.espat.tls}, and what the socket says while dialling (unknown host, refused, timed out) by its
 * own.
 */
public final class FtpsException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final FtpsStage stage;
  private final @Nullable String reply;
  private final boolean isTransient;

  private FtpsException(Builder from, String message) {
    super(message, from.cause);
    id = from.id;
    stage = from.stage;
    reply = from.reply == null ? null : from.reply.text();
    isTransient = from.isTransient;
  }

  static Builder at(FtpsStage stage) {
    return new Builder(stage);
  }

  /**
   * Gives an exception from beneath the stage and what was attempted; what already says both, or is
   * an answer of its own (untrusted certificate, injected text), is returned as it is.
   */
  static IOException told(FtpsStage stage, String attempted, IOException e) {
    String message = attempted + ": " + stage + ": " + FtpReply.printable(words(e));
    if (e instanceof FtpsException
        || e instanceof PlaintextInjectionException
        || e instanceof CertificateRejectedException
        || e instanceof TlsHandshakeException) {
      return e;
    }
    if (e instanceof SocketTimeoutException) {
      return because(new SocketTimeoutException(message), e);
    }
    if (e instanceof InterruptedIOException) {
      return because(new InterruptedIOException(message), e);
    }
    if (e instanceof TruncatedException
        && (stage == FtpsStage.TRANSFER || stage == FtpsStage.LIST)) {
      return at(stage).lost(e).id("E-FTP-TRUNCATED").because(message);
    }
    if (e instanceof ProtocolException || e instanceof MalformedServerReplyException) {
      return at(stage).cause(e).because(message);
    }
    return at(stage).lost(e).because(message);
  }

  private static IOException because(IOException told, IOException cause) {
    told.initCause(cause);
    return told;
  }

  private static String words(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** The stable id, such as {@code E-FTP-REUSE}; the README of this module explains each. */
  public String id() {
    return id;
  }

  /** The stage that did not succeed. */
  public FtpsStage stage() {
    return stage;
  }

  /**
   * The server's words verbatim, the lines of a multi-line reply parted by {@code \n}, or null when
   * it said nothing.
   *
   * <p>They may hold control characters: escape them before they reach a terminal.
   */
  public @Nullable String reply() {
    return reply;
  }

  /** True if the same may succeed later: a 4xx reply, a time-out, a lost connection. */
  public boolean isTransient() {
    return isTransient;
  }

  /** Collects what is known of a failure. */
  static final class Builder {
    private final FtpsStage stage;
    private String id = "E-FTP-PROTOCOL";
    private @Nullable FtpReply reply;
    private boolean isTransient;
    private @Nullable IOException cause;

    private Builder(FtpsStage stage) {
      this.stage = stage;
    }

    Builder id(String id) {
      this.id = id;
      return this;
    }

    /** Takes the server's words; a 4xx among them makes the failure transient. */
    Builder reply(@Nullable FtpReply reply) {
      this.reply = reply;
      if (reply != null) isTransient = reply.isTransient();
      return this;
    }

    /** Takes the server's words, and E-FTP-TEMP for the id if they are a 4xx. */
    Builder refused(FtpReply reply, String permanentId) {
      return reply(reply).id(reply.isTransient() ? "E-FTP-TEMP" : permanentId);
    }

    /** Takes what happened beneath; the connection is gone, another one may succeed. */
    Builder lost(IOException cause) {
      this.cause = cause;
      isTransient = true;
      id = "E-FTP-LOST";
      return this;
    }

    Builder cause(@Nullable IOException cause) {
      this.cause = cause;
      return this;
    }

    Builder isTransient(boolean yes) {
      isTransient = yes;
      return this;
    }

    /** Makes the exception; the server's words are put behind the message, if there are any. */
    FtpsException because(String message) {
      return new FtpsException(
          this, reply == null ? message : message + ": server says " + reply.printable());
    }
  }
}
