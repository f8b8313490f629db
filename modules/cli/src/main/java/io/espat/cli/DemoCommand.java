package io.espat.cli;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code espat demo}: the whole path, with nothing but this computer. */
@Command(
    name = "demo",
    description = {
      "Send a mail and upload a file through a simulated module, and check what arrived.",
      "Everything runs in this process and on loopback: no hardware, no network, nothing is kept."
    },
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat demo          each stage with its time, and what crossed the serial wire",
      "  espat demo -vv      the dialogue with the module and the servers as well"
    })
final class DemoCommand implements Action {
  @ArgGroup(validate = false)
  private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public @Nullable Duration maxTime() {
    return Duration.ofMinutes(2);
  }

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    try (Demo demo = new Demo(run)) {
      demo.perform();
    }
    return ExitCode.OK;
  }
}
