package io.espat.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** Hands over no more than one line per read, and knows what it holds back. */
final class LineGate {
  private static final int LIMIT = 4096;

  private final InputStream in;
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] buffer = new byte[LIMIT]; // Guarded by lock, as all below
  private int position;
  private int limit;
  private boolean atLineEnd = true;

  LineGate(InputStream in) {
    this.in = in;
  }

  /** As {@link InputStream#read(byte[], int, int)}, up to and including the next line feed. */
  int read(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (count == 0) return 0;
    lock.lock();
    try {
      if (position == limit) {
        int fresh = in.read(buffer, 0, LIMIT);
        if (fresh <= 0) return fresh;
        position = 0;
        limit = fresh;
      }
      int length = Math.min(count, untilLineEnd());
      System.arraycopy(buffer, position, bytes, offset, length);
      position += length;
      atLineEnd = buffer[position - 1] == '\n';
      return length;
    } finally {
      lock.unlock();
    }
  }

  /** What a read would hand over without waiting; 0 at a line end, whatever is held. */
  int available() {
    if (!lock.tryLock()) return 0; // a read is waiting, so nothing is there
    try {
      return atLineEnd ? 0 : untilLineEnd();
    } finally {
      lock.unlock();
    }
  }

  /** The bytes taken from the socket and not yet handed over. */
  int held() throws IOException {
    if (!lock.tryLock()) {
      throw new SocketException("switching to TLS: another thread is still reading in clear");
    }
    try {
      return limit - position;
    } finally {
      lock.unlock();
    }
  }

  private int untilLineEnd() {
    for (int i = position; i < limit; i++) {
      if (buffer[i] == '\n') return i + 1 - position;
    }
    return limit - position;
  }
}
