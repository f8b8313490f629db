package io.espat.sim;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The paced line towards the module: the buffer of the host's driver, the wire, and the module's
 * receive ring of 2 KiB.
 *
 * <p>A write blocks while the driver's buffer of 4 KiB is full. What the module sees comes in
 * chunks: contiguous bytes up to the {@link Firmware#FIFO}, ended by a gap on the wire.
 */
final class PacedInput extends OutputStream {
  static final int DRIVER = 4096;
  static final int RING = 2048;

  private static final int WORTH_WAKING = 1024; // a driver wakes its writer for more than a byte

  private final LongSupplier clock;
  private final Runnable arrived;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SerialWire wire; // guarded by lock
  private int expected = Pacing.CHUNKS; // guarded by lock
  private long alarm = SerialWire.NEVER; // guarded by lock: when the module looks again
  private long lastArrival; // guarded by lock: of the chunk that was taken last
  private boolean closed; // guarded by lock: by the host
  private boolean ended; // guarded by lock: by the module

  PacedInput(ByteTimes times, LongSupplier clock, Runnable arrived) {
    this.clock = clock;
    this.arrived = arrived;
    wire = new SerialWire(RING, times, clock.getAsLong());
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    lock.lock();
    try {
      for (int done = 0; done < count; ) {
        awaitRoom(count - done);
        int piece = Math.min(count - done, DRIVER - wire.queued());
        wire.send(bytes, offset + done, piece, clock.getAsLong());
        done += piece;
        tellModule();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the simulated module took no input");
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom(int wanted) throws IOException, InterruptedException {
    long now = up();
    while (!closed && !ended && wire.queued() >= DRIVER) {
      long until = wire.endOf(Math.min(wanted, WORTH_WAKING));
      if (until == SerialWire.NEVER) {
        changed.await();
      } else {
        changed.awaitNanos(until - now);
      }
      now = up();
    }
    if (closed || ended) {
      throw new IOException(
          "writing "
              + wanted
              + " bytes to the simulated module: "
              + (ended ? "the module is switched off" : "the stream is closed"));
    }
  }

  private long up() {
    long now = clock.getAsLong();
    wire.advance(now);
    return now;
  }

  /** Wakes the module when it would look too late. */
  private void tellModule() {
    if (next() < alarm) {
      alarm = Long.MIN_VALUE;
      arrived.run();
    }
  }

  /** Takes bytes without waiting and says how many; for a line that the module itself feeds. */
  int offer(byte[] bytes, int offset, int count) {
    lock.lock();
    try {
      long now = up();
      int piece = Math.min(count, DRIVER - wire.queued());
      wire.send(bytes, offset, piece, now);
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes the driver's buffer has room for. */
  int room() {
    lock.lock();
    try {
      up();
      return DRIVER - wire.queued();
    } finally {
      lock.unlock();
    }
  }

  /** Whether everything written has been taken by the module. */
  boolean idle() {
    lock.lock();
    try {
      up();
      return wire.queued() == 0 && wire.received() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** When the driver's buffer will have room worth waking for. */
  long roomAt() {
    lock.lock();
    try {
      up();
      return wire.queued() <= DRIVER - WORTH_WAKING
          ? SerialWire.NEVER
          : wire.endOf(wire.queued() - DRIVER + WORTH_WAKING);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next chunk that the module's UART has seen the end of. */
  byte @Nullable [] poll() {
    lock.lock();
    try {
      long now = up();
      int count = Math.min(Firmware.FIFO, wire.untilGap());
      if (count == 0 || !complete(count, now)) {
        return null;
      }
      byte[] chunk = new byte[count];
      wire.take(chunk, 0, count);
      lastArrival = wire.arrivalBefore(wire.received());
      expected = expected > 0 ? Math.max(0, expected - count) : expected;
      changed.signalAll();
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether the first bytes are a chunk: the FIFO is full, the line fell silent, or it suffices.
   */
  private boolean complete(int count, long now) {
    if (count == Firmware.FIFO || wire.gap()) {
      return true;
    }
    return wire.queued() == 0 && (suffices() || now >= wire.endOf(0) + wire.gapNanos());
  }

  private boolean suffices() {
    return expected > 0
        ? wire.received() >= expected
        : expected < 0 && wire.indexOf((byte) '\n') >= 0;
  }

  /** When there will be a chunk that is worth looking at, as things stand. */
  private long next() {
    int held = wire.received();
    int queued = wire.queued();
    if (held + queued == 0) {
      return SerialWire.NEVER;
    }
    long silent = later(wire.endOf(queued), wire.gapNanos());
    if (wire.garbles()) {
      return silent;
    }
    int wanted = wanted(held + queued);
    if (wanted > held + queued) {
      return silent;
    }
    int whole = (wanted + Firmware.FIFO - 1) / Firmware.FIFO * Firmware.FIFO;
    return wire.endOf(Math.max(0, Math.min(whole - held, queued)));
  }

  /** Up to which byte the module sleeps; more than there are when silence will wake it. */
  private int wanted(int there) {
    int line = expected < 0 ? wire.indexOf((byte) '\n') + 1 : 0;
    if (expected == Pacing.CHUNKS
        || (expected == Pacing.ECHOED_LINE && (line == 0 || there > 128))) {
      return Firmware.FIFO;
    }
    return expected > 0 ? expected : line > 0 ? line : Integer.MAX_VALUE;
  }

  private static long later(long time, long nanos) {
    return time == SerialWire.NEVER ? SerialWire.NEVER : time + nanos;
  }

  /** When the chunk that was taken last had arrived. */
  long lastArrival() {
    lock.lock();
    try {
      return lastArrival;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says what the module waits for before it sleeps, and learns when to look again.
   *
   * @param input whether it takes input at all: if not, its receive ring fills
   */
  long expect(boolean input, int what) {
    lock.lock();
    try {
      up();
      wire.drained(input);
      changed.signalAll();
      expected = what;
      alarm = input ? next() : SerialWire.NEVER;
      return alarm;
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
      tellModule();
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
      tellModule();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the module's receive ring has room. */
  boolean ringHasRoom() {
    lock.lock();
    try {
      up();
      return wire.room();
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
      wire.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the line from the module's side: blocked and later writes fail. */
  void end() {
    lock.lock();
    try {
      ended = true;
      wire.clear();
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
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
