package io.espat.sim;

import java.util.StringJoiner;

/** The station: mode, join, leave, scan, state. */
final class WifiCommands {
  private static final int CWMODE_OUT_OF_RANGE = 0x01070001;
  private static final int STRENGTH = -21; // dBm

  private final Setup setup;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final CommandPort port;

  WifiCommands(Parts parts) {
    setup = parts.setup();
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    port = parts.port();
  }

  void register(CommandTable table) {
    table
        .query("AT+CWSTATE", nothing -> state())
        .executeLater("AT+CWJAP", nothing -> rejoin())
        .setLater("AT+CWLAP", this::scanFor)
        .executeLater("AT+CWLAP", nothing -> scan(""))
        .executeLater("AT+CWQAP", nothing -> station.leave());
    registerStored(table, "", true);
    registerStored(table, "_CUR", false);
    registerStored(table, "_DEF", true);
  }

  /** NonOS has these commands once more for each answer to whether they write flash. */
  private void registerStored(CommandTable table, String ending, boolean stored) {
    String mode = "CWMODE" + ending;
    String join = "CWJAP" + ending;
    table
        .query("AT+" + mode, nothing -> uart.say("+" + mode + ":" + memory.kept().mode + "\r\n"))
        .setLater("AT+" + mode, given -> mode(given, stored))
        .query("AT+" + join, nothing -> joined("+" + join + ":"))
        .setLater("AT+" + join, given -> join(given, stored));
  }

  private void store(boolean stored) {
    if (stored) {
      memory.store();
    }
  }

  private void mode(Arguments given, boolean stored) throws Refusal {
    given.count(1, 2);
    long mode = given.number(0);
    if (mode < 0 || mode > 3) {
      throw Refusal.code(CWMODE_OUT_OF_RANGE);
    }
    given.number(1, 0, 1, 1); // auto-connect: joining again at start is always on here
    memory.kept().mode = (int) mode;
    store(stored);
    station.modeChanged();
  }

  private void state() {
    String ssid = memory.kept().ssid;
    int apart = station.awaitsAddress() ? 1 : station.rejoining() ? 3 : ssid.isEmpty() ? 0 : 4;
    int state = station.joined() ? 2 : apart;
    uart.say("+CWSTATE:" + state + ",\"" + ssid + "\"\r\n");
  }

  private void joined(String head) {
    boolean words = setup.firmware().has(Trait.LOG_WORDS);
    Network network = station.current();
    if (network != null) {
      uart.say(
          head
              + "\""
              + network.ssid()
              + "\",\""
              + station.bssid(network)
              + "\","
              + station.channel(network)
              + ","
              + STRENGTH
              + (words ? "" : ",0,1,3,0,1")
              + "\r\n");
    } else if (words) {
      uart.say("No AP\r\n");
    }
  }

  private void join(Arguments given, boolean stored) throws Refusal {
    given.count(1, 9);
    String ssid = given.text(0, 32);
    String passphrase = given.given(1) ? given.text(1, 64) : "";
    if (given.given(2)) {
      given.text(2, 17);
    }
    given.number(4, 0, 7200, 1);
    given.number(5, 1, 100, 3);
    given.number(6, 0, 1, 0);
    given.number(7, 3, 600, 15);
    given.number(8, 0, 3, 1);
    if (!memory.kept().station() || ssid.isEmpty()) {
      throw Refusal.plain();
    }
    memory.kept().ssid = ssid;
    memory.kept().passphrase = passphrase;
    store(stored); // before the outcome is known, as recorded
    station.join();
  }

  private void rejoin() throws Refusal {
    if (!memory.kept().station() || memory.kept().ssid.isEmpty()) {
      throw Refusal.plain();
    }
    station.join();
  }

  private void scanFor(Arguments given) throws Refusal {
    scan(given.given(0) ? given.text(0, 32) : "");
  }

  private void scan(String wanted) throws Refusal {
    if (!memory.kept().station()) {
      throw Refusal.plain();
    }
    loop.after(setup.pace().scan(), port.guard(() -> scanned(wanted)));
  }

  private void scanned(String wanted) {
    StringBuilder lines = new StringBuilder();
    for (Network network : station.range()) {
      if (wanted.isEmpty() || wanted.equals(network.ssid())) {
        lines.append(listed(network));
      }
    }
    uart.say(lines.toString());
    port.done();
  }

  private String listed(Network network) {
    if (STRENGTH < memory.settings().weakestShown) {
      return "";
    }
    int cipher = network.open() ? 0 : 4;
    Object[] fields = {
      network.open() ? 0 : 3,
      '"' + network.ssid() + '"',
      STRENGTH,
      '"' + station.bssid(network) + '"',
      station.channel(network),
      -1,
      -1,
      cipher,
      cipher,
      3,
      0
    };
    StringJoiner shown = new StringJoiner(",", "+CWLAP:(", ")\r\n");
    for (int i = 0; i < fields.length; i++) {
      if ((memory.settings().scanFields >> i & 1) != 0) {
        shown.add(fields[i].toString());
      }
    }
    return shown.toString();
  }
}
