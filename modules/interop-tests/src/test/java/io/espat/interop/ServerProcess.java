package io.espat.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One installed server, in the foreground, in a root and in namespaces of its own.
 *
 * <p>{@code servers/run} ends the server with all its children when its standard input closes: by
 * {@link #close()}, or because this JVM died.
 */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  /** Below the range from which the kernel takes the ports of outgoing connections. */
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 32_000;

  private final String server;
  private final Path work;
  private final Process process;

  private ServerProcess(String server, Path work, Process process) {
    this.server = server;
    this.work = work;
    this.process = process;
  }

  /** A folder that the server will see as {@code /srv}; deleted by {@link #close()}. */
  static Path workFolder(String server) throws IOException {
    Path work = Files.createTempDirectory("espat-" + server + "-");
    // the daemons give up root
    return Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A port of 127.0.0.1 on which nobody listens now. */
  static int freePort() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IOException("no free port on 127.0.0.1 in 100 attempts");
  }

  /**
   * Starts the server and waits until it greets on {@code port}; the folder is then the server's.
   */
  static ServerProcess start(String server, Path work, int port, String... command)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(script().toString(), server, work.toString()));
    line.addAll(List.of(command));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("console.log").toFile())
            .start();
    ServerProcess started = new ServerProcess(server, work, process);
    try {
      boolean greeted = started.until(START_LIMIT, () -> greets(port));
      if (greeted) return started;
      throw new IOException(
          "starting " + server + " on port " + port + ": no greeting\n" + started.logs());
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /** Waits for a condition, at most this long; false too when the server has ended. */
  boolean until(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || ended(Duration.ofMillis(10))) return false;
    }
    return true;
  }

  Path work() {
    return work;
  }

  /** A file in the work folder as text; empty while it does not exist. */
  String text(String file) {
    Path path = work.resolve(file);
    try {
      return Files.exists(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  /** All logs in the work folder, each under its name. */
  String logs() {
    try (Stream<Path> files = Files.list(work)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".log"))
          .sorted()
          .map(name -> name + ":\n" + text(name))
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("listing " + work, e);
    }
  }

  /** Ends the server and all its children, and deletes its folder; at most 20 s. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    boolean orderly = ended(STOP_LIMIT);
    if (!orderly) process.destroyForcibly();
    delete(work);
    if (!orderly) throw new IOException(server + " did not end within " + STOP_LIMIT);
  }

  private boolean ended(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + server, e);
    }
  }

  private static boolean greets(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      socket.setSoTimeout(5_000);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String line = in.readLine();
      return line != null && line.startsWith("220");
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Path script() throws IOException {
    // surefire names the module's folder; an IDE starts in it
    Path script = Path.of(System.getProperty("basedir", "")).resolve("servers/run");
    if (Files.isExecutable(script)) return script.toAbsolutePath();
    throw new IOException("no " + script.toAbsolutePath());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
