package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The partition {@code mfg_nvs}: certificates, keys and factory parameters by namespace and key;
 * neither a restart nor {@code AT+RESTORE} touches it. Loop thread only.
 */
final class MfgStore {
  /** Types of {@code AT+SYSMFG}: 1..6 are numbers of 8, 16 and 32 bits, unsigned and signed. */
  static final int STRING = 7;

  static final int BINARY = 8;
  static final int NAME_LIMIT = 15;
  static final int VALUE_LIMIT = 8191;
  private static final int CAPACITY = 0x1c000;

  /** One value; the certificates of the default image are made only when somebody asks. */
  static final class Value {
    private final int type;
    private final Supplier<byte[]> source;
    private byte @Nullable [] bytes;

    private Value(int type, Supplier<byte[]> source) {
      this.type = type;
      this.source = source;
    }

    int type() {
      return type;
    }

    /** The value as {@code AT+SYSMFG} prints it: digits of a number, else the bytes. */
    byte[] bytes() {
      byte[] made = bytes;
      if (made == null) {
        made = source.get();
        bytes = made;
      }
      return made;
    }

    private int stored() {
      byte[] made = bytes;
      return made == null ? 0 : made.length;
    }
  }

  private final Map<String, Map<String, Value>> namespaces = new LinkedHashMap<>();

  /** What the default image of the recorded build holds. */
  static MfgStore factory() {
    MfgStore store = new MfgStore();
    for (String side : List.of("server", "client")) {
      for (String what : List.of("_cert", "_key", "_ca")) {
        for (int set = 0; set < ExampleCertificates.SETS; set++) {
          String namespace = side + what;
          int index = set;
          store.put(
              namespace,
              namespace + "." + set,
              new Value(BINARY, () -> ExampleCertificates.pem(namespace, index)));
        }
      }
    }
    store.parameters();
    return store;
  }

  private void parameters() {
    String namespace = "factory_param";
    number(namespace, "version", 1, 3);
    write(namespace, "module_name", STRING, "WROOM-32".getBytes(ISO_8859_1));
    number(namespace, "max_tx_power", 2, 78);
    write(namespace, "country_code", STRING, "CN".getBytes(ISO_8859_1));
    number(namespace, "start_channel", 1, 1);
    number(namespace, "channel_num", 1, 13);
    number(namespace, "uart_port", 1, 1);
    number(namespace, "uart_baudrate", 6, 115_200);
    number(namespace, "uart_tx_pin", 6, 17);
    number(namespace, "uart_rx_pin", 6, 16);
    number(namespace, "uart_cts_pin", 6, 15);
    number(namespace, "uart_rts_pin", 6, 14);
    number("ble_data", "cfg_count", 1, 0);
  }

  private void number(String namespace, String key, int type, long value) {
    write(namespace, key, type, Long.toString(value).getBytes(ISO_8859_1));
  }

  /** Stores PEM texts by key; what does not fit is the fault of whoever built the module. */
  void preload(String namespace, Map<String, String> texts) {
    texts.forEach(
        (key, pem) -> {
          if (!write(namespace, key, BINARY, pem.getBytes(ISO_8859_1))) {
            throw new IllegalArgumentException(key + " does not fit into " + CAPACITY + " bytes");
          }
        });
  }

  /** Stores a value and says whether the partition had room for it. */
  boolean write(String namespace, String key, int type, byte[] bytes) {
    Value old = value(namespace, key);
    int after = stored() - (old == null ? 0 : old.stored()) + bytes.length;
    if (after > CAPACITY) {
      return false;
    }
    Value value = new Value(type, () -> bytes);
    value.bytes = bytes;
    put(namespace, key, value);
    return true;
  }

  private void put(String namespace, String key, Value value) {
    namespaces.computeIfAbsent(namespace, name -> new LinkedHashMap<>()).put(key, value);
  }

  private int stored() {
    return namespaces.values().stream()
        .map(Map::values)
        .flatMap(Collection::stream)
        .mapToInt(Value::stored)
        .sum();
  }

  Set<String> namespaces() {
    return namespaces.keySet();
  }

  /** The values of a namespace by key; empty when there is no such namespace. */
  Map<String, Value> values(String namespace) {
    return namespaces.getOrDefault(namespace, Map.of());
  }

  @Nullable Value value(String namespace, String key) {
    return values(namespace).get(key);
  }

  /** The PEM text that {@code AT+CIPSSLCCONF} means by an index, null when nothing is there. */
  byte @Nullable [] pem(String namespace, int index) {
    Value value = value(namespace, namespace + "." + index);
    return value == null ? null : value.bytes();
  }

  /** Erases a key, and with its last key the namespace; says whether it was there. */
  boolean erase(String namespace, String key) {
    Map<String, Value> values = namespaces.get(namespace);
    if (values == null || values.remove(key) == null) {
      return false;
    }
    if (values.isEmpty()) {
      namespaces.remove(namespace);
    }
    return true;
  }

  boolean erase(String namespace) {
    return namespaces.remove(namespace) != null;
  }
}
