package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** {@code AT+SYSMFG}: lists, reads, writes and erases manufacturing data. */
final class MfgCommands {
  private static final int ERASE = 0;
  private static final int READ = 1;

  private static final long[][] RANGES = { // types 1..6
    {0, 0xFF},
    {Byte.MIN_VALUE, Byte.MAX_VALUE},
    {0, 0xFFFF},
    {Short.MIN_VALUE, Short.MAX_VALUE},
    {0, 0xFFFF_FFFFL},
    {Integer.MIN_VALUE, Integer.MAX_VALUE}
  };

  private final Uart uart;
  private final MfgStore store;
  private final CommandPort port;

  MfgCommands(Parts parts) {
    uart = parts.uart();
    store = parts.memory().manufacturing();
    port = parts.port();
  }

  void register(CommandTable table) {
    table.query("AT+SYSMFG", nothing -> list()).setLater("AT+SYSMFG", this::run);
  }

  private void run(Arguments given) throws Refusal {
    int operation = given.number(0, 0, 2);
    if (operation == ERASE) {
      erase(given);
    } else if (operation == READ) {
      read(given);
    } else if (write(given)) {
      return; // prompted
    }
    port.done();
  }

  private void list() {
    StringBuilder lines = new StringBuilder();
    store.namespaces().forEach(name -> lines.append("+SYSMFG:\"").append(name).append("\"\r\n"));
    uart.say(lines.toString());
  }

  private void erase(Arguments given) throws Refusal {
    given.count(2, 3);
    String namespace = name(given, 1);
    boolean erased =
        given.count() == 2 ? store.erase(namespace) : store.erase(namespace, name(given, 2));
    if (!erased) {
      throw Refusal.plain();
    }
  }

  private static String name(Arguments given, int index) throws Refusal {
    String name = given.text(index, MfgStore.NAME_LIMIT);
    if (name.isEmpty()) {
      throw Refusal.plain();
    }
    return name;
  }

  private void read(Arguments given) throws Refusal {
    given.count(1, 5);
    if (given.count() == 1) {
      list();
    } else if (given.count() == 2) {
      keys(name(given, 1));
    } else {
      value(given);
    }
  }

  private void keys(String namespace) throws Refusal {
    if (!store.namespaces().contains(namespace)) {
      throw Refusal.plain();
    }
    StringBuilder lines = new StringBuilder();
    store
        .values(namespace)
        .forEach(
            (key, value) -> lines.append(head(namespace, key)).append(value.type()).append("\r\n"));
    uart.say(lines.toString());
  }

  private static String head(String namespace, String key) {
    return "+SYSMFG:\"" + namespace + "\",\"" + key + "\",";
  }

  /** Prints a value, or of a string or binary one the part from an offset on. */
  private void value(Arguments given) throws Refusal {
    String namespace = name(given, 1);
    String key = name(given, 2);
    MfgStore.Value value = store.value(namespace, key);
    if (value == null || value.type() < MfgStore.STRING && given.count() > 3) {
      throw Refusal.plain();
    }
    byte[] whole = value.bytes();
    int from = given.number(3, 0, Math.max(0, whole.length - 1), 0);
    int count = given.number(4, 1, Integer.MAX_VALUE, whole.length);
    byte[] part =
        Arrays.copyOfRange(whole, from, (int) Math.min(whole.length, from + (long) count));
    String what = head(namespace, key) + value.type() + "," + part.length + ",";
    uart.say(what, part, part.length, "\r\n");
  }

  /** Stores a number at once, or prompts for a string or bytes and says so. */
  private boolean write(Arguments given) throws Refusal {
    given.count(5, 5);
    String namespace = name(given, 1);
    String key = name(given, 2);
    int type = given.number(3, 1, MfgStore.BINARY);
    if (type >= MfgStore.STRING) {
      int length = given.number(4, 1, MfgStore.VALUE_LIMIT);
      port.prompt(new MfgWrite(port, store, namespace, key, type, length));
      return true;
    }
    long value = given.number(4);
    if (value < RANGES[type - 1][0] || value > RANGES[type - 1][1]) {
      throw Refusal.plain();
    }
    if (!store.write(namespace, key, type, Long.toString(value).getBytes(ISO_8859_1))) {
      throw Refusal.plain();
    }
    return false;
  }
}
