package io.espat.sim;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Addresses, names, ping and time. */
final class NetworkCommands {
  /** asctime without its line end; the day is padded with a space. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

  private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(15);

  private final Setup setup;
  private final Firmware firmware;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final Reach reach;
  private final Resolver resolver;
  private final CommandPort port;

  NetworkCommands(Parts parts) {
    setup = parts.setup();
    firmware = setup.firmware();
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    reach = parts.links().reach();
    resolver = parts.resolver();
    port = parts.port();
  }

  void register(CommandTable table) {
    table
        .execute("AT+CIFSR", nothing -> addresses())
        .query("AT+CIPSTAMAC", nothing -> uart.say("+CIPSTAMAC:\"" + Station.MAC + "\"\r\n"))
        .query("AT+CIPSTA", nothing -> station())
        .query("AT+CIPDNS", nothing -> nameServers())
        .setLater("AT+CIPDOMAIN", this::domain)
        .setLater("AT+PING", this::ping)
        .query("AT+CIPSNTPCFG", nothing -> timeServers())
        .set("AT+CIPSNTPCFG", this::timeServers)
        .query("AT+CIPSNTPTIME", nothing -> uart.say("+CIPSNTPTIME:" + time()));
  }

  private String address() {
    return station.joined() ? Station.ADDRESS : "0.0.0.0";
  }

  private void addresses() {
    if (memory.kept().station()) {
      uart.say("+CIFSR:STAIP,\"" + address() + "\"\r\n");
      uart.say("+CIFSR:STAMAC,\"" + Station.MAC + "\"\r\n");
    }
  }

  private void station() {
    boolean joined = station.joined();
    uart.say("+CIPSTA:ip:\"" + address() + "\"\r\n");
    uart.say("+CIPSTA:gateway:\"" + (joined ? Station.GATEWAY : "0.0.0.0") + "\"\r\n");
    uart.say("+CIPSTA:netmask:\"" + (joined ? "255.255.255.0" : "0.0.0.0") + "\"\r\n");
  }

  private void nameServers() {
    uart.say("+CIPDNS:0,\"10.0.2.3\",\"114.114.114.114\",\"8.8.8.8\"\r\n");
  }

  private void domain(Arguments given) throws Refusal {
    given.count(1, firmware.has(Trait.DIAL_TIMEOUT) ? 3 : firmware.has("AT+CIPV6") ? 2 : 1);
    String name = given.text(0);
    int family = given.number(1, 1, 3, 1);
    int millis = given.number(2, 0, 60_000, 0);
    if (!station.joined() || family == 3) {
      throw Refusal.plain();
    }
    lookup(name, millis == 0 ? LOOKUP_LIMIT : Duration.ofMillis(millis), this::resolved);
  }

  /** Asks for a name; without an answer in time the answer is that there is none. */
  private void lookup(String name, Duration limit, Consumer<@Nullable InetAddress> then) {
    Consumer<@Nullable InetAddress> guarded = port.guard(then);
    if (!reach.alive()) {
      loop.after(setup.pace().unheard(), () -> guarded.accept(null));
      return;
    }
    Runnable cancel = loop.after(limit, () -> guarded.accept(null));
    resolver.lookup(
        name,
        address -> {
          cancel.run();
          guarded.accept(address);
        });
  }

  private void resolved(@Nullable InetAddress address) {
    if (address == null) {
      port.refuse(Refusal.word("DNS Fail"));
    } else {
      String quote = firmware.has(Trait.UNQUOTED_DOMAIN) ? "" : "\"";
      uart.say("+CIPDOMAIN:" + quote + address.getHostAddress() + quote + "\r\n");
      port.done();
    }
  }

  private void ping(Arguments given) throws Refusal {
    given.count(1, 1);
    String name = given.text(0, 64);
    if (!station.joined()) {
      throw Refusal.plain();
    }
    lookup(name, LOOKUP_LIMIT, this::pinged);
  }

  /** No echo request is sent: who may be dialled answers. */
  private void pinged(@Nullable InetAddress address) {
    if (address == null || !resolver.allows(address)) {
      uart.say(firmware.has(Trait.LOG_WORDS) ? "+timeout\r\n" : "+PING:TIMEOUT\r\n");
      port.refuse(Refusal.plain());
    } else {
      uart.say(firmware.has(Trait.LOG_WORDS) ? "+1\r\n" : "+PING:1\r\n");
      port.done();
    }
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
    int zone = given.number(1, -1200, 1400, 0);
    List<String> names = new ArrayList<>();
    for (int i = 2; i < given.count(); i++) {
      names.add(given.text(i));
    }
    Settings now = memory.settings();
    now.timeFromNetwork = enabled;
    now.timeZone = Integer.toString(zone);
    now.timeServers =
        names.isEmpty() ? List.of("cn.ntp.org.cn", "ntp.sjtu.edu.cn", "us.pool.ntp.org") : names;
    if (enabled && station.joined()) {
      loop.after(setup.pace().address(), () -> updated(now));
    }
  }

  /** This computer's clock stands for the time servers, which are not asked. */
  private void updated(Settings then) {
    if (memory.settings() == then && then.timeFromNetwork) {
      then.timeKnown = true;
      if (firmware.has(Trait.TELLS_TIME)) {
        uart.say("+TIME_UPDATED\r\n");
      }
    }
  }

  private String time() {
    int zone = Integer.parseInt(memory.settings().timeZone);
    int minutes = Math.abs(zone) > 14 ? zone / 100 * 60 + zone % 100 : zone * 60;
    Instant now = Instant.ofEpochSecond(memory.clock() + minutes * 60L);
    return TIME.format(now.atOffset(ZoneOffset.UTC));
  }
}
