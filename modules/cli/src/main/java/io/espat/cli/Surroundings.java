package io.espat.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the command sees of the world: streams, environment, and who is looking.
 *
 * <p>{@code prompt} asks a person for a secret without echo; it is null when nobody can be asked.
 */
record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean inputIsTerminal,
    boolean outputIsTerminal,
    boolean errorIsTerminal,
    @Nullable Prompt prompt) {

  /** Asks for a secret without echo. */
  @FunctionalInterface
  interface Prompt {
    /** The secret, which the caller wipes; null when the person ended the input instead. */
    char @Nullable [] ask(String question);
  }

  /** The process's own streams. */
  static Surroundings ofProcess() {
    Console console = System.console();
    boolean interactive = console != null && isTerminal(console);
    return new Surroundings(
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        System.getenv(),
        isTerminal(0, interactive),
        isTerminal(1, interactive),
        isTerminal(2, interactive),
        interactive ? question -> console.readPassword("%s", question) : null);
  }

  /**
   * Java 17 has no isatty: Linux names the device behind a descriptor, elsewhere the console tells.
   */
  private static boolean isTerminal(int descriptor, boolean otherwise) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (!Files.isSymbolicLink(link)) return otherwise;
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return otherwise;
    }
  }

  /**
   * Java 22 to 24 return a console even when it is no terminal, and can be asked; 17 need not be.
   */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
