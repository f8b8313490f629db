package io.espat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A serial port made by socat in front of a TCP port: it connects when a program opens the port and
 * makes a new one when that program has closed it, so in between the TCP port is free for others.
 */
final class PseudoTerminal implements AutoCloseable {
  private static final Logger LOG = LogManager.getLogger(PseudoTerminal.class);
  private static final long APPEARS_MILLIS = 2000;
  private static final long ENDS_MILLIS = 1000;
  private static final int FAILURES = 3; // in a row, without a port having been made

  private final Path folder;
  private final Path link;
  private final String target;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Process socat; // guarded by lock
  private boolean closed; // guarded by lock

  private PseudoTerminal(Path folder, String target) {
    this.folder = folder;
    link = folder.resolve("module");
    this.target = target;
  }

  /** Makes one for HOST:PORT; nothing where there is no socat, or it makes no port within 2 s. */
  static Optional<PseudoTerminal> before(String target) {
    PseudoTerminal made;
    try {
      made = new PseudoTerminal(Files.createTempDirectory("espat-simulate-"), target);
      if (!made.start() || !made.appears()) {
        made.close();
        return Optional.empty();
      }
    } catch (IOException e) {
      LOG.debug("no place for a serial port: {}", e.getMessage());
      return Optional.empty();
    }
    Thread keeper = new Thread(made::keep, "espat-simulate-pty");
    keeper.setDaemon(true);
    keeper.start();
    return Optional.of(made);
  }

  /** What to give to {@code -d}. */
  Path path() {
    return link;
  }

  private boolean start() {
    lock.lock();
    try {
      if (closed) return false;
      Files.deleteIfExists(link);
      socat =
          new ProcessBuilder(
                  "socat",
                  "pty,raw,echo=0,wait-slave,pty-interval=0.02,link=" + link,
                  "tcp:" + target + ",nodelay")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return true;
    } catch (IOException e) {
      LOG.debug("socat cannot be started: {}", e.getMessage());
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean appears() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(APPEARS_MILLIS);
    while (!Files.exists(link)) {
      if (System.nanoTime() > end || ended(10)) return Files.exists(link);
    }
    return true;
  }

  /** Waits for socat to end, that long at most. */
  private boolean ended(long millis) {
    Process running = running();
    try {
      return running == null || running.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private @Nullable Process running() {
    lock.lock();
    try {
      return closed ? null : socat;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the port anew whenever the program that had it open is done. */
  private void keep() {
    int failures = 0;
    while (failures < FAILURES) {
      while (running() != null && !ended(ENDS_MILLIS)) {
        failures = 0;
      }
      if (running() == null || !start()) return;
      failures = appears() ? 0 : failures + 1;
    }
    LOG.warn("socat makes no serial port any more");
  }

  /** Ends socat and takes the port away. */
  @Override
  public void close() throws IOException {
    Process running;
    lock.lock();
    try {
      closed = true;
      running = socat;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.destroy();
      try {
        if (!running.waitFor(ENDS_MILLIS, TimeUnit.MILLISECONDS)) running.destroyForcibly();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        running.destroyForcibly();
      }
    }
    Files.deleteIfExists(link);
    Files.deleteIfExists(folder);
  }
}
