package io.espat.sim;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Names and ping. */
final class NetworkCommands {
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
    table.setLater("AT+CIPDOMAIN", this::domain).setLater("AT+PING", this::ping);
  }

  private void domain(Arguments given) throws Refusal {
    given.count(1, firmware.has(Trait.DIAL_TIMEOUT) ? 3 : firmware.has("AT+CIPV6") ? 2 : 1);
    String name = given.text(0);
    Family family = family(given.number(1, 1, 3, 1));
    int millis = given.number(2, 0, 60_000, 0);
    if (!station.joined() || family == Family.V6 && !memory.kept().six) {
      throw Refusal.plain();
    }
    lookup(name, family, millis == 0 ? LOOKUP_LIMIT : Duration.ofMillis(millis), this::resolved);
  }

  /** What a number of {@code AT+CIPDOMAIN} means: 1 IPv4 first, 2 only IPv4, 3 only IPv6. */
  private Family family(int number) {
    if (number == 1) {
      return memory.kept().six ? Family.ANY : Family.V4;
    }
    return number == 2 ? Family.V4 : Family.V6;
  }

  /** Asks for a name; without an answer in time the answer is that there is none. */
  private void lookup(
      String name, Family family, Duration limit, Consumer<@Nullable InetAddress> then) {
    Consumer<@Nullable InetAddress> guarded = port.guard(then);
    if (!reach.alive()) {
      loop.after(setup.pace().unheard(), () -> guarded.accept(null));
      return;
    }
    Runnable cancel = loop.after(limit, () -> guarded.accept(null));
    resolver.lookup(
        name,
        family,
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
      uart.say("+CIPDOMAIN:" + quote + Family.text(address) + quote + "\r\n");
      port.done();
    }
  }

  private void ping(Arguments given) throws Refusal {
    given.count(1, 1);
    String name = given.text(0, 64);
    if (!station.joined()) {
      throw Refusal.plain();
    }
    lookup(name, family(1), LOOKUP_LIMIT, this::pinged);
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
}
