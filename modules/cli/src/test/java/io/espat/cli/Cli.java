package io.espat.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the command in this process, with streams and an environment of its own. */
final class Cli {
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private InputStream in = InputStream.nullInputStream();
  private boolean terminal;
  private Surroundings.@Nullable Prompt prompt;

  /** What came of a run. */
  record Outcome(int code, String out, String err) {
    /** Both streams, for those who look for what must be in neither. */
    String all() {
      return out + err;
    }
  }

  Cli environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Cli input(String text) {
    return input(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  Cli input(InputStream stream) {
    in = stream;
    return this;
  }

  /** All three streams are a terminal, at which somebody answers like this. */
  Cli terminal(Surroundings.@Nullable Prompt answers) {
    terminal = true;
    prompt = answers;
    return this;
  }

  Outcome run(String... args) {
    int code = main().run(args);
    return new Outcome(code, text(out), text(err));
  }

  Outcome run(List<String> args, String... more) {
    List<String> all = new ArrayList<>(args);
    all.addAll(Arrays.asList(more));
    return run(all.toArray(String[]::new));
  }

  /** For a run that is going on in another thread. */
  Main main() {
    return new Main(
        new Surroundings(
            in, stream(out), stream(err), environment, terminal, terminal, terminal, prompt));
  }

  /** What was printed so far on standard output. */
  String outSoFar() {
    return text(out);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
