package io.espat.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espat wifi}: the module's Wi-Fi network. */
@Command(
    name = "wifi",
    description = "Show, join or leave the module's Wi-Fi network.",
    synopsisSubcommandLabel = "scan|join|status|leave",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat wifi scan                                     what is in range",
      "  espat wifi join plant-iot --passphrase-file wifi.key",
      "  espat wifi status --json"
    },
    subcommands = {
      WifiScanCommand.class,
      WifiJoinCommand.class,
      WifiStatusCommand.class,
      WifiLeaveCommand.class
    })
final class WifiCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;
}
