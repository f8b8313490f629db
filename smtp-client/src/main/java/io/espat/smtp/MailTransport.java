package io.espat.smtp;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Angus Mail's SMTP transport on a connection handed to it: greeting, EHLO, commands and their
 * replies. TLS, login and the message are the session's, because Angus keeps clear-text
 * capabilities when the second EHLO fails, takes passwords as strings, and reads ahead.
 */
final class MailTransport extends SMTPTransport {
  private final Wire wire;
  private final Events events;

  MailTransport(Wire wire, Events events, Settings settings, String ehloName) {
    super(
        Session.getInstance(properties(ehloName)),
        new URLName("smtp", settings.host(), settings.port(), null, null, null));
    this.wire = wire;
    this.events = events;
  }

  private static Properties properties(String ehloName) {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.localhost", ehloName); // else the host's resolver is asked
    return properties;
  }

  /** Waits for the greeting and learns the extensions. */
  void greet(Settings settings) throws IOException {
    try {
      connect(new WireSocket(wire, settings.host(), settings.port()));
    } catch (MessagingException e) {
      throw unwrapped(e);
    }
  }

  /** Stands in for the look-ups and the login of jakarta.mail.Service. */
  @Override
  public synchronized void connect(String host, int port, String user, String password)
      throws MessagingException {
    protocolConnect(host, port, null, null);
    setConnected(true);
  }

  /** Learns the extensions anew; those known before are forgotten, also when this fails. */
  synchronized void greetAgain() throws IOException {
    try {
      ehlo(getLocalHost());
    } catch (MessagingException e) {
      throw unwrapped(e);
    }
  }

  @Override
  protected boolean ehlo(String domain) throws MessagingException {
    events.enter(SmtpStage.EHLO);
    if (!super.ehlo(domain)) throw wrapped(Refusal.of(events, wire.last()));
    events.leave(wire.encrypted() ? "inside TLS" : "in clear");
    return true;
  }

  @Override
  protected int readServerResponse() throws MessagingException {
    int code = super.readServerResponse();
    if (events.stage() == SmtpStage.BANNER) {
      if (code != 220) throw wrapped(Refusal.of(events, wire.last()));
      events.leave(wire.last().text());
    }
    return code;
  }

  @Override
  protected void sendCommand(String command) throws MessagingException {
    try {
      wire.command(command);
    } catch (IOException e) {
      throw wrapped(e);
    }
  }

  /** Sends a command and takes its reply, whatever it says. */
  Reply ask(String command) throws IOException {
    try {
      simpleCommand(command);
      return wire.last();
    } catch (MessagingException e) {
      throw unwrapped(e);
    }
  }

  synchronized boolean offersMechanism(String mechanism) {
    return supportsAuthentication(mechanism);
  }

  private static MessagingException wrapped(IOException cause) {
    return new MessagingException(cause.getMessage(), cause);
  }

  private static IOException unwrapped(MessagingException e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof IOException cause) return cause;
    }
    return new MalformedReplyException("Angus Mail gave up: " + e.getMessage());
  }

  /** Never said: HELO knows no extensions, hence no TLS. */
  @Override
  protected void helo(String domain) throws MessagingException {
    throw wrapped(Refusal.of(events, wire.last()));
  }
}
