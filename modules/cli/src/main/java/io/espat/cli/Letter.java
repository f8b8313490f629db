package io.espat.cli;

import io.espat.smtp.SmtpClient;
import io.espat.smtp.SmtpReceipt;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A mail ready to go, composed or finished, with its envelope. */
final class Letter implements AutoCloseable {
  private final String from;
  private final List<String> recipients;
  private final @Nullable Draft draft;
  private final @Nullable FinishedMessage message;

  private Letter(
      String from,
      Set<String> recipients,
      @Nullable Draft draft,
      @Nullable FinishedMessage message) {
    this.from = from;
    this.recipients = List.copyOf(recipients);
    this.draft = draft;
    this.message = message;
  }

  static Letter of(MailOptions options, Surroundings surroundings)
      throws IOException, FailureException {
    return options.message == null
        ? composed(options, surroundings)
        : finished(options, options.message, surroundings);
  }

  private static Letter composed(MailOptions options, Surroundings surroundings)
      throws FailureException {
    Draft.Content content = new MailReader(options, surroundings).content();
    try {
      Draft draft = Draft.of(content, Instant.now());
      return new Letter(content.addresses().from().getAddress(), named(options), draft, null);
    } catch (MessagingException e) {
      throw new FailureException(Failure.of(ErrorId.SMTP_CONTENT, Causes.words(e)), e);
    }
  }

  private static Letter finished(MailOptions options, String source, Surroundings surroundings)
      throws IOException, FailureException {
    FinishedMessage message = FinishedMessage.open(source, surroundings.in());
    boolean good = false;
    try {
      String from =
          options.from == null
              ? message.sender()
              : MailReader.address("--from", options.from).getAddress();
      if (from == null) {
        throw FailureException.usage("the message names no sender", "add --from ADDRESS");
      }
      Set<String> recipients = named(options);
      if (options.readRecipients) recipients.addAll(message.recipients());
      if (recipients.isEmpty()) {
        throw FailureException.usage("the message names no recipient", "add --to ADDRESS");
      }
      good = true;
      return new Letter(from, recipients, null, message);
    } finally {
      if (!good) message.close();
    }
  }

  private static Set<String> named(MailOptions options) throws FailureException {
    List<InternetAddress> all = new ArrayList<>(MailReader.addresses("--to", options.to));
    all.addAll(MailReader.addresses("--cc", options.cc));
    all.addAll(MailReader.addresses("--bcc", options.bcc));
    Set<String> addresses = new LinkedHashSet<>();
    all.forEach(each -> addresses.add(each.getAddress()));
    return addresses;
  }

  /** The envelope's sender. */
  String from() {
    return from;
  }

  /** The envelope's recipients, each once. */
  List<String> recipients() {
    return recipients;
  }

  SmtpReceipt send(SmtpClient client) throws IOException {
    if (draft != null) return client.send(draft, from, recipients);
    return client.send(finished().file(), from, recipients);
  }

  void writeTo(OutputStream out) throws IOException {
    if (draft == null) {
      Files.copy(finished().file(), out);
      return;
    }
    try {
      draft.writeTo(out);
    } catch (MessagingException e) {
      throw new IOException("writing the message: " + Causes.words(e), e);
    }
  }

  private FinishedMessage finished() {
    if (message == null) throw new IllegalStateException("neither composed nor finished");
    return message;
  }

  @Override
  public void close() throws IOException {
    if (message != null) message.close();
  }
}
