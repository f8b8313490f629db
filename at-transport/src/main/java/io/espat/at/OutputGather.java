package io.espat.at;

import java.util.ArrayList;
import java.util.List;

/**
 * Output that waits to be worth a send: each costs two round trips on the serial line.
 *
 * <p>It is due when asked for ({@link #urge}), when a full send is held, or some time after the
 * last byte was added. A send is announced first and then taken piece by piece, so that what has
 * left makes room at once. Guarded by the lock of all links.
 */
final class OutputGather {
  private final Chunks pool;
  private final int full;
  private final int capacity;
  private final List<byte[]> chunks = new ArrayList<>();
  private int first; // where the first chunk's bytes begin
  private int total;
  private int announced; // of total, at its front
  private boolean urgent;
  private long lastAdded;

  /**
   * Is due with {@code full} bytes and takes {@code capacity}, those of a running send included.
   */
  OutputGather(Chunks pool, int full, int capacity) {
    this.pool = pool;
    this.full = full;
    this.capacity = capacity;
  }

  /** Returns how many bytes wait for a send of their own. */
  int held() {
    return total - announced;
  }

  /** Returns how many bytes are here, those of a running send that are still to be taken too. */
  int left() {
    return total;
  }

  /** Appends as many bytes as fit; returns how many. */
  int add(byte[] bytes, int offset, int count, long now) {
    int run = Math.min(count, capacity - total);
    for (int done = 0; done < run; ) {
      int end = first + total;
      if (end == chunks.size() * Chunks.SIZE) {
        chunks.add(pool.take());
      }
      int at = end % Chunks.SIZE;
      int piece = Math.min(run - done, Chunks.SIZE - at);
      System.arraycopy(bytes, offset + done, chunks.get(end / Chunks.SIZE), at, piece);
      total += piece;
      done += piece;
    }
    if (run > 0) {
      lastAdded = now;
    }
    return run;
  }

  /** Says that what is held must leave now. */
  void urge() {
    urgent = held() > 0;
  }

  /** Returns the nanoseconds until a send is due: zero or less is now, MAX_VALUE is never. */
  long dueIn(long now, long gatherNanos) {
    if (held() == 0) {
      return Long.MAX_VALUE;
    }
    return urgent || held() >= full ? 0 : lastAdded + gatherNanos - now;
  }

  /**
   * Fixes the next send, once the one before was taken to its end: at most that many bytes, and
   * never with {@code +++} at its end.
   */
  int announce(int most) {
    announced = cut(Math.min(total, most));
    urgent &= held() > 0;
    return announced;
  }

  /**
   * Shortens a send until it does not end in {@code +++}, which the firmware takes for a cancel
   * when its UART happens to deliver the three alone (seen with 2.1 and 4.2 behind 128, 256, 1024
   * bytes).
   */
  private int cut(int count) {
    int pluses = 0;
    while (pluses < count && at(count - 1 - pluses) == '+') {
      pluses++;
    }
    return pluses < 3 ? count : count - pluses + 2;
  }

  /**
   * Takes the next piece of the announced send: about {@code most} bytes, empty when there are no
   * more.
   *
   * <p>The line may pause between two pieces, and the module take what stands there alone. So three
   * or more pluses in a row stay within a piece: it is shorter for that, or longer where the row is
   * longer than a piece.
   */
  byte[] piece(int most) {
    byte[] piece = new byte[seam(Math.min(most, announced))];
    for (int done = 0; done < piece.length; ) {
      byte[] chunk = chunks.get(0);
      int run = Math.min(piece.length - done, Chunks.SIZE - first);
      System.arraycopy(chunk, first, piece, done, run);
      done += run;
      skip(run);
    }
    return piece;
  }

  private void skip(int run) {
    first += run;
    total -= run;
    announced -= run;
    if (first == Chunks.SIZE || total == 0) {
      pool.give(chunks.remove(0));
      first = 0;
    }
  }

  /** Finds a place where the send may be parted, at best there. */
  private int seam(int wanted) {
    int seam = wanted;
    while (seam > 0 && seam < announced && isAmongPluses(seam)) {
      seam--;
    }
    if (seam == 0) {
      seam = wanted;
      while (seam < announced && isAmongPluses(seam)) {
        seam++;
      }
    }
    return seam;
  }

  private boolean isAmongPluses(int seam) {
    int start = seam;
    while (start > 0 && seam - start < 3 && at(start - 1) == '+') {
      start--;
    }
    int end = seam;
    while (end < announced && end - start < 3 && at(end) == '+') {
      end++;
    }
    return end - start >= 3;
  }

  private byte at(int index) {
    int at = first + index;
    return chunks.get(at / Chunks.SIZE)[at % Chunks.SIZE];
  }

  /** Drops everything, the rest of a running send too; returns how many bytes were held. */
  int drop() {
    int dropped = held();
    chunks.forEach(pool::give);
    chunks.clear();
    first = 0;
    total = 0;
    announced = 0;
    urgent = false;
    return dropped;
  }
}
