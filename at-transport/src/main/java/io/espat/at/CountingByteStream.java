package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the bytes that pass in each direction.
 *
 * <p>The stream beneath may be anybody's: what it throws by mistake must not end the module's
 * threads, or everybody else would wait for them in vain.
 */
final class CountingByteStream implements ByteStream {
  private final ByteStream stream;
  private final Tap tap = new Tap();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  CountingByteStream(ByteStream stream) {
    this.stream = stream;
  }

  long sent() {
    return sent.get();
  }

  long received() {
    return received.get();
  }

  /** Returns what copies the bytes that are read while it is open. */
  Tap tap() {
    return tap;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    try {
      int read = stream.read(buffer, offset, count);
      if (read > 0) {
        received.addAndGet(read);
        tap.pass(buffer, offset, read);
      }
      return read;
    } catch (RuntimeException | Error e) { // foreign code
      throw new IOException("reading " + name() + " failed: " + e, e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    sent.addAndGet(count);
    try {
      stream.write(bytes, offset, count);
    } catch (RuntimeException | Error e) { // foreign code
      throw new IOException("writing " + name() + " failed: " + e, e);
    }
  }

  @Override
  public void flush() throws IOException {
    stream.flush();
  }

  @Override
  public void timeout(Duration timeout) {
    stream.timeout(timeout);
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
