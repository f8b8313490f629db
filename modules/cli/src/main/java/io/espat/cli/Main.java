package io.espat.cli;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The espat command: parses, runs one subcommand, tells how it went, and ends with its code. */
public final class Main {
  private final Surroundings surroundings;
  private final AtomicReference<@Nullable Run> current = new AtomicReference<>();

  Main(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    Main main = new Main(Surroundings.ofProcess());
    Runtime.getRuntime().addShutdownHook(new Thread(main::interrupt, "espat-interrupt"));
    System.exit(main.run(args));
  }

  /** Runs the command in this process, as {@code main} does, and returns the exit code. */
  int run(String... args) {
    CommandLine line = EspatCommand.commandLine();
    try {
      ParseResult parsed = line.parseArgs(args);
      ParseResult last = parsed;
      while (last.hasSubcommand()) last = last.subcommand();
      return run(last).number();
    } catch (ParameterException e) {
      Failure failure = UsageFailure.of(e, line);
      Output output =
          new Output(surroundings, new OutputOptions(), Arrays.asList(args).contains("--json"));
      output.failure(failure, e);
      output.result(Json.report(name(e.getCommandLine()), "failed").put("error", failure.json()));
      return failure.code().number();
    }
  }

  private ExitCode run(ParseResult parsed) {
    CommandLine command = parsed.commandSpec().commandLine();
    if (parsed.isUsageHelpRequested()) {
      command.usage(surroundings.out(), CommandLine.Help.Ansi.OFF);
      return ExitCode.OK;
    }
    if (parsed.isVersionHelpRequested()) {
      Versions.lines().forEach(surroundings.out()::println);
      return ExitCode.OK;
    }
    if (command.getCommand() instanceof Action action) return run(action, command);
    command.usage(surroundings.err(), CommandLine.Help.Ansi.OFF);
    return ExitCode.USAGE;
  }

  private ExitCode run(Action action, CommandLine command) {
    Logging.configure(action.output().verbosity());
    Run run = new Run(surroundings, new Output(surroundings, action.output(), action.json()));
    current.set(run);
    try {
      return TimeLimit.run(() -> action.run(run), action.maxTime(), run::stop);
    } catch (ExecutionException e) {
      return failed(run, e.getCause(), command);
    } catch (TimeLimit.Exceeded | CancellationException e) {
      return failed(run, e, command);
    } catch (InterruptedException e) {
      run.stop();
      return ExitCode.INTERRUPTED;
    } finally {
      current.set(null);
    }
  }

  private ExitCode failed(Run run, Throwable cause, CommandLine command) {
    // An interrupted process is ending: what its calls threw when they were closed is no news.
    if (current.get() == null) return ExitCode.INTERRUPTED;
    Failure failure = new Diagnosis(run.scene()).of(cause);
    run.output().failure(failure, cause);
    run.output().result(json(failure, name(command), run));
    return failure.code();
  }

  /** {@code send}, or {@code wifi join}: without espat itself. */
  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName(" ").replaceFirst("^\\S+ ", "");
  }

  private static Json json(Failure failure, String command, Run run) {
    return Json.report(command, failure.id() == ErrorId.SMTP_UNKNOWN ? "unknown" : "failed")
        .put("timing", run.timing().json())
        .put("error", failure.json());
  }

  /** Closes the module's link; runs when the process is told to end, by whatever. */
  void interrupt() {
    Run run = current.getAndSet(null);
    if (run == null) return;
    surroundings.err().println("\nespat: interrupted");
    Thread closer = new Thread(run::stop, "espat-stop");
    closer.setDaemon(true);
    closer.start();
    try {
      closer.join(3000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
