package io.espat.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The commands that this module has, and with it what {@code AT+CMD?} lists. */
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

  private final Map<String, Entry> entries = new LinkedHashMap<>();

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
    return entries.computeIfAbsent(name, key -> new Entry());
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

  /** The lines of {@code AT+CMD?}. */
  String listing() {
    StringBuilder lines = new StringBuilder();
    int index = 0;
    for (Map.Entry<String, Entry> one : entries.entrySet()) {
      Entry entry = one.getValue();
      lines
          .append("+CMD:")
          .append(index++)
          .append(",\"")
          .append(one.getKey())
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
