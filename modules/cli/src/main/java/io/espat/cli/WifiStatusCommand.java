package io.espat.cli;

import io.espat.at.WifiState;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code espat wifi status}: whether the module is in a network. */
@Command(
    name = "status",
    customSynopsis = "espat wifi status [OPTIONS]",
    description = "Show the network that the module is in; exit code 75 when it is in none.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  espat wifi status", "  espat wifi status -q && espat send ..."})
final class WifiStatusCommand extends ModuleCommand {
  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      run.scene().doing("asking the module for its network");
      WifiState wifi = session.module().wifi();
      if (!wifi.joined()) {
        throw new FailureException(Failure.of(ErrorId.WIFI_ABSENT, "the module says so"));
      }
      run.output().result(WifiReport.line(wifi, run.output().style()));
      run.output()
          .result(
              Json.report("wifi status", "ok")
                  .put("wifi", WifiReport.json(wifi))
                  .put("timing", run.timing().json())
                  .put("error", null));
      return ExitCode.OK;
    }
  }
}
