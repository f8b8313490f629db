package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
  /** All commands, those below others too: {@code wifi} and {@code wifi scan}. */
  static Stream<String> commands() {
    return below("", EspatCommand.commandLine());
  }

  private static Stream<String> below(String path, CommandLine command) {
    return command.getSubcommands().entrySet().stream()
        .flatMap(
            each ->
                Stream.concat(
                    Stream.of(path + each.getKey()),
                    below(path + each.getKey() + " ", each.getValue())));
  }

  private static Cli.Outcome help(String command) {
    return new Cli().run(Arrays.asList(command.split(" ")), "--help");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithTwoExamples(String command) {
    Cli.Outcome outcome = help(command);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).startsWith("Usage: espat " + command).contains("--help");
    String examples = outcome.out().substring(outcome.out().indexOf("Examples:"));
    assertThat(examples.lines().filter(line -> line.contains("espat " + command)).count())
        .isGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyExampleIsUnderstood(String command) {
    String help = help(command).out();
    String examples = help.substring(help.indexOf("Examples:")).replace("\\\n", " ");
    examples
        .lines()
        .filter(line -> line.contains("espat " + command))
        .map(
            line -> line.substring(line.indexOf("espat " + command)).replaceAll(" {3,}[a-z].*", ""))
        .map(line -> line.replaceAll("\\| .*", "").replace("'", ""))
        .forEach(HelpTest::assertParses);
  }

  private static void assertParses(String example) {
    String[] words = example.strip().split("\\s+");
    Stream<String> options =
        Arrays.stream(words).skip(2).filter(word -> word.matches("-\\w|--[\\w-]+"));
    CommandLine command = EspatCommand.commandLine();
    for (int i = 1; i < words.length && command.getSubcommands().containsKey(words[i]); i++) {
      command = command.getSubcommands().get(words[i]);
    }
    var spec = command.getCommandSpec();
    assertThat(options)
        .as(example)
        .allMatch(name -> name.equals("-vv") || spec.findOption(name) != null);
  }

  @Test
  void theVersionNamesWhatItStandsOn() {
    Cli.Outcome outcome = new Cli().run("--version");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .containsPattern("espat \\d+\\.\\d+")
        .contains("Java " + System.getProperty("java.runtime.version"))
        .containsPattern("Bouncy Castle \\d+\\.\\d+")
        .containsPattern("jSerialComm \\d+\\.\\d+");
  }

  @Test
  void everyErrorIdIsUniqueAndSaysWhatToDo() {
    assertThat(Arrays.stream(ErrorId.values()).map(ErrorId::text)).doesNotHaveDuplicates();
    for (ErrorId each : ErrorId.values()) {
      assertThat(each.text()).matches("E-[A-Z0-9-]+");
      assertThat(each.what()).isNotBlank();
      if (each != ErrorId.USAGE_) assertThat(each.remedy()).as(each.text()).isNotBlank();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpExplainsACommandAsItsOwnHelpDoes(String command) {
    Cli.Outcome outcome = new Cli().run(List.of("help"), command.split(" "));
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).isEqualTo(help(command).out());
  }

  @Test
  void helpAloneListsTheCommands() {
    assertThat(new Cli().run("help").out()).isEqualTo(new Cli().run("--help").out());
  }

  @Test
  void helpExplainsTheIdOfAMessage() {
    Cli.Outcome outcome = new Cli().run("help", "e-tls-name");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("E-TLS-NAME", "--tls-name", "exit  60");
    Cli.Outcome unknown = new Cli().run("help", "E-NO-SUCH");
    assertThat(unknown.code()).isEqualTo(64);
    assertThat(unknown.err()).contains("[E-USAGE]");
  }
}
