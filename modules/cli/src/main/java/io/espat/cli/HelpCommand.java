package io.espat.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Parameters;

/** {@code espat help}: a command's help, or what the id of a message means. */
@Command(
    name = "help",
    description = "Explain a command, or the id of a message.",
    customSynopsis = "espat help [COMMAND|E-ID] [OPTIONS]",
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat help send          how to send a mail",
      "  espat help E-TLS-NAME    what that message means and what usually helps"
    })
final class HelpCommand implements Action {
  @Parameters(arity = "0..2", paramLabel = "COMMAND|E-ID", description = "What to explain.")
  private List<String> topics = List.of();

  @ArgGroup(validate = false)
  private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public ExitCode run(Run run) throws FailureException {
    CommandLine espat = EspatCommand.commandLine();
    CommandLine command = espat;
    for (String topic : topics) {
      command = command == null ? null : command.getSubcommands().get(topic);
    }
    if (command != null) {
      command.usage(run.surroundings().out(), Ansi.OFF);
      return ExitCode.OK;
    }
    Optional<ErrorId> id = ErrorId.of(String.join(" ", topics).toUpperCase(Locale.ROOT));
    if (id.isEmpty()) {
      throw FailureException.usage(
          "there is no command and no message id of that name", "see espat help");
    }
    explain(run.output(), id.get());
    return ExitCode.OK;
  }

  private static void explain(Output out, ErrorId id) {
    out.result(id.text() + "  " + id.what());
    if (!id.remedy().isEmpty()) out.result("  do    " + id.remedy());
    out.result("  exit  " + id.code().number());
  }
}
