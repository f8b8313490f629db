package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Gives writes a limit: a line held by flow control blocks a writer, and not every carrier lets go.
 *
 * <p>Whoever reads, as a module's reader thread always does, finds out, closes the stream, which
 * ends the write, and is told why.
 */
final class StallGuard implements ByteStream {
  private static final Logger LOG = LogManager.getLogger();
  private static final Duration LOOK = Duration.ofMillis(500);

  /** What a line is taken for at worst when its speed is not known. */
  private static final int SLOW = 9600;

  private final ByteStream stream;
  private final Duration patience;
  private final int baud;
  private volatile Duration timeout = Duration.ZERO;
  private volatile @Nullable Writing writing;
  private volatile @Nullable IOException stall;

  private record Writing(int count, long since, long limit) {}

  /**
   * Lets a write take the line time of its bytes twice and the send time-out, within which the
   * module takes something again or gives up a send.
   */
  StallGuard(ByteStream stream, ModuleConfig config) {
    this.stream = stream;
    this.patience = config.sendTimeout();
    this.baud = config.baud() == ModuleConfig.ANY_BAUD ? SLOW : config.baud();
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    Duration limit = timeout;
    Deadline deadline = limit.isZero() ? null : Deadline.in(limit);
    while (true) {
      throwIfStalled();
      stream.timeout(limit.isZero() || limit.compareTo(LOOK) > 0 ? LOOK : limit);
      try {
        return stream.read(buffer, offset, count);
      } catch (SocketTimeoutException e) {
        if (deadline != null && deadline.passed()) {
          throw e;
        }
      }
    }
  }

  private void throwIfStalled() throws IOException {
    Writing stalled = writing;
    if (stalled == null || System.nanoTime() - stalled.since() < stalled.limit()) {
      return;
    }
    IOException cause =
        new IOException(
            String.format(
                "writing %d bytes to %s: the line stood still for %d ms (flow control?)",
                stalled.count(), name(), stalled.limit() / 1_000_000));
    stall = cause; // before the write ends and asks why
    try {
      stream.close();
    } catch (IOException e) {
      LOG.debug("closing {}: {}", name(), e.getMessage());
    }
    throw cause;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    long limit = patience.plusMillis(2L * 10_000 * count / baud).toNanos();
    writing = new Writing(count, System.nanoTime(), limit);
    try {
      stream.write(bytes, offset, count);
    } catch (IOException e) {
      IOException cause = stall;
      throw cause == null ? e : cause;
    } finally {
      writing = null;
    }
  }

  @Override
  public void flush() throws IOException {
    stream.flush();
  }

  @Override
  public void timeout(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public Optional<SerialLine> line() {
    return stream.line();
  }

  @Override
  public String name() {
    return stream.name();
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
