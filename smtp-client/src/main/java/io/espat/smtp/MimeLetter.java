package io.espat.smtp;

import jakarta.mail.Address;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.jspecify.annotations.Nullable;

/** A message as Jakarta Mail holds it. */
final class MimeLetter implements Letter {
  /** A line end that is not a fold: it would begin a field of its own, or the body. */
  private static final Pattern BROKEN = Pattern.compile("\0|\r\n?(?![ \t\n])|(?<!\r)\n(?![ \t])");

  private static final String[] NOT_SENT = {"Bcc", "Resent-Bcc", "Content-Length"};

  private final MimeMessage message;

  /**
   * Completes the message where it has not been saved.
   *
   * @throws SmtpException E-SMTP-CONTENT
   */
  MimeLetter(MimeMessage message) throws IOException {
    try {
      this.message = Snapshot.of(message);
      check(this.message);
    } catch (MessagingException e) {
      throw wrong("it cannot be completed: " + e.getMessage(), e);
    }
  }

  /** The envelope that the header tells. */
  static Envelope envelope(MimeMessage message) throws IOException {
    try {
      List<String> to = new ArrayList<>();
      Address[] recipients = message.getAllRecipients();
      for (Address each : recipients == null ? new Address[0] : recipients) add(each, to);
      return new Envelope(sender(message), to);
    } catch (MessagingException e) {
      throw wrong("its addresses cannot be read: " + e.getMessage(), e);
    }
  }

  private static String sender(MimeMessage message) throws MessagingException, SmtpException {
    if (message instanceof SMTPMessage smtp && smtp.getEnvelopeFrom() != null) {
      return smtp.getEnvelopeFrom().equals("<>") ? "" : smtp.getEnvelopeFrom();
    }
    Address[] from = message.getFrom();
    if (from != null && from.length > 0 && from[0] instanceof InternetAddress first) {
      return first.getAddress();
    }
    throw wrong("it has no From, and no envelope sender was given", null);
  }

  private static void add(Address address, List<String> to)
      throws MessagingException, SmtpException {
    if (!(address instanceof InternetAddress mail)) {
      throw wrong("a recipient is no mail address: " + Text.escaped(address.toString()), null);
    }
    if (!mail.isGroup()) {
      to.add(mail.getAddress());
      return;
    }
    InternetAddress[] members = mail.getGroup(true);
    for (InternetAddress each : members == null ? new InternetAddress[0] : members) add(each, to);
  }

  private static void check(MimeMessage message) throws MessagingException, SmtpException {
    for (Header each : Collections.list(message.getAllHeaders())) {
      String value = each.getValue() == null ? "" : each.getValue();
      if (each.getName().chars().anyMatch(c -> c <= ' ' || c > 126)
          || BROKEN.matcher(value).find()) {
        String name = Text.escaped(each.getName());
        throw wrong("the header field " + name + " holds CR, LF or NUL that would end it", null);
      }
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try {
      message.writeTo(out, NOT_SENT);
    } catch (MessagingException e) {
      throw wrong("it cannot be written: " + e.getMessage(), e);
    }
  }

  private static SmtpException wrong(String why, @Nullable Throwable e) {
    SmtpException wrong =
        new SmtpException(
            "E-SMTP-CONTENT", SmtpStage.PREPARE, "preparing the message: " + why, null, false);
    return e == null ? wrong : wrong.causedBy(e);
  }
}
