package io.espat.cli;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and times the way people read them; decimal units, as line rates have. */
final class Amount {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

  private Amount() {}

  /** Such as {@code 999 B}, {@code 3.0 MB} or {@code 71 kB}. */
  static String bytes(long count) {
    int unit = unit(count);
    return scaled(count, unit) + " " + UNITS[unit];
  }

  /** Such as {@code 1.2/3.0 MB}: both in the unit of the whole. */
  static String bytesOf(long count, long total) {
    int unit = unit(total);
    return scaled(count, unit) + "/" + scaled(total, unit) + " " + UNITS[unit];
  }

  /** Such as {@code 71 kB/s}. */
  static String rate(double bytesPerSecond) {
    return bytes(Math.round(bytesPerSecond)) + "/s";
  }

  /** Such as {@code 12 ms}, {@code 3.0 s} or {@code 2:05 min}. */
  static String time(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) return millis + " ms";
    if (millis < 60_000) return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    return clock(duration) + " min";
  }

  /** Minutes and seconds, such as {@code 0:25}. */
  static String clock(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }

  private static int unit(long count) {
    int unit = 0;
    for (long rest = count; rest >= 1000 && unit < UNITS.length - 1; rest /= 1000) unit++;
    return unit;
  }

  private static String scaled(long count, int unit) {
    double value = count / Math.pow(1000, unit);
    return String.format(Locale.ROOT, unit > 0 && value < 10 ? "%.1f" : "%.0f", value);
  }
}
