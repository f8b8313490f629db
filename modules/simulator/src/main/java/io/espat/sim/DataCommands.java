package io.espat.sim;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Sending, and receiving in the passive way. */
final class DataCommands {
  private static final int ALL = Firmware.LINKS;

  private final Parts parts;
  private final Setup setup;
  private final Uart uart;
  private final Memory memory;
  private final Links links;
  private final CommandPort port;
  private final Faults faults;

  DataCommands(Parts parts) {
    this.parts = parts;
    setup = parts.setup();
    uart = parts.uart();
    memory = parts.memory();
    links = parts.links();
    port = parts.port();
    faults = parts.faults();
  }

  void register(CommandTable table) {
    table
        .setLater("AT+CIPSEND", given -> send(given, false))
        .setLater("AT+CIPSENDEX", given -> send(given, true))
        .setLater("AT+CIPSENDL", this::sendLong)
        .query("AT+CIPSENDLCFG", nothing -> sizes())
        .set("AT+CIPSENDLCFG", this::sizes)
        .query("AT+CIPRECVMODE", nothing -> uart.say("+CIPRECVMODE:" + type(0) + "\r\n"))
        .setLater("AT+CIPRECVMODE", this::receiveMode)
        .query("AT+CIPRECVTYPE", nothing -> receiveTypes())
        .setLater("AT+CIPRECVTYPE", this::receiveType)
        .setLater("AT+CIPRECVDATA", this::fetch)
        .query("AT+CIPRECVLEN", nothing -> waiting());
  }

  private int linkCount() {
    return memory.settings().multiple ? ALL : 1;
  }

  private int type(int id) {
    return memory.settings().passive[id] ? 1 : 0;
  }

  private void send(Arguments given, boolean escaped) throws Refusal {
    int first = memory.settings().multiple ? 1 : 0;
    if (given.count() == first + 3 && !escaped) {
      sendTo(given, first);
      return;
    }
    int least = setup.firmware().has(Trait.ENDLESS_SEND) ? Integer.MIN_VALUE : 1;
    int count = given.number(leading(given), least, setup.firmware().payloadLimit);
    SimLink link = target(given);
    if (count <= 0) {
      port.prompt(new EndlessSend(port));
    } else {
      port.prompt(new Send(parts, link, count, escaped, limit(link)));
    }
  }

  /** Sends one datagram to a host and a port of its own. */
  private void sendTo(Arguments given, int first) throws Refusal {
    int count = given.number(first, 1, setup.firmware().payloadLimit);
    String host = given.text(first + 1, 64);
    int number = given.number(first + 2, 1, 65535);
    SimLink link = target(given);
    if (!link.type().startsWith("UDP")) {
      throw Refusal.plain();
    }
    Family family = link.type().endsWith("v6") ? Family.V6 : Family.V4;
    parts
        .resolver()
        .lookup(
            host,
            family,
            port.guard(
                address -> {
                  if (address == null || !parts.resolver().allows(address)) {
                    port.refuse(Refusal.plain());
                    return;
                  }
                  InetSocketAddress to = new InetSocketAddress(address, number);
                  port.prompt(new Send(parts, link, count, false, limit(link)).to(to));
                }));
  }

  private void sendLong(Arguments given) throws Refusal {
    int count = given.number(leading(given), 1, Integer.MAX_VALUE);
    SimLink link = target(given);
    LongSend.Sizes sizes = memory.settings().longSend;
    port.prompt(new LongSend(parts, link, count, sizes, limit(link)));
  }

  /** Where the length stands, once the number of parameters was found right. */
  private int leading(Arguments given) throws Refusal {
    int first = memory.settings().multiple ? 1 : 0;
    given.count(first + 1, first + 1);
    return first;
  }

  private SimLink target(Arguments given) throws Refusal {
    int id = memory.settings().multiple ? given.number(0, 0, ALL - 1) : 0;
    SimLink link = links.at(id);
    if (link == null) {
      throw Refusal.word("link is not valid");
    }
    if (memory.settings().passthrough) {
      throw Refusal.plain();
    }
    return link;
  }

  private Duration limit(SimLink link) {
    return Duration.ofMillis(memory.kept().tcp[link.id()].sendTimeout());
  }

  private void sizes() {
    LongSend.Sizes now = memory.settings().longSend;
    uart.say("+CIPSENDLCFG:" + now.report() + "," + now.block() + "\r\n");
  }

  private void sizes(Arguments given) throws Refusal {
    given.count(1, 2);
    LongSend.Sizes old = memory.settings().longSend;
    int report = given.number(0, 100, 1 << 20);
    int block = given.number(1, 100, 2920, old.block());
    memory.settings().longSend = new LongSend.Sizes(report, block);
  }

  private void receiveMode(Arguments given) throws Refusal {
    boolean passive = BasicCommands.flag(given);
    receive(0, ALL - 1, passive);
  }

  private void receiveTypes() {
    StringBuilder lines = new StringBuilder();
    for (int id = 0; id < linkCount(); id++) {
      lines.append("+CIPRECVTYPE:").append(id).append(',').append(type(id)).append("\r\n");
    }
    uart.say(lines.toString());
  }

  private void receiveType(Arguments given) throws Refusal {
    int first = memory.settings().multiple ? 1 : 0;
    given.count(first + 1, first + 1);
    int id = first == 0 ? 0 : given.number(0, 0, ALL);
    boolean passive = given.number(first, 0, 1) == 1;
    receive(id == ALL ? 0 : id, id == ALL ? ALL - 1 : id, passive);
  }

  /** Switches links; what waits on one that becomes active is pushed before or after the OK. */
  private void receive(int from, int to, boolean passive) throws Refusal {
    if (memory.settings().passthrough) {
      throw Refusal.plain();
    }
    Arrays.fill(memory.settings().passive, from, to + 1, passive);
    if (setup.firmware().has(Trait.OK_BEFORE_PUSH)) {
      port.done();
      links.pushAll();
    } else {
      links.pushAll();
      port.done();
    }
  }

  private void fetch(Arguments given) throws Refusal {
    int first = memory.settings().multiple ? 1 : 0;
    given.count(first + 1, first + 1);
    int id = first == 0 ? 0 : given.number(0, 0, ALL - 1);
    int count = given.number(first, 1, setup.firmware().readLimit);
    SimLink link = links.readable(id);
    if (link == null || link.unread() == 0) {
      nothing(link);
      return;
    }
    byte[] data = link.take(count);
    String details =
        memory.settings().details ? links.words().details(link).substring(1) + "," : "";
    String head =
        setup.firmware().has(Trait.COMMA_BEFORE_COUNT)
            ? "+CIPRECVDATA," + data.length + ":"
            : "+CIPRECVDATA:" + data.length + "," + details;
    uart.say(head, data, data.length, "");
    if (faults.strike(Fault.CLOSED_IN_READ) != null) {
      links.breakOff(link);
    }
    port.done();
    if (link.unread() > 0) {
      links.announce(link);
    } else {
      links.finishIfDrained(link);
    }
  }

  /** Refuses; a closing record that was taken for data is found out now, and the link ends. */
  private void nothing(@Nullable SimLink link) {
    port.refuse(Refusal.plain());
    if (link != null) {
      link.dropTail();
      links.finishIfDrained(link);
    }
  }

  private void waiting() {
    StringBuilder counts = new StringBuilder("+CIPRECVLEN:");
    for (int id = 0; id < linkCount(); id++) {
      SimLink link = links.readable(id);
      int closed = setup.firmware().has(Trait.CLOSED_LENGTH_MINUS_ONE) ? -1 : 0;
      counts.append(id == 0 ? "" : ",").append(link == null ? closed : link.readable());
    }
    uart.say(counts.append("\r\n").toString());
  }
}
