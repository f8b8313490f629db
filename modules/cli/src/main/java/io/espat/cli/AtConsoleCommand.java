package io.espat.cli;

import io.espat.at.AtCommand;
import io.espat.at.AtReply;
import io.espat.at.EspAtModule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code espat at}: one raw command, or as many as are typed. */
@Command(
    name = "at",
    customSynopsis = "espat at [COMMAND] [OPTIONS]",
    description = {
      "Send a raw AT command and show the answer; without one, read commands from standard input,"
          + " one a line.",
      "What belongs to the engine (links, echo, line speed) is refused; use the other commands."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat at AT+GMR              the firmware in its own words",
      "  espat at 'AT+CIPSTA?' -d /dev/ttyUSB0",
      "  espat at                     a prompt; end it with Ctrl-D"
    })
final class AtConsoleCommand extends ModuleCommand {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "Such as AT+GMR.")
  private @Nullable String command;

  @Option(names = "--yes", description = "Allow commands that change the module for good.")
  private boolean yes;

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    if (command != null) AtCommandGuard.check(command, yes);
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      if (command != null) return once(run, session.module(), command);
      return new AtPrompt(run, session.module(), yes).run();
    }
  }

  private static ExitCode once(Run run, EspAtModule module, String line)
      throws IOException, FailureException {
    run.scene().doing(line.strip());
    AtReply reply = ask(module, line);
    reply.lines().forEach(each -> run.output().answer(Escape.line(each)));
    run.output().answer("OK");
    run.output()
        .result(
            Json.report("at", "ok")
                .put("lines", reply.lines())
                .put("millis", reply.took().toMillis())
                .put("error", null));
    return ExitCode.OK;
  }

  /** Sends one line; what may not be sent at all is wrong usage. */
  static AtReply ask(EspAtModule module, String line) throws IOException, FailureException {
    AtCommand command;
    try {
      command = AtCommand.builder(line.strip()).limit(LIMIT).build();
    } catch (IllegalArgumentException e) {
      throw FailureException.usage(Causes.words(e), "");
    }
    try {
      return module.command(command);
    } catch (IllegalArgumentException e) {
      throw FailureException.usage(
          Escape.line(line.strip()) + " belongs to the engine",
          "links are for espat send, upload, download and ls; the line's settings are --baud,"
              + " --switch-baud and --flow");
    }
  }
}
