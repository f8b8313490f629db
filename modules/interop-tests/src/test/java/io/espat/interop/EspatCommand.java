package io.espat.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A run of the {@code espat} command as a process of its own, with nothing of this one's
 * environment that could change it.
 *
 * <p>The standard input is empty, so nothing can prompt.
 */
final class EspatCommand implements AutoCloseable {
  private static final String MAIN_CLASS = "io.espat.cli.Main";

  private final List<String> line;
  private final Process process;
  private final Path folder;
  private final long started = System.nanoTime();

  private EspatCommand(List<String> line, Process process, Path folder) {
    this.line = line;
    this.process = process;
    this.folder = folder;
  }

  /** What a finished command left. */
  record Finished(int exit, String out, String err, Duration took) {
    /** Everything that was printed. */
    String printed() {
      return out + err;
    }
  }

  /** Starts a command. */
  static EspatCommand start(String... arguments) throws IOException {
    return start(List.of(), List.of(), List.of(arguments));
  }

  /** Starts a command under another program ({@code wrapper}) and with options for its JVM. */
  static EspatCommand start(List<String> wrapper, List<String> jvmOptions, List<String> arguments)
      throws IOException {
    List<String> line = new ArrayList<>(wrapper);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    line.addAll(jvmOptions);
    line.addAll(List.of("-cp", classPath(), MAIN_CLASS));
    line.addAll(arguments);
    Path folder = Files.createTempDirectory("espat-command-");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ESPAT_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    return new EspatCommand(arguments, builder.start(), folder);
  }

  /** Runs a command to its end; one that takes longer than {@code limit} is ended and fails. */
  static Finished run(Duration limit, String... arguments) throws IOException {
    try (EspatCommand command = start(arguments)) {
      return command.finish(limit);
    }
  }

  /** One command line out of two parts. */
  static String[] join(String[] first, String... second) {
    return Stream.of(first, second).flatMap(Arrays::stream).toArray(String[]::new);
  }

  /** Waits for the end; fails when it does not come in time. */
  Finished finish(Duration limit) {
    if (ended(limit)) return result();
    throw new AssertionError(
        "espat " + String.join(" ", line) + ": still running after " + limit + "\n" + result());
  }

  /** Waits until the command has printed this and returns its first group; fails without it. */
  String awaitPrinted(Duration limit, Pattern wanted) {
    long end = System.nanoTime() + limit.toNanos();
    Matcher found = wanted.matcher(text("out"));
    while (!found.find()) {
      if (System.nanoTime() > end || ended(Duration.ofMillis(10))) {
        throw new AssertionError("espat " + String.join(" ", line) + " printed only\n" + result());
      }
      found.reset(text("out"));
    }
    return found.group(1);
  }

  /** Ends the command as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    if (!ended(Duration.ofSeconds(10))) throw new IOException("the command survives its end");
    for (String file : List.of("out", "err")) Files.deleteIfExists(folder.resolve(file));
    Files.deleteIfExists(folder);
  }

  private boolean ended(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the command", e);
    }
  }

  private Finished result() {
    int exit = process.isAlive() ? -1 : process.exitValue();
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    return new Finished(exit, text("out"), text("err"), took);
  }

  private String text(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException("reading what the command printed", e);
    }
  }

  /** What ships and what it needs, without the tests' own classes. */
  private static String classPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String separator = System.getProperty("path.separator");
    return String.join(
        separator,
        Arrays.stream(all.split(separator))
            .filter(each -> !each.endsWith("test-classes"))
            .toList());
  }
}
