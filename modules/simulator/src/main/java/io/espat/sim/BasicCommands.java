package io.espat.sim;

/** {@code AT}, echo, identity, restart and the settings of the system. */
final class BasicCommands {
  private final Setup setup;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final CommandTable table;

  BasicCommands(Parts parts, CommandTable table) {
    setup = parts.setup();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    this.table = table;
  }

  void register() {
    table
        .execute("AT", nothing -> {})
        .execute("ATE0", nothing -> memory.settings().echo = false)
        .execute("ATE1", nothing -> memory.settings().echo = true)
        .executeLater("AT+RST", nothing -> station.restart(false))
        .execute("AT+GMR", nothing -> version())
        .query("AT+CMD", nothing -> uart.say(table.listing()))
        .query("AT+SYSTIMESTAMP", nothing -> uart.say("+SYSTIMESTAMP:" + memory.clock()))
        .set("AT+SYSTIMESTAMP", this::timestamp)
        .query("AT+SLEEP", nothing -> uart.say("+SLEEP:" + memory.settings().sleep + "\r\n"))
        .set("AT+SLEEP", this::sleep)
        .executeLater("AT+RESTORE", nothing -> station.restart(true))
        .query("AT+SYSRAM", nothing -> uart.say("+SYSRAM:131452,127304"))
        .set("AT+SYSRAM", this::memoryOfKind)
        .query("AT+SYSMSG", nothing -> uart.say("+SYSMSG:" + memory.kept().statusMessages))
        .set("AT+SYSMSG", this::statusMessages)
        .query("AT+SYSLOG", nothing -> flag("+SYSLOG:", memory.settings().errorCodes))
        .set("AT+SYSLOG", given -> memory.settings().errorCodes = flag(given))
        .query("AT+SYSSTORE", nothing -> flag("+SYSSTORE:", memory.settings().stores))
        .set("AT+SYSSTORE", given -> memory.settings().stores = flag(given));
    registerUart("AT+UART", true);
    registerUart("AT+UART_CUR", false);
    registerUart("AT+UART_DEF", true);
  }

  private void registerUart(String name, boolean stored) {
    String head = "+" + name.substring(3) + ":";
    table
        .query(name, nothing -> uart.say(head + serial(name) + "\r\n"))
        .set(name, given -> serial(given, stored));
  }

  private void flag(String head, boolean value) {
    uart.say(head + (value ? 1 : 0) + "\r\n");
  }

  static boolean flag(Arguments given) throws Refusal {
    given.count(1, 1);
    return given.number(0, 0, 1) == 1;
  }

  private void version() {
    uart.say(String.join("\r\n", setup.firmware().versionLines) + "\r\n");
  }

  private void timestamp(Arguments given) throws Refusal {
    given.count(1, 1);
    memory.setClock(given.number(0, 0, Integer.MAX_VALUE));
  }

  private void sleep(Arguments given) throws Refusal {
    given.count(1, 1);
    memory.settings().sleep = given.number(0, 0, 3);
  }

  /** Free bytes, the fewest ever, the largest block and all of one kind of memory. */
  private void memoryOfKind(Arguments given) throws Refusal {
    given.count(1, 1);
    if (given.number(0) <= 0) {
      throw Refusal.plain();
    }
    uart.say("+SYSRAM:131452,127304,110592,262144");
  }

  private void statusMessages(Arguments given) throws Refusal {
    given.count(1, 1);
    memory.kept().statusMessages = given.number(0, 0, 7);
    memory.store();
  }

  /** The running rate is the divider's, the stored one is what was asked for. */
  private String serial(String name) {
    Settings.UartSetting current = memory.settings().uart;
    Settings.UartSetting stored = memory.kept().uart;
    return name.endsWith("_DEF")
        ? stored.listed(stored.baud())
        : current.listed(current.realBaud(setup.firmware()));
  }

  private void serial(Arguments given, boolean stored) throws Refusal {
    given.count(5, 5);
    Settings.UartSetting wanted =
        new Settings.UartSetting(
            given.number(0, 80, 5_000_000),
            given.number(1, 5, 8),
            given.number(2, 1, 3),
            given.number(3, 0, 2),
            given.number(4, 0, 3));
    memory.settings().uart = wanted;
    if (stored) {
      memory.storeAlways(kept -> kept.uart = wanted);
    }
  }
}
