package io.espat.interop;

import io.espat.at.ByteStream;
import java.io.IOException;
import java.time.Duration;

/** A wire whose host end hands over at most so many bytes at a time, in both directions. */
final class ChoppedStream implements ByteStream {
  private final ByteStream stream;
  private final String name;
  private final int most;

  ChoppedStream(ByteStream stream, String name, int most) {
    this.stream = stream;
    this.name = name;
    this.most = most;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    return stream.read(buffer, offset, Math.min(count, most));
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    // +++ alone means something else than +++ in two pieces: the engine's own cuts stay
    if (count <= 3) {
      stream.write(bytes, offset, count);
      return;
    }
    for (int done = 0; done < count; done += most) {
      stream.write(bytes, offset + done, Math.min(most, count - done));
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
