package io.espat.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The paced line towards the host: what the module has written, the wire, and the buffer of the
 * host's driver, 4 KiB.
 *
 * <p>A read returns when a message of the module has arrived whole, or 2 ms after the first byte
 * that waits: so a reader wakes at the moment that matters and seldom else.
 */
final class PacedOutput extends InputStream {
  static final int DRIVER = 4096;
  private static final long PATIENCE = 2_000_000;

  private final LongSupplier clock;
  private final Runnable drained;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SerialWire wire; // guarded by lock
  private final Queue<Long> ends = new ArrayDeque<>(); // guarded by lock: of messages
  private long queued; // guarded by lock: since the beginning
  private long seen; // guarded by lock: how much had left when the host took bytes last
  private boolean reading; // guarded by lock: a read waits
  private boolean closed; // guarded by lock: by the host
  private boolean ended; // guarded by lock: by the module

  PacedOutput(ByteTimes times, LongSupplier clock, Runnable drained) {
    this.clock = clock;
    this.drained = drained;
    wire = new SerialWire(DRIVER, times, clock.getAsLong());
  }

  private long up() {
    long now = clock.getAsLong();
    wire.advance(now);
    return now;
  }

  /** Takes one message, said at a time that may have passed. */
  void offer(byte[] bytes, int offset, int count, long when) {
    lock.lock();
    try {
      if (closed || ended) {
        return;
      }
      up();
      queued += count;
      ends.add(queued);
      wire.send(bytes, offset, count, when);
      if (reading) {
        changed.signalAll();
      }
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
    boolean stood;
    int taken;
    lock.lock();
    try {
      await();
      stood = !wire.room();
      taken = take(into, offset, count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the simulated module said nothing");
    } finally {
      lock.unlock();
    }
    if (stood) {
      drained.run();
    }
    return taken == 0 ? -1 : taken;
  }

  private void await() throws IOException, InterruptedException {
    reading = true;
    try {
      for (long now = up(); !closed && !ended; now = up()) {
        long due = due(now);
        if (due <= now) {
          return;
        }
        if (due == SerialWire.NEVER) {
          changed.await();
        } else {
          changed.awaitNanos(due - now);
        }
      }
      if (closed) {
        throw new IOException("reading from the simulated module: the stream is closed");
      }
    } finally {
      reading = false;
    }
  }

  /** When the host shall see what has arrived. */
  private long due(long now) {
    long told = wire.received() == 0 ? wire.left() : seen;
    while (!ends.isEmpty() && ends.element() <= told) {
      ends.remove();
    }
    Long end = ends.peek();
    int toEnd = end == null ? 0 : (int) (end - wire.left());
    if (wire.received() > 0) {
      boolean whole = end != null && toEnd <= 0;
      long oldest = wire.arrivalBefore(wire.received() - 1);
      boolean full = !wire.room();
      return whole || full ? now : Math.min(oldest + PATIENCE, wire.endOf(toEnd));
    }
    if (toEnd <= 0) {
      return SerialWire.NEVER; // nothing is on its way, or what was got lost
    }
    long first = wire.endOf(1);
    return first == SerialWire.NEVER ? first : Math.min(first + PATIENCE, wire.endOf(toEnd));
  }

  private int take(byte[] into, int offset, int count) {
    int taken = Math.min(count, wire.received());
    wire.take(into, offset, taken);
    if (wire.received() == 0) {
      seen = wire.left();
    }
    return taken;
  }

  /** Takes what the host shall see now; for a line that the module itself empties. */
  int poll(byte[] into) {
    lock.lock();
    try {
      long now = up();
      return due(now) <= now ? take(into, 0, into.length) : 0;
    } finally {
      lock.unlock();
    }
  }

  /** When the host shall see more, as things stand. */
  long dueAt() {
    lock.lock();
    try {
      return due(up());
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
      up();
      return wire.received();
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes have not left the module. */
  int unsent() {
    lock.lock();
    try {
      up();
      return wire.queued();
    } finally {
      lock.unlock();
    }
  }

  /** When everything has left the module, as things stand. */
  long drainedAt() {
    lock.lock();
    try {
      up();
      return wire.endOf(wire.queued());
    } finally {
      lock.unlock();
    }
  }

  /** When to look whether fewer bytes than this are unsent; never when that is so already. */
  long lookForLess(int bytes) {
    lock.lock();
    try {
      up();
      int count = wire.queued() - bytes + 1;
      return count <= 0 ? SerialWire.NEVER : wire.lookFor(count);
    } finally {
      lock.unlock();
    }
  }

  void gate(SerialWire.Gate gate) {
    lock.lock();
    try {
      up();
      wire.gate(gate);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void retune(long at, int baud, int halfBits, @Nullable Misreading garbler) {
    lock.lock();
    try {
      up();
      wire.retune(at, baud, halfBits, garbler);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  long lost() {
    lock.lock();
    try {
      up();
      return wire.lost();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what was under way. */
  void clear() {
    lock.lock();
    try {
      up();
      forget();
    } finally {
      lock.unlock();
    }
  }

  private void forget() {
    wire.clear();
    seen = queued;
    ends.clear();
  }

  /** Ends the line from the module's side: what has left it can still be read, then the end. */
  void end() {
    lock.lock();
    try {
      ended = true;
      up();
      wire.finish();
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
      forget();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    drained.run();
  }
}
