package io.espat.cli;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A complete RFC 5322 message in a file; one from standard input is kept in a private file until
 * closed.
 */
final class FinishedMessage implements AutoCloseable {
  private static final int LONGEST_HEADER = 1024 * 1024;

  private final Path file;
  private final boolean temporary;
  private final InternetHeaders headers;

  private FinishedMessage(Path file, boolean temporary) throws FailureException {
    this.file = file;
    this.temporary = temporary;
    this.headers = headers(file);
  }

  /** Opens FILE, or for {@code -} what {@code standardInput} holds. */
  static FinishedMessage open(String source, InputStream standardInput) throws FailureException {
    if (!source.equals("-")) return new FinishedMessage(Path.of(source), false);
    try {
      Path copy = Files.createTempFile("espat-", ".eml"); // 0600 where the system knows such modes
      try {
        try (OutputStream out = Files.newOutputStream(copy)) {
          standardInput.transferTo(out);
        }
        return new FinishedMessage(copy, true);
      } catch (IOException | FailureException e) {
        Files.deleteIfExists(copy);
        throw e;
      }
    } catch (IOException e) {
      throw unreadable("standard input: " + Causes.words(e), e);
    }
  }

  Path file() {
    return file;
  }

  long size() throws IOException {
    return Files.size(file);
  }

  /** The first value of a header, unfolded; null when the message has none. */
  @Nullable String header(String name) {
    String value = headers.getHeader(name, ", ");
    return value == null ? null : value.replaceAll("\r?\n[ \t]*", " ").strip();
  }

  /** The address that the message itself gives as its sender's. */
  @Nullable String sender() throws FailureException {
    for (String name : List.of("Resent-Sender", "Resent-From", "Sender", "From")) {
      String value = header(name);
      if (value != null && !value.isEmpty()) {
        return MailReader.addresses(name, List.of(value)).get(0).getAddress();
      }
    }
    return null;
  }

  /** The recipients that the message names; those of a resent message go before the first ones. */
  List<String> recipients() throws FailureException {
    List<String> resent = recipients(List.of("Resent-To", "Resent-Cc", "Resent-Bcc"));
    return resent.isEmpty() ? recipients(List.of("To", "Cc", "Bcc")) : resent;
  }

  private List<String> recipients(List<String> names) throws FailureException {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      String value = header(name);
      if (value == null || value.isEmpty()) continue;
      MailReader.addresses(name, List.of(value)).forEach(each -> found.add(each.getAddress()));
    }
    return found;
  }

  private static InternetHeaders headers(Path file) throws FailureException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(LONGEST_HEADER);
      InternetHeaders headers = new InternetHeaders(new ByteArrayInputStream(start), true);
      if (!headers.getAllHeaders().hasMoreElements()) {
        throw malformed(file + ": it does not begin with headers");
      }
      return headers;
    } catch (IOException e) {
      String words = Causes.words(e);
      String path = file.toString();
      throw unreadable(words.startsWith(path) ? words : path + ": " + words, e);
    } catch (MessagingException e) {
      throw malformed(file + ": its headers cannot be read");
    }
  }

  private static FailureException unreadable(String why, Throwable cause) {
    return new FailureException(
        Failure.of(ErrorId.FILE_READ, why).what("the message cannot be read"), cause);
  }

  private static FailureException malformed(String why) {
    return new FailureException(Failure.of(ErrorId.SMTP_CONTENT, why));
  }

  /** Deletes the private copy, if there is one. */
  @Override
  public void close() throws IOException {
    if (temporary) Files.deleteIfExists(file);
  }
}
