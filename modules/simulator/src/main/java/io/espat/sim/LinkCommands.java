package io.espat.sim;

import java.util.Arrays;

/** Closing and listing links, and the modes that concern them all. */
final class LinkCommands {
  private static final int ALL = Firmware.LINKS;

  private final Setup setup;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final Links links;

  LinkCommands(Parts parts) {
    setup = parts.setup();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    links = parts.links();
  }

  void register(CommandTable table) {
    table
        .execute("AT+CIPSTATUS", nothing -> status())
        .query("AT+CIPSTATE", nothing -> list("+CIPSTATE:"))
        .query("AT+CIPTCPOPT", nothing -> options())
        .set("AT+CIPTCPOPT", this::options)
        .set("AT+CIPCLOSE", this::close)
        .execute("AT+CIPCLOSE", nothing -> closeSingle())
        .query("AT+CIPDINFO", nothing -> uart.say("+CIPDINFO:" + memory.settings().details))
        .set("AT+CIPDINFO", given -> memory.settings().details = BasicCommands.flag(given))
        .query("AT+CIPMUX", nothing -> flag("+CIPMUX:", memory.settings().multiple))
        .set("AT+CIPMUX", this::multiple)
        .query("AT+CIPMODE", nothing -> flag("+CIPMODE:", memory.settings().passthrough))
        .set("AT+CIPMODE", this::mode)
        .query("AT+CIPCONNPERSIST", nothing -> persistence())
        .set("AT+CIPCONNPERSIST", this::persistence);
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

  private void persistence() {
    int count = memory.settings().multiple ? ALL : 1;
    StringBuilder values = new StringBuilder();
    for (int id = 0; id < count; id++) {
      values.append(id == 0 ? "" : ",").append(memory.settings().persistent[id] ? 1 : 0);
    }
    uart.say("+CIPCONNPERSIST:" + values + "\r\n");
  }

  /** Whether a link outlives the loss of the station's network. */
  private void persistence(Arguments given) throws Refusal {
    int first = memory.settings().multiple ? 1 : 0;
    given.count(first + 1, first + 1);
    int id = first == 0 ? 0 : given.number(0, 0, ALL);
    boolean wanted = given.number(first, 0, 1) == 1;
    int to = id == ALL ? ALL : id + 1;
    Arrays.fill(memory.settings().persistent, id == ALL ? 0 : id, to, wanted);
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
