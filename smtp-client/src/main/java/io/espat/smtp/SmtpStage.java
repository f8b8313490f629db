package io.espat.smtp;

/** How far a mail got: the steps of RFC 5321 and RFC 3207, in their order. */
public enum SmtpStage {
  /** Reading the message and checking the envelope; the server has not been called yet. */
  PREPARE("preparing the message"),
  /** Opening the connection. */
  CONNECT("connecting"),
  /** Waiting for the server's greeting. */
  BANNER("waiting for the greeting"),
  /** Asking for the server's extensions, before TLS and again inside it. */
  EHLO("EHLO"),
  /** Asking the server to turn to TLS (RFC 3207). */
  STARTTLS("STARTTLS"),
  /** Negotiating TLS and checking the certificate. */
  HANDSHAKE("TLS handshake"),
  /** Logging in (RFC 4954). */
  AUTH("AUTH"),
  /** Naming the sender. */
  MAIL("MAIL FROM"),
  /** Naming the recipients. */
  RCPT("RCPT TO"),
  /** Asking to send the message, and sending it up to its final dot. */
  DATA("DATA"),
  /** Waiting for the verdict on the message, its final dot being sent. */
  FINAL("waiting for the verdict after the final dot"),
  /** Taking leave; what fails here fails no mail. */
  QUIT("QUIT");

  private final String words;

  SmtpStage(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
