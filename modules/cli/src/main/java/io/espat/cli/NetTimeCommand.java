package io.espat.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espat net time}: the time that the module has from its network. */
@Command(
    name = "time",
    customSynopsis = "espat net time [OPTIONS]",
    description = "Show the network's time (SNTP through the module) beside this computer's.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  espat net time", "  espat net time --time-server ntp.example.org"})
final class NetTimeCommand extends ModuleCommand {
  private static final int MOST_SERVERS = 3;

  @Option(
      names = "--time-server",
      paramLabel = "HOST",
      description = "Whom the module asks, up to three times (default: what it is set to).")
  private List<String> servers = List.of();

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    if (servers.size() > MOST_SERVERS) {
      throw FailureException.usage("more than three time servers", "name three at most");
    }
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      session.requireNetwork(run);
      run.scene().doing("asking the module for the time");
      Instant network = session.module().networkTime(servers);
      Duration ahead = Duration.between(network, Instant.now());
      run.output().answer(network + "  this computer: " + words(ahead));
      run.output()
          .result(
              Json.report("net time", "ok")
                  .put("time", network)
                  .put("aheadSeconds", ahead.toSeconds())
                  .put("timing", run.timing().json())
                  .put("error", null));
      return ExitCode.OK;
    }
  }

  /** The module tells whole seconds, so one or two of them are none. */
  private static String words(Duration ahead) {
    long seconds = ahead.toSeconds();
    if (Math.abs(seconds) <= 2) return "the same";
    return Amount.time(ahead.abs()) + (seconds > 0 ? " ahead" : " behind");
  }
}
