package io.espat.at;

import java.util.ArrayDeque;

/**
 * Pieces of memory for what links hold, output or input; some are kept for the next use, so that a
 * stream of bytes makes no garbage and an idle link holds nothing.
 *
 * <p>Guarded by the lock of all links.
 */
final class Chunks {
  static final int SIZE = 8 * 1024;

  /** What one busy link can hold; what was needed beyond is left to the garbage collector. */
  private static final int KEPT = 512 * 1024 / SIZE;

  private final ArrayDeque<byte[]> free = new ArrayDeque<>();

  byte[] take() {
    byte[] chunk = free.pollFirst();
    return chunk == null ? new byte[SIZE] : chunk;
  }

  void give(byte[] chunk) {
    if (free.size() < KEPT) {
      free.addFirst(chunk);
    }
  }
}
