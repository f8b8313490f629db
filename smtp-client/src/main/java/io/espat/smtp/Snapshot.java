package io.espat.smtp;

import jakarta.mail.Address;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.eclipse.angus.mail.smtp.SMTPMessage;

/**
 * A composed message, completed (MIME-Version, Message-ID, encodings) without asking the host for
 * its name, as {@code MimeMessage.saveChanges} does. The caller's message is left as it is.
 */
final class Snapshot extends MimeMessage {
  private static final Set<String> SAVING =
      Set.of("writeTo", "saveChanges", "updateHeaders", "updateMessageID");

  private Snapshot(MimeMessage source) throws MessagingException {
    super(Session.getInstance(new Properties()));
    for (Header each : Collections.list(source.getAllHeaders())) {
      addHeader(each.getName(), each.getValue());
    }
    setDataHandler(source.getDataHandler());
    setHeaders(source, "Content-Type", "Content-Transfer-Encoding");
    saveChanges();
  }

  /**
   * The message to write: parsed ones and those that see to their own completion as they are, for
   * every octet of them may be signed; composed ones completed.
   */
  static MimeMessage of(MimeMessage message) throws MessagingException, IOException {
    return parsed(message) || ownWay(message.getClass()) ? message : new Snapshot(message);
  }

  private static boolean parsed(MimeMessage message) throws IOException {
    try {
      message.getRawInputStream().close();
      return true;
    } catch (MessagingException e) {
      return false; // composed: there is no source to read
    }
  }

  private static boolean ownWay(Class<?> type) {
    if (type == MimeMessage.class || type == SMTPMessage.class) return false;
    boolean own =
        Arrays.stream(type.getDeclaredMethods()).map(Method::getName).anyMatch(SAVING::contains);
    return own || ownWay(type.getSuperclass());
  }

  /** setDataHandler forgets these; a caller who set them wants them. */
  private void setHeaders(MimeMessage source, String... names) throws MessagingException {
    for (String name : names) {
      String[] values = source.getHeader(name);
      if (values != null) setHeader(name, values[0]);
    }
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    if (getHeader("Message-ID") != null) return;
    setHeader("Message-ID", "<" + UUID.randomUUID() + "@" + domain() + ">");
  }

  private String domain() throws MessagingException {
    Address[] from = getFrom();
    String address =
        from != null && from.length > 0 && from[0] instanceof InternetAddress first
            ? first.getAddress()
            : "";
    String domain = address.substring(address.lastIndexOf('@') + 1);
    boolean plain = domain.matches("[A-Za-z0-9.-]+|\\[[A-Za-z0-9.:]+\\]");
    return plain && !address.equals(domain) ? domain : "espat.invalid";
  }
}
