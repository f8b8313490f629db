package io.espat.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code espat wifi leave}: out of the network, until the module restarts. */
@Command(
    name = "leave",
    customSynopsis = "espat wifi leave [OPTIONS]",
    description = {
      "Leave the network. The module keeps its name and passphrase and joins it again when it"
          + " restarts."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  espat wifi leave", "  espat wifi leave -d /dev/ttyUSB0"})
final class WifiLeaveCommand extends ModuleCommand {
  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      run.scene().doing("leaving the network");
      session.module().leaveWifi();
      run.output().result("left the network");
      run.output()
          .result(
              Json.report("wifi leave", "ok")
                  .put("timing", run.timing().json())
                  .put("error", null));
      return ExitCode.OK;
    }
  }
}
