package io.espat.interop;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code espat simulate} as a process of its own, so that it can be killed. */
final class Simulator implements Closing, AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Pattern LISTENING =
      Pattern.compile("serial line on 127\\.0\\.0\\.1:(\\d+)\\s");

  private final EspatCommand command;
  private final int port;

  private Simulator(EspatCommand command, int port) {
    this.command = command;
    this.port = port;
  }

  /** Starts a module that knows these names as 127.0.0.1, and waits until it listens. */
  static Simulator start(String... names) throws IOException {
    List<String> line = new ArrayList<>(List.of("simulate", "--listen", "127.0.0.1:0"));
    for (String name : names) line.addAll(List.of("--host", name + "=127.0.0.1"));
    EspatCommand command = EspatCommand.start(line.toArray(String[]::new));
    return new Simulator(command, Integer.parseInt(command.awaitPrinted(START_LIMIT, LISTENING)));
  }

  int port() {
    return port;
  }

  /** The module as {@code --device} names it. */
  String device() {
    return "tcp://127.0.0.1:" + port;
  }

  /** Ends the module as if its power were cut. */
  void kill() {
    command.kill();
  }

  @Override
  public void close() throws IOException {
    command.close();
  }
}
