package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The conversation about the time that the module has from its network (SNTP). */
final class NetworkTime {
  /** Before this the module only counts from its start, in 1970. */
  private static final Instant KNOWN = Instant.parse("2020-01-01T00:00:00Z");

  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(250);

  /** asctime; the day is padded with a blank. */
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private static final AtCommand STATE = AtCommand.of("AT+CIPSNTPCFG?");
  private static final AtCommand TIME = AtCommand.of("AT+CIPSNTPTIME?");

  private final AtChannel channel;

  NetworkTime(AtChannel channel) {
    this.channel = channel;
  }

  /** Asks until the module knows; what it was told to do about time is as before afterwards. */
  Instant ask(List<String> servers, Deadline deadline) throws IOException {
    boolean asks;
    try (Turn turn = channel.take(deadline, Stop.NEVER)) {
      asks = turn.ask(STATE).value("+CIPSNTPCFG:").orElse("0").startsWith("1");
      if (!asks) {
        turn.ask(settings(servers));
      }
    }
    try {
      return await(deadline);
    } finally {
      if (!asks) {
        try (Turn turn = channel.take()) {
          turn.ask(AtCommand.of("AT+CIPSNTPCFG=0"));
        }
      }
    }
  }

  private static AtCommand settings(List<String> servers) {
    AtCommand.Builder settings = AtCommand.builder("AT+CIPSNTPCFG").with(1).with(0);
    for (String server : servers) {
      settings.with(server);
    }
    return settings.build();
  }

  private Instant await(Deadline deadline) throws IOException {
    while (true) {
      Optional<Instant> now;
      try (Turn turn = channel.take(deadline, Stop.NEVER)) {
        now = now(turn);
      }
      if (now.isPresent()) {
        return now.get();
      }
      if (deadline.passed()) {
        throw new SocketTimeoutException(
            "asking " + channel.name() + " for the time: no time server has answered the module");
      }
      Pause.nanos(Math.min(POLL, Math.max(1, deadline.left())));
      if (Thread.currentThread().isInterrupted()) {
        throw AtChannel.interrupted("waiting for the time");
      }
    }
  }

  private static Optional<Instant> now(Turn turn) throws IOException {
    String zone = zone(turn.ask(STATE).value("+CIPSNTPCFG:").orElse(""));
    String text = turn.ask(TIME).value("+CIPSNTPTIME:").orElse("");
    try {
      Instant local = LocalDateTime.parse(text.strip(), ASCTIME).toInstant(ZoneOffset.UTC);
      return Optional.of(local.minus(offset(zone))).filter(KNOWN::isBefore);
    } catch (DateTimeException e) {
      return Optional.empty(); // "(null)", or another form: as good as not known
    }
  }

  /** The second field of {@code 1,8,"cn.ntp.org.cn",...}. */
  private static String zone(String settings) {
    String[] fields = settings.split(",", -1);
    return fields.length > 1 ? fields[1].strip() : "0";
  }

  /** Whole hours, {@code -12} to {@code 14}, or {@code +hhmm}. */
  static Duration offset(String zone) {
    if (!zone.matches("[+-]?\\d{1,4}")) {
      return Duration.ZERO;
    }
    int value = Integer.parseInt(zone);
    boolean hours = zone.length() < 4 && Math.abs(value) <= 14;
    return hours ? Duration.ofHours(value) : Duration.ofHours(value / 100).plusMinutes(value % 100);
  }
}
