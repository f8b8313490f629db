package io.espat.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espat net resolve}: a name's address as the module finds it. */
@Command(
    name = "resolve",
    customSynopsis = "espat net resolve HOST [OPTIONS]",
    description = "Show the address of a name, as the module resolves it.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat net resolve mail.example.org",
      "  espat net resolve mail.example.org --json"
    })
final class NetResolveCommand extends ModuleCommand {
  @Parameters(paramLabel = "HOST", description = "The name.")
  private String host = "";

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      run.scene().doing("resolving " + Escape.line(host));
      InetAddress address = session.module().resolve(host);
      run.output().answer(address.getHostAddress());
      run.output()
          .result(
              Json.report("net resolve", "ok")
                  .put("host", host)
                  .put("address", address.getHostAddress())
                  .put("timing", run.timing().json())
                  .put("error", null));
      return ExitCode.OK;
    }
  }
}
