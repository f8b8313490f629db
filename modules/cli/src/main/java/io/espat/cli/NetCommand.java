package io.espat.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espat net}: what the module can reach. */
@Command(
    name = "net",
    description = "Ask the module for names, echoes and the time.",
    synopsisSubcommandLabel = "resolve|ping|time",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat net resolve mail.example.org",
      "  espat net ping 192.0.2.1",
      "  espat net time"
    },
    subcommands = {NetResolveCommand.class, NetPingCommand.class, NetTimeCommand.class})
final class NetCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;
}
