package io.espat.cli;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.ParseException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the options of {@code send} name: addresses, texts, files, headers. */
final class MailReader {
  private static final int LONGEST_TEXT = 10 * 1024 * 1024;
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "from",
          "sender",
          "to",
          "cc",
          "bcc",
          "reply-to",
          "subject",
          "date",
          "message-id",
          "mime-version");

  private final MailOptions options;
  private final Surroundings surroundings;

  MailReader(MailOptions options, Surroundings surroundings) {
    this.options = options;
    this.surroundings = surroundings;
  }

  Draft.Content content() throws FailureException {
    String html = options.html == null ? null : text("--html", options.html);
    List<Draft.Attachment> attachments = new ArrayList<>();
    for (String each : options.attach) attachments.add(attachment(each));
    List<Draft.Header> headers = new ArrayList<>();
    for (String each : options.header) headers.add(header(each));
    return new Draft.Content(
        addresses(), subject(), body(html), html, attachments, List.copyOf(headers));
  }

  /** The addresses of an option that may be repeated and hold lists. */
  static List<InternetAddress> addresses(String option, List<String> lists)
      throws FailureException {
    List<InternetAddress> all = new ArrayList<>();
    for (String list : lists) {
      refuseControls(option, list);
      try {
        all.addAll(Arrays.asList(InternetAddress.parse(list, true)));
        for (InternetAddress each : all) check(option, each);
      } catch (AddressException e) {
        throw unreadable(option, list);
      }
    }
    return all;
  }

  /** One address, such as that of the sender. */
  static InternetAddress address(String option, String text) throws FailureException {
    List<InternetAddress> found = addresses(option, List.of(text));
    if (found.size() != 1) throw unreadable(option, text);
    return found.get(0);
  }

  private Draft.Addresses addresses() throws FailureException {
    String from = options.from == null ? "" : options.from;
    return new Draft.Addresses(
        address("--from", from),
        addresses("--to", options.to),
        addresses("--cc", options.cc),
        addresses("--reply-to", options.replyTo));
  }

  private static void check(String option, InternetAddress address)
      throws FailureException, AddressException {
    address.validate();
    String text = address.getAddress();
    int at = text.lastIndexOf('@');
    boolean ascii = text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (at < 1 || at == text.length() - 1 || !ascii) throw unreadable(option, text);
  }

  private static FailureException unreadable(String option, String text) {
    return FailureException.usage(
        option + " has no mail address that can be used: " + Escape.line(text),
        "write NAME@DOMAIN or 'Some One <NAME@DOMAIN>', in ASCII, several with commas");
  }

  private String subject() throws FailureException {
    String subject = options.subject == null ? "" : options.subject;
    refuseControls("--subject", subject);
    return subject;
  }

  private String body(@Nullable String html) throws FailureException {
    if (options.body != null) return text("--body", options.body);
    if (html != null) return "";
    if (!surroundings.inputIsTerminal()) return text("--body", "-");
    if (!options.attach.isEmpty()) return "";
    throw FailureException.usage(
        "the mail has no text", "add --body TEXT, --body @FILE, or give it on standard input");
  }

  /** The text itself, {@code @FILE} or {@code -} for standard input. */
  private String text(String option, String value) throws FailureException {
    if (value.equals("-")) return read(option, surroundings.in());
    if (!value.startsWith("@")) return value;
    Path file = Path.of(value.substring(1));
    try (InputStream in = Files.newInputStream(file)) {
      return read(option, in);
    } catch (IOException e) {
      throw unreadableFile(option, Causes.words(e), e);
    }
  }

  private static String read(String option, InputStream in) throws FailureException {
    try {
      byte[] bytes = in.readNBytes(LONGEST_TEXT + 1);
      if (bytes.length > LONGEST_TEXT) {
        throw FailureException.usage(
            option + " is longer than 10 MiB", "send it with --attach or --message");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw FailureException.usage(option + " is not UTF-8 text", "send it with --attach");
    } catch (IOException e) {
      throw unreadableFile(option, Causes.words(e), e);
    }
  }

  private static FailureException unreadableFile(String option, String why, Throwable cause) {
    return new FailureException(
        Failure.of(ErrorId.FILE_READ, why).what(option + " cannot be read"), cause);
  }

  /** FILE[;type=T][;name=N]. */
  private static Draft.Attachment attachment(String spec) throws FailureException {
    String[] parts = spec.split(";", -1);
    Path file = Path.of(parts[0]);
    String name = String.valueOf(file.getFileName());
    String type = null;
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      if (part.startsWith("type=")) {
        type = part.substring(5);
      } else if (part.startsWith("name=")) {
        name = part.substring(5);
      } else {
        throw FailureException.usage(
            "--attach cannot be read: " + Escape.line(spec), "write FILE;type=T;name=N");
      }
    }
    refuseControls("--attach", name);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw unreadableFile("--attach " + file, "it is no file that can be read", new IOException());
    }
    return new Draft.Attachment(file, type == null ? guessedType(name) : checked(type), name);
  }

  private static String guessedType(String name) {
    String guess = URLConnection.guessContentTypeFromName(name);
    return guess == null ? "application/octet-stream" : guess;
  }

  private static String checked(String type) throws FailureException {
    refuseControls("--attach", type);
    try {
      return new ContentType(type).toString();
    } catch (ParseException e) {
      throw FailureException.usage(
          "--attach has no content type that can be used: " + Escape.line(type),
          "write it as in type=text/csv");
    }
  }

  private static Draft.Header header(String line) throws FailureException {
    refuseControls("--header", line);
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip();
    if (!name.matches("[!-9;-~]+")) {
      throw FailureException.usage(
          "--header cannot be read: " + Escape.line(line), "write 'Name: value'");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (OWN_HEADERS.contains(lower) || lower.startsWith("content-")) {
      throw FailureException.usage(
          "--header may not set " + Escape.line(name),
          "there is an option for it, or it follows from the content");
    }
    return new Draft.Header(name, line.substring(colon + 1).strip());
  }

  /** A line end in a header or an address would begin another header or command. */
  private static void refuseControls(String option, String text) throws FailureException {
    if (text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029))
      return;
    throw FailureException.usage(
        option + " has control characters in it: " + Escape.line(text), "take them out");
  }
}
