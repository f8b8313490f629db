package io.espat.cli;

import jakarta.activation.DataHandler;
import jakarta.activation.FileDataSource;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimePart;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A mail in the making: text, HTML and attachments become the usual MIME structure. */
final class Draft extends MimeMessage {
  private final String domain;

  private Draft(String domain) {
    super(Session.getInstance(new Properties()));
    this.domain = domain;
  }

  /** What the mail is made of; {@code html} may be null. */
  record Content(
      Addresses addresses,
      String subject,
      String text,
      @Nullable String html,
      List<Attachment> attachments,
      List<Header> headers) {}

  /**
   * Everybody whom the mail names; {@code bcc} is not here, because the mail does not name them.
   */
  record Addresses(
      InternetAddress from,
      List<InternetAddress> to,
      List<InternetAddress> cc,
      List<InternetAddress> replyTo) {}

  /** A file to attach, read when the mail is sent. */
  record Attachment(Path file, String type, String name) {}

  /** A header beyond the usual ones. */
  record Header(String name, String value) {}

  static Draft of(Content content, Instant date) throws MessagingException {
    Addresses addresses = content.addresses();
    String sender = addresses.from().getAddress();
    Draft draft = new Draft(sender.substring(sender.lastIndexOf('@') + 1));
    draft.setFrom(addresses.from());
    draft.setRecipients(RecipientType.TO, array(addresses.to()));
    draft.setRecipients(RecipientType.CC, array(addresses.cc()));
    if (!addresses.replyTo().isEmpty()) draft.setReplyTo(array(addresses.replyTo()));
    if (!content.subject().isEmpty()) draft.setSubject(content.subject(), "UTF-8");
    draft.setSentDate(Date.from(date));
    for (Header each : content.headers()) draft.addHeader(each.name(), each.value());
    draft.fill(content);
    draft.saveChanges();
    return draft;
  }

  /** The library's own takes its host part from the host's resolver, which is not ours to ask. */
  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader(
        "Message-ID",
        "<" + UUID.randomUUID().toString().toLowerCase(Locale.ROOT) + "@" + domain + ">");
  }

  private void fill(Content content) throws MessagingException {
    if (content.attachments().isEmpty()) {
      text(this, content);
      return;
    }
    MimeMultipart mixed = new MimeMultipart("mixed");
    MimeBodyPart first = new MimeBodyPart();
    text(first, content);
    mixed.addBodyPart(first);
    for (Attachment each : content.attachments()) mixed.addBodyPart(attached(each));
    setContent(mixed);
  }

  private static void text(MimePart part, Content content) throws MessagingException {
    String html = content.html();
    if (html == null) {
      part.setText(lines(content.text()), "UTF-8");
      return;
    }
    MimeMultipart alternative = new MimeMultipart("alternative");
    MimeBodyPart plain = new MimeBodyPart();
    plain.setText(lines(content.text()), "UTF-8");
    MimeBodyPart rich = new MimeBodyPart();
    rich.setText(lines(html), "UTF-8", "html");
    if (!content.text().isEmpty()) alternative.addBodyPart(plain);
    alternative.addBodyPart(rich);
    part.setContent(alternative);
  }

  /** Text with the line ends of mail (RFC 5322 section 2.3), whatever the system's are. */
  private static String lines(String text) {
    return text.replaceAll("\r\n|\r|\n", "\r\n");
  }

  private static MimeBodyPart attached(Attachment attachment) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setDataHandler(new DataHandler(new TypedFile(attachment)));
    part.setFileName(attachment.name());
    part.setDisposition(MimePart.ATTACHMENT);
    // Base64 whatever the type: text attachments too arrive byte for byte, line ends included.
    part.setHeader("Content-Transfer-Encoding", "base64");
    return part;
  }

  private static InternetAddress[] array(List<InternetAddress> addresses) {
    return addresses.toArray(InternetAddress[]::new);
  }

  /** A file with the type that the user or its name says, not the one a table on the disk says. */
  private static final class TypedFile extends FileDataSource {
    private final Attachment attachment;

    TypedFile(Attachment attachment) {
      super(attachment.file().toFile());
      this.attachment = attachment;
    }

    @Override
    public String getContentType() {
      return attachment.type();
    }

    @Override
    public String getName() {
      return attachment.name();
    }
  }
}
