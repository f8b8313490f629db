package io.espat.sim;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a serial line: which byte has arrived when follows from what was sent when, so
 * nobody need be awake while it happens.
 *
 * <p>Every method but the queries about the future wants the line to have been brought up to the
 * present by {@link #advance}. Guarded by its owner's lock.
 */
final class SerialWire {
  static final long NEVER = Long.MAX_VALUE;

  /** What lets the sender send. */
  enum Gate {
    /** It always sends: what the receiver has no room for is lost. */
    OPEN,
    /** It sends while the receiver has room. */
    BY_ROOM,
    /** It does not send. */
    SHUT
  }

  private final int capacity;
  private final ByteRing queue = new ByteRing(4096);
  private final ByteRing received = new ByteRing(4096);
  private final Queue<Long> gaps = new ArrayDeque<>();
  private final ByteTimes times;
  private Gate gate = Gate.OPEN;
  private boolean drained; // the receiver takes everything at once
  private boolean running;
  private long present; // up to when the line is known
  private long lastEnd; // of the last byte of the run before
  private long left;
  private long arrived;
  private long taken;
  private long lost;
  private @Nullable Misreading misreading;
  private @Nullable Change change; // of speed, to come

  private record Change(long at, int baud, int halfBits, @Nullable Misreading misreading) {}

  /** A line whose receiver keeps that many bytes. */
  SerialWire(int capacity, ByteTimes times, long now) {
    this.capacity = capacity;
    this.times = times;
    present = now;
    lastEnd = now - gapNanos();
    times.start(now);
  }

  /** Brings the line up to a time. */
  void advance(long now) {
    Change next = change;
    if (next != null && next.at <= now) {
      run(next.at);
      apply(next);
    }
    run(now);
    present = Math.max(present, now);
  }

  private void run(long now) {
    if (!running) {
      return;
    }
    int possible = Math.min(queue.size(), allowance());
    int count = times.endedBy(now, possible);
    if (count > 0) {
      deliver(count);
      times.pass(count);
      left += count;
    }
    if (queue.size() == 0 || allowance() == 0) {
      running = false;
      lastEnd = times.end(0);
      if (misreading != null) {
        misreading.silence(this::heard);
      }
    }
  }

  private void deliver(int count) {
    int room = drained || gate != Gate.OPEN ? count : capacity - received.size();
    Misreading garbler = misreading;
    if (garbler != null) {
      for (int i = 0; i < count; i++) {
        garbler.hear(queue.take(), this::heard);
      }
    } else if (room >= count) {
      queue.move(received, count);
      arrived += count;
    } else {
      queue.move(received, Math.max(0, room));
      queue.drop(count - Math.max(0, room));
      arrived += Math.max(0, room);
      lost += count - Math.max(0, room);
    }
  }

  private void heard(byte one) {
    if (drained || received.size() < capacity) {
      received.put(one);
      arrived++;
    } else {
      lost++;
    }
  }

  /** How many bytes more may be sent as things stand. */
  private int allowance() {
    return switch (gate) {
      case OPEN -> Integer.MAX_VALUE;
      case BY_ROOM -> drained ? Integer.MAX_VALUE : Math.max(0, capacity - received.size());
      case SHUT -> 0;
    };
  }

  /** Begins a run when there is something to send and it may be sent. */
  private void settle(long when) {
    if (!running && queue.size() > 0 && allowance() > 0) {
      long start = Math.max(when, lastEnd);
      if (start - lastEnd >= gapNanos() && arrived > taken) {
        gaps.add(arrived);
      }
      times.start(start);
      running = true;
    }
  }

  /**
   * Sends bytes behind what is queued, beginning at a time that may have passed: whoever sends may
   * have been woken late.
   */
  void send(byte[] bytes, int offset, int count, long when) {
    queue.put(bytes, offset, count);
    settle(when);
    run(present);
  }

  void gate(Gate wanted) {
    if (gate != wanted) {
      gate = wanted;
      resume();
    }
  }

  /** Whether the receiver takes everything at once, so that its buffer cannot fill. */
  void drained(boolean now) {
    if (drained != now) {
      drained = now;
      resume();
    }
  }

  private void resume() {
    if (running && allowance() == 0) {
      running = false;
      lastEnd = present;
    }
    settle(present);
  }

  /** Changes the speeds at a time; replaces a change that is still to come. */
  void retune(long at, int baud, int halfBits, @Nullable Misreading garbler) {
    change = new Change(at, baud, halfBits, garbler);
    advance(present);
  }

  private void apply(Change next) {
    change = null;
    misreading = next.misreading;
    if (next.baud != times.baud() || next.halfBits != times.halfBits()) {
      times.rate(next.baud, next.halfBits);
      if (running) {
        times.start(Math.max(next.at, times.end(0)));
      }
    }
  }

  /** Takes received bytes. */
  void take(byte[] into, int offset, int count) {
    received.take(into, offset, count);
    taken += count;
    while (!gaps.isEmpty() && gaps.element() <= taken) {
      gaps.remove();
    }
    settle(present);
  }

  /** Whether a gap on the line lies behind the first received bytes. */
  boolean gap() {
    return !gaps.isEmpty();
  }

  /** How many bytes lie before the next gap, or all. */
  int untilGap() {
    Long gap = gaps.peek();
    return gap == null ? received.size() : (int) (gap - taken);
  }

  int received() {
    return received.size();
  }

  int queued() {
    return queue.size();
  }

  /** How many bytes have left the sender since the beginning. */
  long left() {
    return left;
  }

  long lost() {
    return lost;
  }

  boolean garbles() {
    return misreading != null;
  }

  /** Whether the receiver's buffer has room. */
  boolean room() {
    return drained || received.size() < capacity;
  }

  /** Where a byte stands among what is received and what is queued, or −1. */
  int indexOf(byte wanted) {
    int at = received.indexOf(wanted);
    if (at >= 0) {
      return at;
    }
    int behind = queue.indexOf(wanted);
    return behind < 0 ? -1 : received.size() + behind;
  }

  /** When the {@code count}-th queued byte will have arrived as things stand; 0 is the last. */
  long endOf(int count) {
    if (!running) {
      return count == 0 ? lastEnd : NEVER;
    }
    return count > queue.size() || count > allowance() ? NEVER : times.end(count);
  }

  /**
   * When to look for the {@code count}-th queued byte: it has arrived then, or the sender stands,
   * and whoever makes room has to say so.
   */
  long lookFor(int count) {
    return running ? times.end(Math.min(count, allowance())) : NEVER;
  }

  /** When the byte arrived behind which {@code later} bytes have been received since. */
  long arrivalBefore(int later) {
    return running || later > 0 ? Math.min(present, times.end(-later)) : lastEnd;
  }

  /** How long the line must be idle for the receiver to see a gap: ten bytes, at most 1 ms. */
  long gapNanos() {
    return Math.min(10 * times.byteNanos(), 1_000_000);
  }

  /** Lets everything arrive that is under way. */
  void finish() {
    left += queue.size();
    arrived += queue.size();
    queue.move(received, queue.size());
    running = false;
  }

  /** Forgets what was sent and not taken. */
  void clear() {
    left += queue.size();
    taken += received.size();
    queue.clear();
    received.clear();
    gaps.clear();
    running = false;
    lastEnd = present;
  }
}
