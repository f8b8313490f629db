package io.espat.at;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What a link has received and what waits for it in the module. Guarded by the lock of all links.
 */
final class Received {
  private final Chunks memory;
  private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
  private int first; // where the first chunk begins to be unread
  private int end; // where the last one ends
  private int held;
  private int announced;

  Received(Chunks memory) {
    this.memory = memory;
  }

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
    while (bytes.hasRemaining()) {
      if (chunks.isEmpty() || end == Chunks.SIZE) {
        chunks.addLast(memory.take());
        end = 0;
      }
      int run = Math.min(bytes.remaining(), Chunks.SIZE - end);
      bytes.get(chunks.getLast(), end, run);
      end += run;
      held += run;
    }
  }

  /** Moves as many bytes as there are, in order. */
  int take(byte[] buffer, int offset, int count) {
    int done = 0;
    while (done < count && held > 0) {
      byte[] chunk = chunks.getFirst();
      int unread = (chunks.size() == 1 ? end : Chunks.SIZE) - first;
      int run = Math.min(count - done, unread);
      System.arraycopy(chunk, first, buffer, offset + done, run);
      done += run;
      held -= run;
      first += run;
      if (run == unread) {
        memory.give(chunks.removeFirst());
        first = 0;
      }
    }
    return done;
  }

  /** Drops everything, announcements too. */
  void clear() {
    while (!chunks.isEmpty()) {
      memory.give(chunks.removeFirst());
    }
    first = 0;
    held = 0;
    announced = 0;
  }
}
