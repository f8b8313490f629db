package io.espat.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The time, which the network tells. */
final class TimeCommands {
  /** asctime without its line end; the day is padded with a space. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private final Setup setup;
  private final Firmware firmware;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final Links links;
  private Runnable cancelUpdate = () -> {};

  TimeCommands(Parts parts) {
    setup = parts.setup();
    firmware = setup.firmware();
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    links = parts.links();
  }

  void register(CommandTable table) {
    table
        .query("AT+CIPSNTPCFG", nothing -> timeServers())
        .set("AT+CIPSNTPCFG", this::timeServers)
        .query("AT+CIPSNTPINTV", nothing -> interval())
        .set("AT+CIPSNTPINTV", this::interval)
        .query("AT+CIPSNTPTIME", nothing -> uart.say("+CIPSNTPTIME:" + time()));
  }

  private void interval() {
    uart.say("+CIPSNTPINTV:" + memory.settings().timeInterval + "\r\n");
  }

  private void timeServers() {
    Settings now = memory.settings();
    StringBuilder line = new StringBuilder("+CIPSNTPCFG:");
    line.append(now.timeFromNetwork ? 1 : 0);
    if (now.timeFromNetwork || !firmware.has(Trait.NO_TIME_NO_ZONE)) {
      line.append(',').append(now.timeZone);
    }
    if (now.timeFromNetwork) {
      now.timeServers.forEach(name -> line.append(",\"").append(name).append('"'));
    }
    uart.say(line.append("\r\n").toString());
  }

  private void timeServers(Arguments given) throws Refusal {
    given.count(1, 5);
    boolean enabled = given.number(0, 0, 1) == 1;
    int zone = given.signed(1, -1200, 1400, 0);
    List<String> names = new ArrayList<>();
    for (int i = 2; i < given.count(); i++) {
      names.add(given.text(i));
    }
    Settings now = memory.settings();
    now.timeFromNetwork = enabled;
    now.timeZone = Integer.toString(zone);
    now.timeServers =
        names.isEmpty() ? List.of("cn.ntp.org.cn", "ntp.sjtu.edu.cn", "us.pool.ntp.org") : names;
    cancelUpdate.run();
    if (enabled && station.joined()) {
      cancelUpdate = loop.after(setup.pace().address(), () -> updated(now));
    }
  }

  /** How many seconds lie between two times that the servers are asked. */
  private void interval(Arguments given) throws Refusal {
    given.count(1, 1);
    memory.settings().timeInterval = given.number(0, 15, 4_294_967);
  }

  /** This computer's clock stands for the time servers, which are not asked. */
  private void updated(Settings then) {
    if (memory.settings() == then && then.timeFromNetwork) {
      then.timeKnown = true;
      if (firmware.has(Trait.TELLS_TIME)) {
        links.words().status("+TIME_UPDATED\r\n");
      }
      Duration interval = Duration.ofSeconds(then.timeInterval);
      cancelUpdate = loop.after(interval, () -> updated(then));
    }
  }

  private String time() {
    int zone = Integer.parseInt(memory.settings().timeZone);
    int minutes = Math.abs(zone) > 14 ? zone / 100 * 60 + zone % 100 : zone * 60;
    Instant now = Instant.ofEpochSecond(memory.clock() + minutes * 60L);
    return TIME.format(now.atOffset(ZoneOffset.UTC));
  }
}
