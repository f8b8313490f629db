package io.espat.cli;

import io.espat.at.WifiState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code espat wifi join}: into a network, which the module keeps. */
@Command(
    name = "join",
    customSynopsis = "espat wifi join SSID [OPTIONS]",
    description = "Join a network. The module keeps its name and passphrase in flash.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat wifi join plant-iot --passphrase-file wifi.key",
      "  pass show wifi/plant | espat wifi join plant-iot --passphrase-fd 0",
      "  espat wifi join guests --open"
    })
final class WifiJoinCommand extends ModuleCommand {
  private static final int LONGEST_NAME = 32;

  @Parameters(paramLabel = "SSID", description = "The network's name.")
  private String ssid = "";

  @ArgGroup(validate = false, order = 30, heading = "%nThe passphrase:%n")
  private PassphraseOptions passphrase = new PassphraseOptions();

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    check();
    try (Secret secret = passphrase.secret(ssid, run.surroundings());
        ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      run.scene().doing("joining " + Escape.line(ssid));
      long start = System.nanoTime();
      session.module().joinWifi(ssid, secret.chars());
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      WifiState wifi = session.module().wifi();
      run.output().result(WifiReport.line(wifi, run.output().style()) + "  " + Amount.time(took));
      run.output()
          .result(
              Json.report("wifi join", "ok")
                  .put("wifi", WifiReport.json(wifi))
                  .put("timing", run.timing().json())
                  .put("error", null));
      return ExitCode.OK;
    }
  }

  private void check() throws FailureException {
    int length = ssid.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    boolean control = ssid.chars().anyMatch(each -> each < ' ');
    if (length == 0 || length > LONGEST_NAME || control) {
      throw FailureException.usage(
          "that cannot be the name of a network",
          "a name has 1 to 32 bytes and no control characters");
    }
    passphrase.check();
  }
}
