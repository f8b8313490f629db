package io.espat.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the passphrase of a network comes from; never from the arguments. */
final class PassphraseOptions {
  static final String SOURCES =
      """
      take it from one of these instead, as the arguments are visible to other users:
        --passphrase-file FILE   its first line; the file must be private (chmod 600)
        --passphrase-cmd CMD     the first line of a program's output
        --passphrase-fd N        the first line of an open descriptor
        --open                   the network has none
        the prompt               on a terminal, when none of these is given""";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "First line of a private file.")
  private @Nullable Path file;

  @Option(
      names = "--passphrase-cmd",
      paramLabel = "CMD",
      description = "First line of a program's output.")
  private @Nullable String command;

  @Option(
      names = "--passphrase-fd",
      paramLabel = "N",
      converter = SecretOptions.Descriptor.class,
      description = "First line of an open file descriptor.")
  private @Nullable Integer descriptor;

  @Option(names = "--open", description = "The network has no passphrase.")
  private boolean open;

  @Option(names = "--no-input", description = "Never ask for anything.")
  private boolean noInput;

  @Option(
      names = {"--passphrase", "--password"},
      arity = "0..1",
      hidden = true,
      fallbackValue = "",
      description = "Refused.")
  private @Nullable String refused;

  /** Checks what can be checked without reading any secret. */
  void check() throws FailureException {
    if (refused != null) {
      throw FailureException.usage("a passphrase may not stand in the arguments", SOURCES);
    }
    long sources =
        Stream.of(file, command, descriptor).filter(each -> each != null).count() + (open ? 1 : 0);
    if (sources > 1) {
      throw FailureException.usage("more than one source for the passphrase", "keep one of them");
    }
  }

  /** The passphrase from the source that was named, or from whoever sits there. */
  Secret secret(String ssid, Surroundings surroundings) throws FailureException {
    SecretSource source = new SecretSource(LIMIT);
    if (open) return new Secret(new char[0]);
    if (descriptor != null) return source.ofDescriptor(descriptor, surroundings.in());
    if (file != null) return source.ofFile(file);
    if (command != null) return source.ofCommand(command, surroundings.inputIsTerminal());
    Surroundings.Prompt prompt = surroundings.prompt();
    if (noInput || prompt == null || !surroundings.inputIsTerminal()) {
      throw FailureException.usage("no passphrase for " + Escape.line(ssid), SOURCES);
    }
    char[] answer = prompt.ask("Passphrase of " + Escape.line(ssid) + ": ");
    if (answer == null) throw FailureException.usage("no passphrase was typed", SOURCES);
    return new Secret(answer);
  }
}
