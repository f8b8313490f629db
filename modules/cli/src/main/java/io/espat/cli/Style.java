package io.espat.cli;

import java.util.Map;

/** Colours where they are wanted, plain text elsewhere; nothing is said by colour alone. */
final class Style {
  private final boolean colours;

  private Style(boolean colours) {
    this.colours = colours;
  }

  static Style of(OutputOptions.When when, boolean terminal, Map<String, String> environment) {
    return new Style(
        switch (when) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> automatic(terminal, environment);
        });
  }

  private static boolean automatic(boolean terminal, Map<String, String> environment) {
    if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) return false;
    if (!environment.getOrDefault("CLICOLOR_FORCE", "0").equals("0")) return true;
    if (environment.getOrDefault("CLICOLOR", "1").equals("0")) return false;
    return terminal && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  String good(String text) {
    return paint("32", text);
  }

  String bad(String text) {
    return paint("1;31", text);
  }

  String strong(String text) {
    return paint("1", text);
  }

  String faint(String text) {
    return paint("2", text);
  }

  private String paint(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
