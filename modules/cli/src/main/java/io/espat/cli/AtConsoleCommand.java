package io.espat.cli;

import io.espat.at.AtCommand;
import io.espat.at.AtException;
import io.espat.at.AtReply;
import io.espat.at.EspAtModule;
import io.espat.at.ModuleLostException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
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
      return prompt(run, session.module());
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

  private static AtReply ask(EspAtModule module, String line) throws IOException, FailureException {
    try {
      return module.command(AtCommand.builder(line.strip()).limit(LIMIT).build());
    } catch (IllegalArgumentException e) { // no command line, or one of the engine's own
      throw FailureException.usage(Causes.words(e), "");
    }
  }

  /** Reads lines until there are none; what a line does wrong ends that line only. */
  private ExitCode prompt(Run run, EspAtModule module) throws IOException {
    boolean person = run.surroundings().inputIsTerminal();
    ExitCode worst = ExitCode.OK;
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(run.surroundings().in(), StandardCharsets.UTF_8));
    while (true) {
      if (person) run.output().prompt("at> ");
      String line = lines.readLine();
      if (line == null) break;
      if (!line.isBlank()) {
        ExitCode code = line(run, module, line);
        worst = code == ExitCode.OK ? worst : code;
      }
    }
    run.output().result(Json.report("at", worst == ExitCode.OK ? "ok" : "failed"));
    return person ? ExitCode.OK : worst;
  }

  private ExitCode line(Run run, EspAtModule module, String line) throws IOException {
    Output out = run.output();
    try {
      AtCommandGuard.check(line, yes);
      AtReply reply = ask(module, line);
      reply.lines().forEach(each -> out.answer(Escape.line(each)));
      out.answer("OK");
      return ExitCode.OK;
    } catch (FailureException e) {
      out.failure(e.failure(), e);
      return e.failure().code();
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      e.words().forEach(each -> out.answer(Escape.line(each)));
      out.answer("ERROR");
      return ExitCode.MODULE;
    } catch (SocketTimeoutException e) {
      out.answer("no answer: " + Escape.line(Causes.words(e)));
      return ExitCode.MODULE;
    }
  }
}
