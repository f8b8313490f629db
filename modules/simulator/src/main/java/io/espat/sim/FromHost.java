package io.espat.sim;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The host's half of the line towards the module: a bounded pipe that keeps the gaps between
 * writes.
 *
 * <p>One write is one burst on the wire: it reaches the module in chunks of at most {@link
 * Firmware#FIFO} bytes, and no chunk spans two writes. A write blocks while the module does not
 * take what waits (flow control).
 */
final class FromHost extends OutputStream {
  static final int CAPACITY = 2048;

  private final Runnable arrived;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Queue<byte[]> chunks = new ArrayDeque<>(); // guarded by lock
  private int held; // guarded by lock
  private boolean closed; // guarded by lock: by the host
  private boolean ended; // guarded by lock: by the module

  FromHost(Runnable arrived) {
    this.arrived = arrived;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    for (int done = 0; done < count; ) {
      int piece = Math.min(Firmware.FIFO, count - done);
      put(Arrays.copyOfRange(bytes, offset + done, offset + done + piece));
      done += piece;
      arrived.run();
    }
  }

  private void put(byte[] chunk) throws IOException {
    lock.lock();
    try {
      while (!closed && !ended && held + chunk.length > CAPACITY) {
        room.await();
      }
      if (closed || ended) {
        throw new IOException(
            "writing "
                + chunk.length
                + " bytes to the simulated module: "
                + (ended ? "the module is switched off" : "the stream is closed"));
      }
      chunks.add(chunk);
      held += chunk.length;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the simulated module took no input");
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next chunk, or nothing when none waits. */
  byte @Nullable [] poll() {
    lock.lock();
    try {
      byte[] chunk = chunks.poll();
      if (chunk != null) {
        held -= chunk.length;
        room.signalAll();
      }
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the pipe from the module's side: blocked and later writes fail. */
  void end() {
    lock.lock();
    try {
      ended = true;
      chunks.clear();
      held = 0;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
