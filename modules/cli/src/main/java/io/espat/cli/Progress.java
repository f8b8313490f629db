package io.espat.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Tells how far a transfer is: as a bar that is redrawn, or as a plain line each 10 % or 10 s, at
 * most one a second.
 *
 * <p>Used by one thread at a time. A progress that is never told the end leaves no bar behind,
 * because {@link Output} clears it before the next line.
 */
final class Progress {
  /** Where the lines go. */
  interface Sink {
    /** Replaces the bar that is shown. */
    void bar(String line);

    /** Prints a line that stays. */
    void line(String line);
  }

  private static final int BAR_WIDTH = 17;
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long PLAIN_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration WORTH_SAYING = Duration.ofSeconds(10);

  // One start bit, eight data bits, one stop bit.
  private static final int BITS_PER_BYTE = 10;

  /** In percent; buffers on the way make a real line look a little faster than it is at first. */
  private static final int MOST_SHARE = 150;

  private final String name;
  private final long baud;
  private final boolean asBar;
  private final LongSupplier nanoTime;
  private final Sink sink;
  private final long start;
  private long lastShown;
  private long lastTenth;

  /** {@code baud} is the rate of the serial line, 0 when there is none to compare with. */
  Progress(String name, long baud, boolean asBar, LongSupplier nanoTime, Sink sink) {
    this.name = Escape.line(name);
    this.baud = baud;
    this.asBar = asBar;
    this.nanoTime = nanoTime;
    this.sink = sink;
    this.start = nanoTime.getAsLong();
    this.lastShown = start;
  }

  /** Says beforehand how long it will take at least, where the line's rate is known. */
  void estimate(long total) {
    if (baud <= 0 || total < 0) return;
    Duration least = Duration.ofSeconds(total * BITS_PER_BYTE / baud);
    if (least.compareTo(WORTH_SAYING) < 0) return;
    sink.line(
        name
            + ": "
            + Amount.bytes(total)
            + ", at least "
            + Amount.clock(least)
            + " at "
            + baud
            + " Bd");
  }

  /**
   * Notes that {@code bytes} of {@code total} have gone; {@code total} is negative when unknown.
   */
  void update(long bytes, long total) {
    long now = nanoTime.getAsLong();
    long tenth = total > 0 ? bytes * 10 / total : 0;
    boolean due =
        asBar
            ? now - lastShown >= REDRAW_NANOS || bytes == total
            : now - lastShown >= PLAIN_NANOS
                || tenth > lastTenth && now - lastShown >= PLAIN_PAUSE_NANOS;
    if (!due) return;
    lastShown = now;
    lastTenth = tenth;
    String line = line(bytes, total, Duration.ofNanos(now - start));
    if (asBar) {
      sink.bar(line);
    } else {
      sink.line(line);
    }
  }

  private String line(long bytes, long total, Duration elapsed) {
    double seconds = Math.max(1, elapsed.toMillis()) / 1000.0;
    double rate = bytes / seconds;
    StringBuilder line = new StringBuilder(name);
    if (total > 0) {
      line.append(String.format(Locale.ROOT, "  %3d %%  ", bytes * 100 / total));
      if (asBar) line.append(bar(bytes, total)).append(' ');
      line.append(Amount.bytesOf(bytes, total));
    } else {
      line.append("  ").append(Amount.bytes(bytes));
    }
    line.append("  ").append(Amount.rate(rate));
    // Faster than its line: a line without a rate of its own (native USB, a pseudo-terminal).
    if (baud > 0 && share(rate) <= MOST_SHARE) {
      line.append(String.format(Locale.ROOT, "  %.0f %% of %d Bd", share(rate), baud));
    }
    if (total > bytes && rate > 0) {
      Duration left = Duration.ofSeconds(Math.round((total - bytes) / rate));
      line.append("  ").append(Amount.clock(left)).append(" left");
    }
    return line.toString();
  }

  private double share(double rate) {
    return rate * BITS_PER_BYTE * 100 / baud;
  }

  private static String bar(long bytes, long total) {
    int full = (int) (bytes * BAR_WIDTH / total);
    return "#".repeat(full) + ".".repeat(BAR_WIDTH - full);
  }
}
