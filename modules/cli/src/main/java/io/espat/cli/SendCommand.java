package io.espat.cli;

import io.espat.smtp.RecipientResult;
import io.espat.smtp.SmtpClient;
import io.espat.smtp.SmtpReceipt;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espat send}: one mail, from options or from a message file. */
@Command(
    name = "send",
    customSynopsis = "espat send -S HOST -f ADDRESS --to ADDRESS [OPTIONS]",
    description = "Send one mail.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat send -d /dev/ttyUSB0 -S mail.example.org -u pump7@example.org \\",
      "      --password-file ~/.pump7 -f pump7@example.org --to ops@example.org \\",
      "      -s 'pump 7 hot' --body '83 C' --attach log.csv",
      "  uptime | espat send -S mail.example.org -f a@example.org --to b@example.org -s uptime",
      "  espat send -S smtps://mail.example.org -u a --password-cmd 'pass show mail' \\",
      "      -t --message report.eml",
      "  espat send -n -S mail.example.org -f a@example.org --to b@example.org --body hi"
    })
final class SendCommand extends ServerCommand {
  @ArgGroup(validate = false, order = 10, heading = "%nThe mail:%n")
  private MailOptions mail = new MailOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Show the plan and the message; touch neither module nor secret.")
  private boolean dryRun;

  @Option(
      names = "--auth",
      paramLabel = "MECHANISM",
      description = "PLAIN or LOGIN (default: the best that the server offers; one attempt).")
  private @Nullable String mechanism;

  @Option(
      names = {"--ehlo", "--helo"},
      paramLabel = "NAME",
      description = "What to call this computer (default: the module's address).")
  private @Nullable String ehlo;

  @ArgGroup(validate = false, order = 90)
  private ProgressOptions progress = new ProgressOptions();

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    secrets().check(server().user() != null);
    ServerAddress address = server().address(Protocol.MAIL);
    mail.check(secrets().usesStandardInput(), run.surroundings().inputIsTerminal());
    TlsConfig trust = tls().config(times());
    List<InetAddress> resolved = tls().addresses(address);
    run.scene().server(Protocol.MAIL, address);
    try (Letter letter = Letter.of(mail, run.surroundings())) {
      if (dryRun) return plan(run, address, letter);
      if (tls().insecure()) run.output().warn(TlsOptions.INSECURE);
      return send(run, address, trust, resolved, letter);
    }
  }

  private ExitCode send(
      Run run, ServerAddress address, TlsConfig trust, List<InetAddress> resolved, Letter letter)
      throws IOException, FailureException {
    SmtpClient.Builder builder =
        SmtpClient.builder(address.host())
            .port(address.port())
            .mode(address.mode())
            .tls(trust)
            .connectTimeout(times().connect())
            .timeout(times().timeout());
    configure(builder, run);
    try (ModuleSession session = ModuleSession.open(run, device(), times(), resolved)) {
      builder
          .sockets(session.sockets(run))
          .listener(
              Stages.mail(
                  run, () -> run.output().progress("mail", session.lineRate(), progress.form())));
      try (SmtpClient client = run.hold(builder.build())) {
        SmtpReceipt receipt = letter.send(client);
        tell(run, address, receipt, session);
        return ExitCode.OK;
      }
    }
  }

  private void configure(SmtpClient.Builder builder, Run run) throws FailureException {
    try {
      if (mechanism != null) builder.mechanism(mechanism);
      if (ehlo != null) builder.ehlo(ehlo);
    } catch (IllegalArgumentException e) {
      throw FailureException.usage(Causes.words(e), "see espat send --help");
    }
    login(run, builder::login);
  }

  private ExitCode plan(Run run, ServerAddress address, Letter letter) throws IOException {
    Output out = run.output();
    String target = device().device(run.surroundings().environment());
    out.note("device   " + Escape.line(target));
    out.note("server   " + address + ", " + word(address.mode()));
    out.note("login    " + (server().user() == null ? "none" : Escape.line(server().user())));
    out.note("from     " + letter.from());
    out.note("to       " + String.join(", ", letter.recipients()));
    out.note("nothing was sent: this is a dry run");
    out.result(
        Json.report("send", "planned")
            .put("device", target)
            .put("server", serverJson(run, address))
            .put("from", letter.from())
            .put("recipients", letter.recipients())
            .put("error", null));
    if (!out.json()) letter.writeTo(run.surroundings().out());
    return ExitCode.OK;
  }

  private static void tell(
      Run run, ServerAddress address, SmtpReceipt receipt, ModuleSession session) {
    int count = receipt.recipients().size();
    String id = receipt.messageId() == null ? "" : Escape.line(receipt.messageId()) + "  ";
    run.output()
        .result(
            run.output().style().good("sent")
                + "  "
                + id
                + count
                + (count == 1 ? " recipient  " : " recipients  ")
                + (receipt.tlsVersion() == null ? "in clear" : receipt.tlsVersion().protocol())
                + "  "
                + Amount.time(run.timing().total()));
    run.output().result(json(run, address, receipt).put("uart", session.uart()).put("error", null));
  }

  private static Json json(Run run, ServerAddress address, SmtpReceipt receipt) {
    return Json.report("send", "sent")
        .put("messageId", receipt.messageId())
        .put("reply", receipt.reply())
        .put("bytes", receipt.size())
        .put("recipients", receipt.recipients().stream().map(SendCommand::json).toList())
        .put("server", serverJson(run, address))
        .put(
            "tls",
            receipt.tlsVersion() == null
                ? null
                : Peer.add(
                        new Json()
                            .put("mode", word(address.mode()))
                            .put("version", receipt.tlsVersion().protocol())
                            .put("suite", receipt.suite()),
                        receipt.certificate())
                    .put("resumed", receipt.resumed()))
        .put("timing", run.timing().json());
  }

  private static Json json(RecipientResult result) {
    return new Json()
        .put("address", result.address())
        .put("status", result.accepted() ? "accepted" : "rejected")
        .put("reply", result.reply());
  }

  static Json serverJson(Run run, ServerAddress address) {
    return new Json()
        .put("host", address.host())
        .put("port", address.port())
        .put("address", run.scene().address());
  }

  /** The word for a mode that --tls takes. */
  static String word(TlsMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
