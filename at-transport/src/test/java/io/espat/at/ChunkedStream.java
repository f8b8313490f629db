package io.espat.at;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** Bytes that arrive in chunks of one size; then the end, or silence. */
final class ChunkedStream implements ByteStream {
  private final byte[] bytes;
  private final int chunk;
  private final boolean silentAtEnd;
  private Duration timeout = Duration.ZERO;
  private int next;

  ChunkedStream(byte[] bytes, int chunk) {
    this(bytes, chunk, false);
  }

  ChunkedStream(byte[] bytes, int chunk, boolean silentAtEnd) {
    this.bytes = bytes;
    this.chunk = chunk;
    this.silentAtEnd = silentAtEnd;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws SocketTimeoutException {
    if (next == bytes.length) {
      if (silentAtEnd && !timeout.isZero()) {
        throw new SocketTimeoutException("silence");
      }
      return -1;
    }
    int run = Math.min(Math.min(chunk, count), bytes.length - next);
    System.arraycopy(bytes, next, buffer, offset, run);
    next += run;
    return run;
  }

  @Override
  public void write(byte[] out, int offset, int count) {
    throw new AssertionError("a reader does not write");
  }

  @Override
  public void timeout(Duration limit) {
    timeout = limit;
  }

  @Override
  public String name() {
    return "chunks of " + chunk;
  }

  @Override
  public void close() {}
}
