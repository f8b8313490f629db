package io.espat.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands over no more than one line per read, and knows what it holds back. A CR is not parted from
 * its LF: readers that take it alone for the end of a line would leave the LF behind.
 */
final class LineGate {
  private static final int LIMIT = 4096;

  private final InputStream in;
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] buffer = new byte[LIMIT]; // Guarded by lock, as all below
  private int position;
  private int limit;
  private byte last = '\n'; // of those handed over
  private int behindCr; // bytes of the line handed over last that stand behind a CR without LF
  private boolean ended;

  LineGate(InputStream in) {
    this.in = in;
  }

  /** As {@link InputStream#read(byte[], int, int)}, up to and including the next line feed. */
  int read(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (count == 0) return 0;
    lock.lock();
    try {
      if (ended) throw new SocketException("this connection has switched to TLS");
      int ready = ready();
      while (ready == 0) {
        int fresh = fill();
        if (fresh <= 0 && position == limit) return fresh;
        ready = fresh <= 0 ? limit - position : ready(); // a CR may be the last byte of all
      }
      int length = Math.min(count, ready);
      System.arraycopy(buffer, position, bytes, offset, length);
      for (int i = 0; i < length; i++) handOver(buffer[position++]);
      return length;
    } finally {
      lock.unlock();
    }
  }

  private int fill() throws IOException {
    System.arraycopy(buffer, position, buffer, 0, limit - position);
    limit -= position;
    position = 0;
    int fresh = in.read(buffer, limit, LIMIT - limit);
    limit += Math.max(0, fresh);
    return fresh;
  }

  /** A library that takes a lone CR for a line end would hold, and drop, what stands behind it. */
  private void handOver(byte next) {
    if (last == '\n') behindCr = 0;
    if (behindCr > 0 || (last == '\r' && next != '\n' && next != '\r')) behindCr++;
    last = next;
  }

  /** What a read would hand over without waiting; 0 at a line end, whatever is held. */
  int available() {
    if (!lock.tryLock()) return 0; // a read is waiting, so nothing is there
    try {
      return last == '\n' ? 0 : ready();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the clear phase: a read that comes late must not take a byte of TLS. */
  void end() throws IOException {
    if (!lock.tryLock()) {
      throw new SocketException("switching to TLS: another thread is still reading in clear");
    }
    try {
      ended = true;
    } finally {
      lock.unlock();
    }
  }

  /** The bytes taken from the socket that stand behind the line handed over last. */
  int held() {
    lock.lock();
    try {
      return limit - position + behindCr;
    } finally {
      lock.unlock();
    }
  }

  private int ready() {
    for (int i = position; i < limit; i++) {
      if (buffer[i] == '\n') return i + 1 - position;
    }
    boolean mayGoOn = limit > position && buffer[limit - 1] == '\r';
    return limit - position - (mayGoOn ? 1 : 0);
  }
}
