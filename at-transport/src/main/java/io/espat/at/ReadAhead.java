package io.espat.at;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/**
 * What has arrived on the wire and was not taken yet: single bytes, or many in one view.
 *
 * <p>A view is of this buffer itself and good until the next call; so counted bytes are copied once
 * only, into where they belong. One thread uses it.
 */
final class ReadAhead {
  private static final int SIZE = 32 * 1024;

  private final ByteStream in;
  private final Duration frameLimit;
  private final byte[] buffer = new byte[SIZE];
  private final ByteBuffer view = ByteBuffer.wrap(buffer);
  private int next;
  private int filled;

  ReadAhead(ByteStream in, Duration frameLimit) {
    this.in = in;
    this.frameLimit = frameLimit;
  }

  /** Takes a byte; blocks without a limit; -1 is the end of the wire. */
  int read() throws IOException {
    if (next == filled && !fill(Duration.ZERO)) {
      return -1;
    }
    return buffer[next++] & 0xff;
  }

  /**
   * Blocks until that many bytes are here, none of which is taken; at most 16 KiB.
   *
   * @throws EOFException if the wire ended before
   * @throws ProtocolException if nothing came for the limit of a frame: bytes were lost on the wire
   */
  void await(int count) throws IOException {
    if (buffer.length - next < count) {
      compact();
    }
    while (filled - next < count) {
      if (!fill(frameLimit)) {
        throw new EOFException(
            String.format("the wire ended after %d of %d counted bytes", filled - next, count));
      }
    }
  }

  /** Takes bytes that are here. */
  ByteBuffer take(int count) {
    view.limit(next + count).position(next);
    next += count;
    return view;
  }

  /** Drops bytes that are here; what was taken before stays good. */
  void skip(int count) {
    next += count;
  }

  /** Tells whether the bytes at some distance are these; they are here. */
  boolean startsWith(int offset, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (buffer[next + offset + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Returns a byte that is here, without taking it. */
  int peek(int offset) {
    return buffer[next + offset] & 0xff;
  }

  private void compact() {
    System.arraycopy(buffer, next, buffer, 0, filled - next);
    Arrays.fill(buffer, filled - next, filled, (byte) 0);
    filled -= next;
    next = 0;
  }

  private boolean fill(Duration limit) throws IOException {
    in.timeout(limit);
    if (next == filled) {
      Arrays.fill(buffer, 0, filled, (byte) 0); // may have held a passphrase's echo
      next = 0;
      filled = 0;
    }
    try {
      int count = in.read(buffer, filled, buffer.length - filled);
      filled += Math.max(count, 0);
      return count > 0;
    } catch (SocketTimeoutException e) {
      ProtocolException lost =
          new ProtocolException(
              "no byte for "
                  + limit.toMillis()
                  + " ms within a counted payload: bytes were lost on the wire");
      lost.initCause(e);
      throw lost;
    }
  }
}
