package io.espat.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the mail is made of, or which finished message it is. */
final class MailOptions {
  @Option(
      names = {"-f", "--from"},
      paramLabel = "ADDRESS",
      description = "The sender.")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "ADDRESS[,...]", description = "A recipient (repeatable).")
  List<String> to = new ArrayList<>();

  @Option(names = "--cc", paramLabel = "ADDRESS[,...]", description = "A recipient of a copy.")
  List<String> cc = new ArrayList<>();

  @Option(
      names = "--bcc",
      paramLabel = "ADDRESS[,...]",
      description = "A recipient whom the others do not see.")
  List<String> bcc = new ArrayList<>();

  @Option(
      names = "--reply-to",
      paramLabel = "ADDRESS[,...]",
      description = "Where answers should go.")
  List<String> replyTo = new ArrayList<>();

  @Option(
      names = {"-s", "--subject"},
      paramLabel = "TEXT",
      description = "The subject.")
  @Nullable String subject;

  @Option(
      names = "--body",
      paramLabel = "TEXT|@FILE|-",
      description = "The text (default: standard input, unless it is a terminal).")
  @Nullable String body;

  @Option(names = "--html", paramLabel = "TEXT|@FILE", description = "The same text as HTML.")
  @Nullable String html;

  @Option(
      names = {"-a", "--attach"},
      paramLabel = "FILE[;type=T][;name=N]",
      description = "Attach a file (repeatable).")
  List<String> attach = new ArrayList<>();

  @Option(
      names = "--header",
      paramLabel = "'NAME: VALUE'",
      description = "Add a header (repeatable).")
  List<String> header = new ArrayList<>();

  @Option(
      names = "--message",
      paramLabel = "FILE|-",
      description = "Send this finished RFC 5322 message; only its Bcc is removed.")
  @Nullable String message;

  @Option(
      names = {"-t", "--read-recipients"},
      description = "Take the recipients from the message's To, Cc and Bcc.")
  boolean readRecipients;

  /** Checks what does not go together. */
  void check(boolean secretFromStandardInput, boolean inputIsTerminal) throws FailureException {
    if (message != null && isComposed()) {
      throw FailureException.usage(
          "--message is a finished message: it takes no subject, body, attachment or header",
          "leave them out, or leave --message out");
    }
    if (readRecipients && message == null) {
      throw FailureException.usage(
          "--read-recipients reads them from a message", "add --message FILE or --message -");
    }
    if (message == null && from == null) {
      throw FailureException.usage("the mail has no sender", "add --from ADDRESS");
    }
    if (!readRecipients && Stream.of(to, cc, bcc).allMatch(List::isEmpty)) {
      throw FailureException.usage("the mail has no recipient", "add --to ADDRESS");
    }
    if (secretFromStandardInput && readsStandardInput(inputIsTerminal)) {
      throw FailureException.usage(
          "standard input cannot give the password and the mail", "use --password-file");
    }
  }

  private boolean isComposed() {
    return Stream.of(subject, body, html).anyMatch(each -> each != null)
        || Stream.of(replyTo, attach, header).anyMatch(each -> !each.isEmpty());
  }

  private boolean readsStandardInput(boolean inputIsTerminal) {
    if (message != null) return message.equals("-");
    if (body != null) return body.equals("-");
    return html == null && !inputIsTerminal;
  }
}
