package io.espat.smtp;

import io.espat.tls.TlsMode;
import io.espat.tls.TlsSocket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** One mail on one connection, from the greeting to QUIT, top to bottom. */
final class SmtpSession {
  private final Settings settings;
  private final Wire wire;
  private final Events events;
  private @Nullable MailTransport transport;

  SmtpSession(Settings settings, Wire wire, Events events) {
    this.settings = settings;
    this.wire = wire;
    this.events = events;
  }

  SmtpReceipt send(Letter letter, Envelope envelope) throws IOException {
    try {
      envelope.check();
      Measure measure = measure(letter);
      connect();
      if (settings.mode() == TlsMode.STARTTLS) startTls();
      if (settings.login() != null) {
        new Authentication(wire, events, transport()).login(settings.login(), settings.mechanism());
      }
      mailFrom(envelope, measure);
      List<RecipientResult> recipients = rcptTo(envelope);
      Reply verdict = data(letter, measure);
      SmtpReceipt receipt = receipt(recipients, verdict, measure);
      quit();
      return receipt;
    } catch (IOException e) {
      IOException failure = new Failure(events, wire).of(e);
      events.failed(failure);
      if (failure instanceof SmtpException) quit();
      throw failure;
    }
  }

  private Measure measure(Letter letter) throws IOException {
    Measure measure = new Measure();
    letter.sendTo(measure);
    if (measure.marked()) {
      String message =
          events.doing()
              + ": a byte order mark stands before the header, which nobody would"
              + " take for one: all of it, Bcc too, would be shown as text";
      throw new SmtpException("E-SMTP-CONTENT", SmtpStage.PREPARE, message, null, false);
    }
    events.leave(measure.octets() + " octets" + (measure.eightBit() ? ", 8-bit" : ""));
    return measure;
  }

  private void connect() throws IOException {
    events.enter(SmtpStage.CONNECT);
    wire.connect();
    events.leave(wire.server().toString());
    if (settings.mode() == TlsMode.IMPLICIT) handshake();
    if (settings.mode() == TlsMode.NONE) events.warn("the mail goes in clear (TlsMode.NONE)");
    events.enter(SmtpStage.BANNER);
    transport = new MailTransport(wire, events, settings, ehloName());
    transport.greet(settings);
  }

  private void startTls() throws IOException {
    events.enter(SmtpStage.STARTTLS);
    if (!transport().supportsExtension("STARTTLS")) {
      String message = events.doing() + ": the server does not offer it; no mail was sent";
      throw new SmtpException("E-STARTTLS-ABSENT", SmtpStage.STARTTLS, message, null, false);
    }
    Reply reply = transport().ask("STARTTLS");
    if (reply.code() != 220) throw Refusal.of(events, reply);
    events.leave(reply.text());
    handshake();
    transport().greetAgain();
  }

  private void handshake() throws IOException {
    events.enter(SmtpStage.HANDSHAKE);
    TlsSocket tls = wire.secure();
    String how = tls.resumed() ? " resumed" : "";
    events.leave(tls.version().protocol() + " " + tls.suite() + how);
  }

  private void mailFrom(Envelope envelope, Measure measure) throws IOException {
    events.enter(SmtpStage.MAIL);
    StringBuilder command = new StringBuilder("MAIL FROM:<").append(envelope.from()).append('>');
    if (transport().supportsExtension("SIZE")) {
      requireSize(measure.octets());
      command.append(" SIZE=").append(measure.octets());
    }
    // without 8BITMIME it is sent all the same, as every mail program does: servers pass it on
    if (measure.eightBit() && transport().supportsExtension("8BITMIME")) {
      command.append(" BODY=8BITMIME");
    }
    if (!envelope.ascii()) {
      requireUtf8();
      command.append(" SMTPUTF8");
    }
    Reply reply = transport().ask(command.toString());
    if (!reply.ok()) throw Refusal.of(events, reply);
    events.leave(reply.text());
  }

  private void requireSize(long octets) throws SmtpException {
    String limit = transport().getExtensionParameter("SIZE").trim();
    if (!limit.matches("[1-9][0-9]{0,17}") || octets <= Long.parseLong(limit)) return;
    String message = events.doing() + ": " + octets + " octets, but the server takes " + limit;
    throw new SmtpException("E-SMTP-SIZE", SmtpStage.MAIL, message, null, false);
  }

  private void requireUtf8() throws SmtpException {
    if (transport().supportsExtension("SMTPUTF8")) return;
    String message = events.doing() + ": an address is not ASCII, and the server lacks SMTPUTF8";
    throw new SmtpException("E-SMTP-UTF8", SmtpStage.MAIL, message, null, false);
  }

  /** All or none: the others are asked all the same, so that the error tells about each. */
  private List<RecipientResult> rcptTo(Envelope envelope) throws IOException {
    events.enter(SmtpStage.RCPT);
    List<RecipientResult> results = new ArrayList<>();
    Reply worst = null;
    for (String address : envelope.to()) {
      Reply reply = transport().ask("RCPT TO:<" + address + ">");
      results.add(new RecipientResult(address, reply.ok(), reply.text()));
      if (!reply.ok() && (worst == null || worst.temporary())) worst = reply;
      if (reply.code() == 421 || !reply.ok() && !reply.refused()) break;
    }
    if (worst != null) throw refused(worst, results, envelope.to().size());
    events.leave(results.size() + " accepted");
    return results;
  }

  private SmtpException refused(Reply worst, List<RecipientResult> results, int all) {
    SmtpException refusal = Refusal.of(events, worst);
    long refused = results.stream().filter(each -> !each.accepted()).count();
    String message =
        events.doing() + ": " + refused + " of " + all + " recipients refused, nothing was sent";
    return new SmtpException(
        refusal.id(), SmtpStage.RCPT, message, worst, refusal.isTransient(), results);
  }

  private Reply data(Letter letter, Measure measure) throws IOException {
    events.enter(SmtpStage.DATA);
    Reply go = transport().ask("DATA");
    if (go.code() != 354) throw Refusal.of(events, go);
    wire.breakOff(); // until the verdict is there, only the message may follow
    Body body = new Body(wire, events, measure.octetsOnTheWire());
    DotStuffing dots = new DotStuffing(body);
    letter.sendTo(dots);
    if (body.given() + DotStuffing.END_LENGTH != measure.octetsOnTheWire()) throw changed(measure);
    events.dialogue(false, wire.encrypted(), "(" + measure.octets() + " octets)");
    dots.end();
    wire.requireSilence(); // a verdict that is already there is none
    events.leave(measure.octets() + " octets");
    events.enter(SmtpStage.FINAL); // from here on the server may have the whole mail
    body.finish();
    Reply verdict = wire.reply();
    if (!verdict.ok() && !verdict.refused()) {
      throw new MalformedReplyException("this is no verdict: '" + verdict.text() + "'");
    }
    wire.resume();
    if (verdict.refused()) throw Refusal.of(events, verdict);
    events.leave(verdict.text());
    return verdict;
  }

  /** A pipe is empty when read again, and a file may be written to meanwhile. */
  private SmtpException changed(Measure measure) {
    String message =
        events.doing()
            + ": the message is not the same as when it was measured ("
            + measure.octets()
            + " octets), so its end was not sent";
    return new SmtpException("E-SMTP-CONTENT", SmtpStage.DATA, message, null, false);
  }

  private SmtpReceipt receipt(List<RecipientResult> recipients, Reply verdict, Measure measure) {
    TlsSocket tls = wire.tls();
    return new SmtpReceipt(
        recipients,
        verdict.text(),
        measure.messageId(),
        tls == null ? null : tls.version(),
        tls == null ? null : tls.suite(),
        tls == null ? null : certificate(tls),
        tls != null && tls.resumed(),
        wire.server(),
        measure.octets());
  }

  private static @Nullable X509Certificate certificate(TlsSocket tls) {
    try {
      Certificate[] chain = tls.getSession().getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
    } catch (SSLPeerUnverifiedException e) {
      return null; // the mail is accepted: nothing may make a failure of that any more
    }
  }

  /** Takes leave where that is still possible; the mail's fate does not depend on it. */
  private void quit() {
    if (!wire.usable()) return;
    events.enter(SmtpStage.QUIT);
    try {
      wire.hurry();
      wire.command("QUIT");
      events.leave(wire.reply().text());
    } catch (IOException e) {
      events.leave("no answer: " + e.getMessage());
    }
  }

  /** RFC 5321 section 4.1.4: a client without a name gives its address as a literal. */
  private String ehloName() {
    String name = settings.ehlo();
    if (name != null) return name;
    InetAddress own = wire.localAddress();
    if (own == null || own.isAnyLocalAddress()) return "[127.0.0.1]";
    String address = own.getHostAddress();
    if (!(own instanceof Inet6Address)) return "[" + address + "]";
    int scope = address.indexOf('%');
    return "[IPv6:" + (scope < 0 ? address : address.substring(0, scope)) + "]";
  }

  private MailTransport transport() {
    if (transport == null) throw new IllegalStateException("not connected");
    return transport;
  }
}
