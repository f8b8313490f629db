package io.espat.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Where the password comes from; never from the arguments, which every user of a machine can read.
 */
final class SecretOptions {
  static final String SOURCES =
      """
      take it from one of these instead, as the arguments are visible to other users:
        --password-file FILE   its first line; the file must be private (chmod 600)
        --password-cmd CMD     the first line of a program's output
        --password-fd N        the first line of an open descriptor
        ESPAT_PASSWORD         the environment; the weakest of these
        the prompt             on a terminal, when none of these is given""";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "First line of a private file.")
  private @Nullable Path file;

  @Option(
      names = "--password-cmd",
      paramLabel = "CMD",
      description = "First line of a program's output.")
  private @Nullable String command;

  @Option(
      names = "--password-fd",
      paramLabel = "N",
      converter = Descriptor.class,
      description = "First line of an open file descriptor.")
  private @Nullable Integer descriptor;

  @Option(names = "--no-input", description = "Never ask for anything.")
  private boolean noInput;

  @Option(
      names = {"--password", "--pass", "--passwd"},
      arity = "0..1",
      hidden = true,
      fallbackValue = "",
      description = "Refused.")
  private @Nullable String refused;

  /** Checks what can be checked without reading any secret. */
  void check(boolean wanted) throws FailureException {
    if (refused != null) {
      throw FailureException.usage("a password may not stand in the arguments", SOURCES);
    }
    long sources = Stream.of(file, command, descriptor).filter(each -> each != null).count();
    if (sources > 1) {
      throw FailureException.usage("more than one source for the password", "keep one of them");
    }
    if (sources > 0 && !wanted) {
      throw FailureException.usage("a password without a user name", "add --user NAME");
    }
  }

  /** Whether the secret will be read from the command's standard input. */
  boolean usesStandardInput() {
    return descriptor != null && descriptor == 0;
  }

  /** The secret for {@code user} from the first source that there is. */
  Secret secret(String user, Surroundings surroundings) throws FailureException {
    SecretSource source = new SecretSource(LIMIT);
    if (descriptor != null) return source.ofDescriptor(descriptor, surroundings.in());
    if (file != null) return source.ofFile(file);
    if (command != null) return source.ofCommand(command, surroundings.inputIsTerminal());
    String fromEnvironment = surroundings.environment().get("ESPAT_PASSWORD");
    if (fromEnvironment != null && !fromEnvironment.isEmpty()) {
      return new Secret(fromEnvironment.toCharArray());
    }
    return ask(user, surroundings);
  }

  private Secret ask(String user, Surroundings surroundings) throws FailureException {
    Surroundings.Prompt prompt = surroundings.prompt();
    if (noInput || prompt == null || !surroundings.inputIsTerminal()) {
      throw FailureException.usage("no password for user " + Escape.line(user), SOURCES);
    }
    char[] answer = prompt.ask("Password of " + Escape.line(user) + ": ");
    if (answer == null || answer.length == 0) {
      throw FailureException.usage("no password was typed", SOURCES);
    }
    return new Secret(answer);
  }

  /** A number; what else was typed is not repeated, because it may be the password itself. */
  static final class Descriptor implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      if (text.matches("\\d{1,5}")) return Integer.valueOf(text);
      throw new TypeConversionException("it takes the number of an open descriptor");
    }
  }
}
