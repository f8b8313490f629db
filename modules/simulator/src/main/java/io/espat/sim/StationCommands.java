package io.espat.sim;

/** How the station behaves by itself and how it is shown: joining, DHCP, host name, scans. */
final class StationCommands {
  private final Setup setup;
  private final Uart uart;
  private final Memory memory;

  StationCommands(Parts parts) {
    setup = parts.setup();
    uart = parts.uart();
    memory = parts.memory();
  }

  void register(CommandTable table) {
    table
        .query("AT+CWRECONNCFG", nothing -> rejoining())
        .set("AT+CWRECONNCFG", this::rejoining)
        .set("AT+CWLAPOPT", this::scanOptions)
        .query("AT+CWDHCP", nothing -> uart.say("+CWDHCP:" + memory.kept().dhcp))
        .set("AT+CWDHCP", this::dhcp)
        .query("AT+CWAUTOCONN", nothing -> joinsByItself())
        .set("AT+CWAUTOCONN", this::joinsByItself)
        .query("AT+CWHOSTNAME", nothing -> hostName())
        .set("AT+CWHOSTNAME", this::hostName)
        .query("AT+USERRAM", nothing -> uart.say("+USERRAM:" + memory.settings().userRam + "\r\n"))
        .set("AT+USERRAM", this::userRam);
  }

  private void rejoining() {
    Kept kept = memory.kept();
    uart.say("+CWRECONNCFG:" + kept.rejoinInterval + "," + kept.rejoinCount + "\r\n");
  }

  private void rejoining(Arguments given) throws Refusal {
    given.count(2, 2);
    int interval = given.number(0, 0, 7200);
    memory.kept().rejoinCount = given.number(1, 0, 1000);
    memory.kept().rejoinInterval = interval;
    memory.store();
  }

  /** The first parameter is reserved; before it was, it sorted. */
  private void scanOptions(Arguments given) throws Refusal {
    given.count(2, 4);
    given.number(0, 0, 1);
    int fields = given.number(1, 0, 0x7FF);
    int weakest = given.number(2, -100, 40, -100);
    given.number(3, 0, 0xFFFF, 0xFFFF); // which kinds of security: all are shown
    memory.settings().scanFields = fields;
    memory.settings().weakestShown = weakest;
  }

  /** Only remembered: the address is the same in either case. */
  private void dhcp(Arguments given) throws Refusal {
    given.count(2, 2);
    boolean on = given.number(0, 0, 1) == 1;
    int interfaces = given.number(1, 0, 3);
    memory.kept().dhcp = on ? memory.kept().dhcp | interfaces : memory.kept().dhcp & ~interfaces;
    memory.store();
  }

  private void joinsByItself() {
    uart.say("+CWAUTOCONN:" + (memory.kept().joinsByItself ? 1 : 0));
  }

  private void joinsByItself(Arguments given) throws Refusal {
    boolean wanted = BasicCommands.flag(given);
    memory.storeAlways(kept -> kept.joinsByItself = wanted);
  }

  private void hostName() {
    uart.say("+CWHOSTNAME:" + memory.settings().hostName + "\r\n");
  }

  private void hostName(Arguments given) throws Refusal {
    given.count(1, 1);
    String name = given.text(0, 32);
    if (!memory.kept().station()) {
      throw Refusal.plain();
    }
    memory.settings().hostName = name;
  }

  /** Takes memory from the heap or gives it back; what stands in it is nobody's business here. */
  private void userRam(Arguments given) throws Refusal {
    boolean take = given.number(0, 0, 1) == 1;
    given.count(take ? 2 : 1, take ? 2 : 1);
    int size = take ? given.number(1, 1, 16 << 10) : 0;
    if (take == memory.settings().userRam > 0) {
      throw Refusal.plain();
    }
    memory.settings().userRam = size;
  }
}
