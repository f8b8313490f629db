package io.espat.sim;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opening, closing and listing links, and the modes that concern them all. */
final class LinkCommands {
  private static final int ALL = Firmware.LINKS;

  private final Setup setup;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final Links links;
  private final Resolver resolver;
  private final CommandPort port;
  private final LinkSecurity security;

  LinkCommands(Parts parts) {
    setup = parts.setup();
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    links = parts.links();
    resolver = parts.resolver();
    port = parts.port();
    security = parts.security();
  }

  void register(CommandTable table) {
    table
        .execute("AT+CIPSTATUS", nothing -> status())
        .query("AT+CIPSTATE", nothing -> list("+CIPSTATE:"))
        .setLater("AT+CIPSTART", this::start)
        .setLater("AT+CIPSTARTEX", this::startAnywhere)
        .query("AT+CIPTCPOPT", nothing -> options())
        .set("AT+CIPTCPOPT", this::options)
        .set("AT+CIPCLOSE", this::close)
        .execute("AT+CIPCLOSE", nothing -> closeSingle())
        .query("AT+CIPDINFO", nothing -> uart.say("+CIPDINFO:" + memory.settings().details))
        .set("AT+CIPDINFO", given -> memory.settings().details = BasicCommands.flag(given))
        .query("AT+CIPMUX", nothing -> flag("+CIPMUX:", memory.settings().multiple))
        .set("AT+CIPMUX", this::multiple)
        .query("AT+CIPMODE", nothing -> flag("+CIPMODE:", memory.settings().passthrough))
        .set("AT+CIPMODE", this::mode);
  }

  private void flag(String head, boolean value) {
    uart.say(head + (value ? 1 : 0) + "\r\n");
  }

  private void status() {
    int status = 5;
    if (memory.kept().mode == 0) {
      status = 0;
    } else if (!links.open().isEmpty()) {
      status = 3;
    } else if (!station.joined() && setup.firmware().has(Trait.STATUS_SAYS_LEFT)) {
      status = 5;
    } else if (links.everOpened()) {
      status = 4;
    } else if (station.joined()) {
      status = 2;
    }
    uart.say("STATUS:" + status + "\r\n");
    list("+CIPSTATUS:");
  }

  private void list(String head) {
    for (SimLink link : links.open()) {
      uart.say(
          head
              + link.id()
              + ",\""
              + link.type()
              + "\",\""
              + link.address()
              + "\","
              + link.port()
              + ","
              + link.localPort()
              + (link.accepted() ? ",1\r\n" : ",0\r\n"));
    }
  }

  private void multiple(Arguments given) throws Refusal {
    boolean wanted = BasicCommands.flag(given);
    boolean bound = wanted ? memory.settings().passthrough : links.server().on();
    if (!links.open().isEmpty() || bound) {
      throw Refusal.plain();
    }
    memory.settings().multiple = wanted;
  }

  private void mode(Arguments given) throws Refusal {
    boolean wanted = BasicCommands.flag(given);
    boolean single = setup.firmware().has(Trait.SINGLE_LINK_PASSTHROUGH);
    if (wanted && (links.open().size() > 1 || single && memory.settings().multiple)) {
      throw Refusal.plain();
    }
    Server server = links.server();
    if (wanted && server.on() && (server.limit() > 1 || !links.open().isEmpty())) {
      throw Refusal.plain();
    }
    memory.settings().passthrough = wanted;
  }

  private void start(Arguments given) throws Refusal {
    boolean multiple = memory.settings().multiple;
    int id = multiple ? given.number(0, 0, ALL - 1) : 0;
    start(given, id, multiple ? 1 : 0);
  }

  private void startAnywhere(Arguments given) throws Refusal {
    int id = 0;
    while (memory.settings().multiple && id < ALL - 1 && links.at(id) != null) {
      id++;
    }
    start(given, id, 0);
  }

  /** Dials with the parameters from {@code first} on: type, host, port, keep-alive, and so on. */
  private void start(Arguments given, int id, int first) throws Refusal {
    String type = given.text(first);
    String host = given.text(first + 1, 64);
    int number = given.number(first + 2, 1, 65535);
    int keepAlive = given.number(first + 3, 0, 7200, memory.kept().tcp[id].keepAlive());
    if (given.given(first + 4)) {
      given.text(first + 4);
    }
    int millis = given.number(first + 5, 0, 60_000, 0);
    given.count(first + 3, first + (setup.firmware().has(Trait.DIAL_TIMEOUT) ? 6 : 5));
    if (!type.equals("TCP") && !type.equals("SSL")) {
      throw Refusal.word("Link type ERROR");
    }
    mayDial(id, host);
    LinkSecurity.Security tls = type.equals("SSL") ? security.client(id, host) : null;
    Kept.TcpOptions old = memory.kept().tcp[id];
    memory.kept().tcp[id] =
        new Kept.TcpOptions(old.linger(), old.noDelay(), old.sendTimeout(), keepAlive);
    dial(id, host, number, tls, millis == 0 ? setup.pace().connect() : Duration.ofMillis(millis));
  }

  private void mayDial(int id, String host) throws Refusal {
    if (links.at(id) != null) {
      throw Refusal.word("ALREADY CONNECTED");
    }
    if (!station.joined()) {
      throw Refusal.word("no ip");
    }
    if (host.isEmpty() || memory.settings().passthrough && memory.settings().multiple) {
      throw Refusal.plain();
    }
  }

  private void dial(
      int id, String host, int number, LinkSecurity.@Nullable Security tls, Duration limit) {
    links.reserve(id);
    Duration unheard = setup.pace().unheard();
    boolean dead = !links.reach().alive();
    Runnable timer =
        loop.after(
            dead && unheard.compareTo(limit) < 0 ? unheard : limit, port.guard(() -> expired(id)));
    resolver.lookup(host, port.guard(address -> resolved(id, address, number, tls, timer)));
  }

  /** The limit is the connection's: TLS on it has its own. */
  private void expired(int id) {
    if (links.shakesHands()) {
      return;
    }
    links.abandonDial();
    failed(id, Refusal.plain());
  }

  private void resolved(
      int id,
      @Nullable InetAddress address,
      int number,
      LinkSecurity.@Nullable Security tls,
      Runnable timer) {
    if (address == null || !resolver.allows(address)) {
      timer.run();
      links.reserve(-1);
      port.refuse(address == null ? Refusal.word("DNS Fail") : Refusal.plain());
      return;
    }
    links.reach().whenBack(port.guard(() -> connect(id, address, number, tls, timer)));
  }

  private void connect(
      int id,
      InetAddress address,
      int number,
      LinkSecurity.@Nullable Security tls,
      Runnable timer) {
    if (!links.reach().alive()) {
      return; // the module restarts
    }
    links.dial(
        id,
        address,
        number,
        tls,
        (link, refusal) -> {
          timer.run();
          if (link == null) {
            failed(id, refusal);
          } else {
            connected(link);
          }
        });
  }

  private void failed(int id, Refusal refusal) {
    links.reserve(-1);
    port.refuse(refusal);
    if (setup.firmware().has(Trait.CLOSED_AFTER_FAILED_DIAL)) {
      uart.say((memory.settings().multiple ? id + "," : "") + "CLOSED\r\n");
    }
  }

  private void connected(SimLink link) {
    links.reserve(-1);
    links.sayConnected(link);
    port.done();
  }

  private void closeSingle() throws Refusal {
    SimLink link = links.at(0);
    if (memory.settings().multiple || link == null) {
      throw Refusal.plain();
    }
    links.close(link);
  }

  private void close(Arguments given) throws Refusal {
    given.count(1, 1);
    int id = given.number(0, 0, ALL);
    if (!memory.settings().multiple) {
      throw Refusal.word("MUX=0");
    }
    if (id == ALL) {
      links.open().forEach(links::close);
      return;
    }
    SimLink link = links.at(id);
    if (link == null) {
      throw Refusal.word("UNLINK");
    }
    links.close(link);
  }

  private void options() {
    int count = memory.settings().multiple ? ALL : 1;
    for (int id = 0; id < count; id++) {
      Kept.TcpOptions one = memory.kept().tcp[id];
      uart.say(
          "+CIPTCPOPT:"
              + id
              + ","
              + one.linger()
              + ","
              + (one.noDelay() ? 1 : 0)
              + ","
              + one.sendTimeout()
              + (setup.firmware().has(Trait.KEEP_ALIVE_OPTION) ? "," + one.keepAlive() : "")
              + "\r\n");
    }
  }

  private void options(Arguments given) throws Refusal {
    boolean multiple = memory.settings().multiple;
    int first = multiple ? 1 : 0;
    int id = multiple ? given.number(0, 0, ALL) : 0;
    given.count(first + 1, first + (setup.firmware().has(Trait.KEEP_ALIVE_OPTION) ? 4 : 3));
    int from = id == ALL ? 0 : id;
    int to = id == ALL ? ALL - 1 : id;
    Kept.TcpOptions[] changed = memory.kept().tcp.clone();
    for (int i = from; i <= to; i++) {
      Kept.TcpOptions old = changed[i];
      changed[i] =
          new Kept.TcpOptions(
              given.number(first, -1, 7200, old.linger()),
              given.number(first + 1, 0, 1, old.noDelay() ? 1 : 0) == 1,
              given.number(first + 2, 0, 600_000, old.sendTimeout()),
              given.number(first + 3, 0, 7200, old.keepAlive()));
    }
    System.arraycopy(changed, 0, memory.kept().tcp, 0, ALL);
    memory.store();
  }
}
