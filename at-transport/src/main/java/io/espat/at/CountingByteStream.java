package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the bytes that pass in each direction. */
final class CountingByteStream implements ByteStream {
  private final ByteStream stream;
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

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    int read = stream.read(buffer, offset, count);
    received.addAndGet(Math.max(0, read));
    return read;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    sent.addAndGet(count);
    stream.write(bytes, offset, count);
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
  public String name() {
    return stream.name();
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
