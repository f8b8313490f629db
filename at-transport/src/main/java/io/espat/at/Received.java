package io.espat.at;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What a link has received and what waits for it in the module. Guarded by the lock of all links.
 */
final class Received {
  private final ArrayDeque<ByteBuffer> pieces = new ArrayDeque<>();
  private int held;
  private int announced;

  /** Returns the bytes that are here. */
  int held() {
    return held;
  }

  /** Returns the bytes that wait in the module. */
  int announced() {
    return announced;
  }

  /** Notes how many bytes wait in the module now. */
  void announced(int bytes) {
    announced = bytes;
  }

  void add(ByteBuffer bytes) {
    if (bytes.hasRemaining()) {
      pieces.addLast(bytes);
      held += bytes.remaining();
    }
  }

  /** Moves as many bytes as there are, in order. */
  int take(byte[] buffer, int offset, int count) {
    int done = 0;
    while (done < count && held > 0) {
      ByteBuffer first = pieces.getFirst();
      int run = Math.min(count - done, first.remaining());
      first.get(buffer, offset + done, run);
      done += run;
      held -= run;
      if (!first.hasRemaining()) {
        pieces.removeFirst();
      }
    }
    return done;
  }

  /** Drops everything, announcements too. */
  void clear() {
    pieces.clear();
    held = 0;
    announced = 0;
  }
}
