package io.espat.cli;

import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command without a subcommand: help and version. */
@Command(
    name = "espat",
    description = "Encrypted mail and FTPS through an ESP-AT module on a serial port.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat demo                        a mail and an upload, no hardware needed",
      "  espat info -d /dev/ttyUSB0        what the module is and whether it is on its Wi-Fi",
      "  espat send --help                 how to send a mail"
    },
    subcommands = {
      DemoCommand.class,
      SendCommand.class,
      UploadCommand.class,
      DownloadCommand.class,
      ListCommand.class,
      InfoCommand.class,
      WifiCommand.class,
      NetCommand.class,
      AtConsoleCommand.class,
      PortsCommand.class,
      SimulateCommand.class,
      HelpCommand.class
    })
final class EspatCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of espat and of what it stands on.")
  private boolean version;

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new EspatCommand());
    line.registerConverter(Duration.class, new DurationConverter());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // "--body @FILE" and "--html @FILE" are meant for us.
    line.setExpandAtFiles(false);
    line.setUsageHelpWidth(100);
    return line;
  }
}
