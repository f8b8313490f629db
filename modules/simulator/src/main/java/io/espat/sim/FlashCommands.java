package io.espat.sim;

/** {@code AT+SYSFLASH}: partitions listed, erased, written and read. */
final class FlashCommands {
  private static final int LONGEST_READ = 8192;

  private final Setup setup;
  private final Uart uart;
  private final CommandPort port;
  private final Flash flash = new Flash();

  FlashCommands(Parts parts) {
    setup = parts.setup();
    uart = parts.uart();
    port = parts.port();
  }

  void register(CommandTable table) {
    if (setup.firmware().has("AT+SYSMFG")) { // older builds have other partitions
      table.query("AT+SYSFLASH", nothing -> list()).setLater("AT+SYSFLASH", this::work);
    }
  }

  private void list() {
    flash
        .partitions()
        .forEach(
            (name, partition) ->
                uart.say("+SYSFLASH:\"" + name + "\"," + partition.listed() + "\r\n"));
  }

  private void work(Arguments given) throws Refusal {
    int operation = given.number(0, 0, 2);
    given.count(operation == 0 ? 2 : 4, 4);
    Flash.Partition partition = flash.raw(given.text(1));
    if (partition == null || given.count() == 3) {
      throw Refusal.plain();
    }
    int offset = given.number(2, 0, partition.size() - 1, 0);
    int length = given.number(3, 1, partition.size() - offset, partition.size());
    switch (operation) {
      case 0 -> erase(partition, offset, length);
      case 1 -> port.prompt(new FlashWrite(port, partition, offset, length));
      default -> read(partition, offset, length);
    }
  }

  private void erase(Flash.Partition partition, int offset, int length) throws Refusal {
    if (!partition.erase(offset, length)) {
      throw Refusal.plain();
    }
    port.done();
  }

  private void read(Flash.Partition partition, int offset, int length) throws Refusal {
    if (length > LONGEST_READ) {
      throw Refusal.plain();
    }
    uart.say("+SYSFLASH:" + length + ",", partition.read(offset, length), length, "\r\n");
    port.done();
  }
}
