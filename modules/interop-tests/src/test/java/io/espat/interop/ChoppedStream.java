package io.espat.interop;

import io.espat.at.ByteStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A wire whose host end hands over at most so many bytes at a time, in both directions, and on
 * which something happens once so many have passed.
 */
class ChoppedStream implements ByteStream {
  private final ByteStream stream;
  private final String name;
  private final int most;
  private final long trip;
  private final Runnable tripped;
  private final AtomicLong passed = new AtomicLong();

  ChoppedStream(ByteStream stream, String name, int most, long trip, Runnable tripped) {
    this.stream = stream;
    this.name = name;
    this.most = most;
    this.trip = trip;
    this.tripped = tripped;
  }

  private void count(int bytes) {
    long now = passed.addAndGet(bytes);
    if (now >= trip && now - bytes < trip) {
      tripped.run();
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    int read = stream.read(buffer, offset, Math.min(count, most));
    count(Math.max(0, read));
    return read;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    // +++ alone means something else than +++ in two pieces: the engine's own cuts stay
    int piece = count <= 3 ? count : most;
    for (int done = 0; done < count; done += piece) {
      int run = Math.min(piece, count - done);
      stream.write(bytes, offset + done, run);
      count(run);
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
  public String name() {
    return name;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
