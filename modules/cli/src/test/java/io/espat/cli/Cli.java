package io.espat.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the command in this process, with streams and an environment of its own. */
final class Cli {
  private final Map<String, String> environment = new HashMap<>();
  private final Watched out = new Watched();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private InputStream in = InputStream.nullInputStream();
  private boolean terminal;
  private boolean unwritable;
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

  /** Standard output is full, or what reads it has gone. */
  Cli unwritableOutput() {
    unwritable = true;
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
            in,
            unwritable ? new PrintStream(FULL, true, StandardCharsets.UTF_8) : stream(out),
            stream(err),
            environment,
            terminal,
            terminal,
            terminal,
            prompt));
  }

  /** Waits until this was printed on standard output, and returns all that was; 10 s at most. */
  String awaitOut(String expected) throws InterruptedException {
    return out.await(expected);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static final OutputStream FULL =
      new OutputStream() {
        @Override
        public void write(int octet) throws IOException {
          throw new IOException("No space left on device");
        }
      };

  /** Output that can be waited for. */
  private static final class Watched extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
      super.write(bytes, offset, count);
      notifyAll();
    }

    synchronized String await(String expected) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!text(this).contains(expected)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) throw new AssertionError(expected + " was not printed, but " + text(this));
        wait(left);
      }
      return text(this);
    }
  }
}
