package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code AT+CIPSSLC…}: what the TLS of the links is to be, asked and set. */
final class SslCommands {
  private static final int ALL = Firmware.LINKS;
  private static final int PROTOCOLS = 5;
  private static final int KEY_LIMIT = 32;
  private static final int INDEXES = 255;

  private final Uart uart;
  private final Memory memory;
  private final int nameLimit;

  SslCommands(Parts parts) {
    uart = parts.uart();
    memory = parts.memory();
    nameLimit = parts.setup().firmware().has(Trait.ERRNO) ? Firmware.LINE_LIMIT : 64;
  }

  void register(CommandTable table) {
    table
        .query("AT+CIPSSLCCONF", nothing -> modes())
        .set("AT+CIPSSLCCONF", this::mode)
        .query("AT+CIPSSLCCN", nothing -> list("CIPSSLCCN", one -> one.commonName))
        .set("AT+CIPSSLCCN", given -> name(given, (one, name) -> one.commonName = name))
        .query("AT+CIPSSLCSNI", nothing -> list("CIPSSLCSNI", one -> one.serverName))
        .set("AT+CIPSSLCSNI", given -> name(given, (one, name) -> one.serverName = name))
        .query("AT+CIPSSLCALPN", nothing -> list("CIPSSLCALPN", SslCommands::protocols))
        .set("AT+CIPSSLCALPN", this::protocols)
        .query("AT+CIPSSLCPSK", nothing -> list("CIPSSLCPSK", one -> key(one, false)))
        .set("AT+CIPSSLCPSK", given -> key(given, false))
        .query("AT+CIPSSLCPSKHEX", nothing -> list("CIPSSLCPSKHEX", one -> key(one, true)))
        .set("AT+CIPSSLCPSKHEX", given -> key(given, true))
        .query("AT+CIPSSLCCIPHER", nothing -> suites())
        .set("AT+CIPSSLCCIPHER", this::suites);
  }

  private int links() {
    return memory.settings().multiple ? ALL : 1;
  }

  /** Where the parameters begin: behind the id, which only MUX=1 has. */
  private int first() {
    return memory.settings().multiple ? 1 : 0;
  }

  private void each(Arguments given, Consumer<SslSettings> change) throws Refusal {
    int id = first() == 0 ? 0 : given.number(0, 0, ALL);
    for (int i = id == ALL ? 0 : id; i <= (id == ALL ? ALL - 1 : id); i++) {
      change.accept(memory.settings().ssl[i]);
    }
  }

  /** Prints the value of each link that has one, unquoted. */
  private void list(String name, Function<SslSettings, String> value) {
    StringBuilder lines = new StringBuilder();
    for (int id = 0; id < links(); id++) {
      String one = value.apply(memory.settings().ssl[id]);
      if (!one.isEmpty()) {
        lines.append('+').append(name).append(':').append(id);
        lines.append(',').append(one).append("\r\n");
      }
    }
    uart.say(lines.toString());
  }

  private void modes() {
    StringBuilder lines = new StringBuilder();
    for (int id = 0; id < links(); id++) {
      Kept.SslMode one = memory.kept().ssl[id];
      lines.append("+CIPSSLCCONF:").append(id).append(',').append(one.mode()).append(',');
      lines.append(one.identity()).append(',').append(one.authority()).append("\r\n");
    }
    uart.say(lines.toString());
  }

  private void mode(Arguments given) throws Refusal {
    int first = first();
    int id = first == 0 ? 0 : given.number(0, 0, ALL);
    int mode = given.number(first, 0, 3);
    given.count(mode == 0 ? first + 1 : first + 3, first + 3);
    Kept.SslMode wanted =
        new Kept.SslMode(
            mode, given.number(first + 1, 0, INDEXES, 0), given.number(first + 2, 0, INDEXES, 0));
    for (int i = id == ALL ? 0 : id; i <= (id == ALL ? ALL - 1 : id); i++) {
      memory.kept().ssl[i] = wanted;
    }
    memory.store();
    missing(wanted);
  }

  /** Names what is not in the store; the setting holds all the same. */
  private void missing(Kept.SslMode mode) {
    if (mode.identifies()) {
      report("client_cert", mode.identity(), "NO CERT FOUND\r\n");
      report("client_key", mode.identity(), "NO PRVT_KEY FOUND\r\n");
    }
    if (mode.verifies()) {
      report("client_ca", mode.authority(), "NO CA FOUND\r\n");
    }
  }

  private void report(String namespace, int index, String words) {
    if (memory.manufacturing().pem(namespace, index) == null) {
      uart.say(words);
    }
  }

  private interface Naming {
    void name(SslSettings link, String name);
  }

  private void name(Arguments given, Naming naming) throws Refusal {
    given.count(first() + 1, first() + 1);
    String name = given.text(first(), nameLimit);
    each(given, one -> naming.name(one, name));
  }

  private static String protocols(SslSettings link) {
    return String.join(",", link.protocols);
  }

  private void protocols(Arguments given) throws Refusal {
    int count = given.number(first(), 0, PROTOCOLS);
    given.count(first() + 1 + count, first() + 1 + count);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = given.text(first() + 1 + i, 255);
      if (name.isEmpty()) {
        throw Refusal.plain();
      }
      names.add(name);
    }
    each(given, one -> one.protocols = List.copyOf(names));
  }

  private static String key(SslSettings link, boolean hex) {
    SslSettings.SharedKey key = link.sharedKey;
    return key == null || key.hex() != hex ? "" : key.text() + "," + key.identity();
  }

  private void key(Arguments given, boolean hex) throws Refusal {
    given.count(first() + 2, first() + 2);
    String text = given.text(first(), hex ? 2 * KEY_LIMIT : KEY_LIMIT);
    String identity = given.text(first() + 1, KEY_LIMIT);
    byte[] key = hex ? unhex(text) : text.getBytes(ISO_8859_1);
    SslSettings.@Nullable SharedKey shared =
        key.length == 0 ? null : new SslSettings.SharedKey(hex, text, key, identity);
    each(given, one -> one.sharedKey = shared);
  }

  private static byte[] unhex(String text) throws Refusal {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.plain();
    }
  }

  /** Lists what the build supports, whatever is set. */
  private void suites() {
    StringBuilder lines = new StringBuilder();
    int index = 0;
    for (int suite : TlsSuites.ALL) {
      lines.append(String.format("+CIPSSLCCIPHER:%d,0x%04X\r\n", index++, suite));
    }
    uart.say(lines.toString());
  }

  private void suites(Arguments given) throws Refusal {
    int count = given.number(first(), 0, 14);
    given.count(first() + 1 + count, first() + 1 + count);
    List<Integer> wanted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int suite = given.number(first() + 1 + i, 0, 0xFFFF);
      if (!TlsSuites.supported(suite)) {
        throw Refusal.plain();
      }
      wanted.add(suite);
    }
    each(given, one -> one.suites = List.copyOf(wanted));
  }
}
