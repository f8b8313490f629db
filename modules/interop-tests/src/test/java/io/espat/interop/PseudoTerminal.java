package io.espat.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** socat between a pseudo-terminal and a TCP port: what the host sees as a serial device. */
final class PseudoTerminal implements Closing, AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(20);

  private final Path folder;
  private final Path device;
  private final Process socat;

  private PseudoTerminal(Path folder, Path device, Process socat) {
    this.folder = folder;
    this.device = device;
    this.socat = socat;
  }

  /** Puts a device in front of a port of 127.0.0.1. */
  static PseudoTerminal to(int port) throws IOException {
    Path folder = Files.createTempDirectory("espat-pty-");
    Path device = folder.resolve("ttyESP0");
    Process socat =
        new ProcessBuilder("socat", "PTY,rawer,link=" + device, "TCP:127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    PseudoTerminal terminal = new PseudoTerminal(folder, device, socat);
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!Files.exists(device)) {
      if (System.nanoTime() > end || terminal.ended(Duration.ofMillis(10))) {
        String said = Files.readString(folder.resolve("log"));
        terminal.close();
        throw new IOException("socat made no " + device + ": " + said);
      }
    }
    return terminal;
  }

  /** The device's path. */
  String device() {
    return device.toString();
  }

  @Override
  public void close() throws IOException {
    socat.destroy();
    if (!ended(Duration.ofSeconds(5))) socat.destroyForcibly();
    Files.deleteIfExists(device);
    Files.deleteIfExists(folder.resolve("log"));
    Files.deleteIfExists(folder);
  }

  private boolean ended(Duration limit) {
    try {
      return socat.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for socat", e);
    }
  }
}
