package io.espat.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The module's half of the line towards the host: a bounded ring of bytes.
 *
 * <p>A read blocks until a byte waits, the module is switched off (the rest is still read, then −1)
 * or the host closes the stream (reads then fail). Nothing waits for the module's thread: the pipe
 * belongs to no thread.
 */
final class ToHost extends InputStream {
  static final int CAPACITY = 4096;

  private final Runnable drained;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final byte[] ring = new byte[CAPACITY]; // guarded by lock
  private int head; // guarded by lock
  private int held; // guarded by lock
  private boolean closed; // guarded by lock: by the host
  private boolean ended; // guarded by lock: by the module

  ToHost(Runnable drained) {
    this.drained = drained;
  }

  /** Takes as much as there is room for and says how much; a closed host takes and drops all. */
  int offer(byte[] bytes, int offset, int count) {
    lock.lock();
    try {
      if (closed || ended) {
        return count;
      }
      int taken = Math.min(count, CAPACITY - held);
      int tail = (head + held) % CAPACITY;
      int first = Math.min(taken, CAPACITY - tail);
      System.arraycopy(bytes, offset, ring, tail, first);
      System.arraycopy(bytes, offset + first, ring, 0, taken - first);
      held += taken;
      if (taken > 0) {
        changed.signalAll();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count == 0) {
      return 0;
    }
    int taken = take(into, offset, count);
    if (taken > 0) {
      drained.run();
    }
    return taken;
  }

  private int take(byte[] into, int offset, int count) throws IOException {
    lock.lock();
    try {
      while (held == 0 && !closed && !ended) {
        changed.await();
      }
      if (closed) {
        throw new IOException("reading from the simulated module: the stream is closed");
      }
      if (held == 0) {
        return -1;
      }
      int taken = Math.min(count, held);
      int first = Math.min(taken, CAPACITY - head);
      System.arraycopy(ring, head, into, offset, first);
      System.arraycopy(ring, 0, into, offset + first, taken - first);
      head = (head + taken) % CAPACITY;
      held -= taken;
      return taken;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the simulated module said nothing");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int available() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("asking the simulated module for bytes: the stream is closed");
      }
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the pipe from the module's side: what is held can still be read, then the end. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      held = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    drained.run();
  }
}
