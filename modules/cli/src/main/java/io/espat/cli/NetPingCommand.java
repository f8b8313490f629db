package io.espat.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espat net ping}: whether a host answers the module. */
@Command(
    name = "ping",
    customSynopsis = "espat net ping HOST [OPTIONS]",
    description = "Ask a host for an echo through the module (AT+PING).",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  espat net ping mail.example.org", "  espat net ping 192.0.2.1 --json"})
final class NetPingCommand extends ModuleCommand {
  @Parameters(paramLabel = "HOST", description = "A name or an address.")
  private String host = "";

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      run.scene().doing("pinging " + Escape.line(host));
      Duration took = session.module().ping(host);
      run.output().answer(Escape.line(host) + " answers in " + Amount.time(took));
      run.output()
          .result(
              Json.report("net ping", "ok")
                  .put("host", host)
                  .put("millis", took.toMillis())
                  .put("timing", run.timing().json())
                  .put("error", null));
      return ExitCode.OK;
    }
  }
}
