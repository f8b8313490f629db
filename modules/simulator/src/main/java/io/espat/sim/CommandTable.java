package io.espat.sim;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The commands that this module has, and with it what {@code AT+CMD?} lists.
 *
 * <p>Registering a command that the firmware lacks leaves it absent.
 */
final class CommandTable {
  /** What a command does; OK follows unless it refuses. */
  interface Action {
    void run(Arguments arguments) throws Refusal;
  }

  /**
   * An action and how it ends.
   *
   * @param later the action itself says OK, ERROR or a prompt, possibly after a while
   */
  record Handler(Action action, boolean later) {}

  private static final class Entry {
    private @Nullable Handler query;
    private @Nullable Handler set;
    private @Nullable Handler execute;

    private @Nullable Handler handler(CommandLine.Form form) {
      return switch (form) {
        case TEST -> null; // no command here has a test form
        case QUERY -> query;
        case SET -> set;
        case EXECUTE -> execute;
      };
    }
  }

  private final Firmware firmware;
  private final Map<String, Entry> entries = new HashMap<>();

  CommandTable(Firmware firmware) {
    this.firmware = firmware;
  }

  Firmware firmware() {
    return firmware;
  }

  CommandTable query(String name, Action action) {
    entry(name).query = new Handler(action, false);
    return this;
  }

  CommandTable set(String name, Action action) {
    entry(name).set = new Handler(action, false);
    return this;
  }

  CommandTable execute(String name, Action action) {
    entry(name).execute = new Handler(action, false);
    return this;
  }

  CommandTable setLater(String name, Action action) {
    entry(name).set = new Handler(action, true);
    return this;
  }

  CommandTable executeLater(String name, Action action) {
    entry(name).execute = new Handler(action, true);
    return this;
  }

  private Entry entry(String name) {
    if (!Repertoire.NAMES.contains(name)) {
      throw new IllegalArgumentException("no firmware of the Repertoire has " + name);
    }
    return firmware.has(name) ? entries.computeIfAbsent(name, key -> new Entry()) : new Entry();
  }

  /** Finds what a line asks for; a known command without that form is refused without a code. */
  Handler find(CommandLine line) throws Refusal {
    Entry entry = entries.get(line.name());
    if (entry == null) {
      throw Refusal.code(Refusal.UNKNOWN);
    }
    Handler handler = entry.handler(line.form());
    if (handler == null) {
      throw Refusal.plain();
    }
    return handler;
  }

  /** The lines of {@code AT+CMD?}, in the recorded order. */
  String listing() {
    StringBuilder lines = new StringBuilder();
    int index = 0;
    for (String name : Repertoire.NAMES) {
      Entry entry = entries.get(name);
      if (entry == null) {
        continue;
      }
      lines
          .append("+CMD:")
          .append(index++)
          .append(",\"")
          .append(name)
          .append("\",0,")
          .append(entry.query == null ? 0 : 1)
          .append(',')
          .append(entry.set == null ? 0 : 1)
          .append(',')
          .append(entry.execute == null ? 0 : 1)
          .append("\r\n");
    }
    return lines.toString();
  }
}
