package io.espat.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One login, by one mechanism, once (RFC 4954). */
final class Authentication {
  /** Best first. */
  static final List<String> MECHANISMS = List.of("PLAIN", "LOGIN");

  private final Wire wire;
  private final Events events;
  private final MailTransport transport;

  Authentication(Wire wire, Events events, MailTransport transport) {
    this.wire = wire;
    this.events = events;
    this.transport = transport;
  }

  /** Logs in by the mechanism named, or by the best that the server offers. */
  void login(Credentials login, @Nullable String mechanism) throws IOException {
    events.enter(SmtpStage.AUTH);
    List<String> wanted = mechanism == null ? MECHANISMS : List.of(mechanism);
    String chosen = wanted.stream().filter(transport::offersMechanism).findFirst().orElse(null);
    if (chosen == null) throw missing(wanted);
    byte[] user = encoded(login.user());
    byte[] password = encoded(login.password());
    byte[] plain = encoded(login.plain());
    Redaction secrets = Redaction.of(login.password(), password.clone(), plain.clone());
    wire.redact(secrets); // until the wire is closed, unless all goes well: a server may quote late
    try {
      if (chosen.equals("PLAIN")) {
        plain(plain);
      } else {
        step("AUTH LOGIN".getBytes(StandardCharsets.US_ASCII), "AUTH LOGIN", 334);
        step(user, Redaction.MARK, 334);
        step(password, Redaction.MARK, 235);
      }
      wire.redact(Redaction.NONE);
      secrets.close();
    } finally {
      List.of(user, password, plain).forEach(each -> Arrays.fill(each, (byte) 0));
    }
    events.leave(chosen);
  }

  private void plain(byte[] initialResponse) throws IOException {
    byte[] verb = "AUTH PLAIN ".getBytes(StandardCharsets.US_ASCII);
    byte[] line = Arrays.copyOf(verb, verb.length + initialResponse.length);
    System.arraycopy(initialResponse, 0, line, verb.length, initialResponse.length);
    step(line, "AUTH PLAIN " + Redaction.MARK, 235);
  }

  private void step(byte[] line, String shown, int wanted) throws IOException {
    wire.secret(line, shown);
    Reply reply = wire.reply();
    if (reply.code() != wanted) throw Refusal.of(events, reply);
  }

  private SmtpException missing(List<String> wanted) {
    String offered = transport.getExtensionParameter("AUTH");
    String what =
        offered == null
            ? "the server offers no login"
            : "the server offers only " + Text.escaped(offered);
    String message = events.doing() + ": " + what + ", not " + String.join(" or ", wanted);
    return new SmtpException("E-AUTH-MECH", SmtpStage.AUTH, message, null, false);
  }

  /** Base64, the clear form being wiped. */
  private static byte[] encoded(byte[] clear) {
    try {
      return Base64.getEncoder().encode(clear);
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }
}
