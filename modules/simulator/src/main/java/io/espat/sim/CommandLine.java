package io.espat.sim;

/**
 * One line of the host, taken apart: name, form, parameters.
 *
 * @param name in upper case, {@code AT+…} or {@code AT}, {@code ATE0}
 */
record CommandLine(String name, Form form, Arguments arguments) {
  enum Form {
    TEST,
    QUERY,
    SET,
    EXECUTE
  }

  /** Parses a line without its CR LF, one char a byte. */
  static CommandLine parse(String line) throws Refusal {
    if (line.length() + 2 > Firmware.LINE_LIMIT
        || line.length() < 2
        || !line.substring(0, 2).equalsIgnoreCase("AT")) {
      throw Refusal.code(Refusal.NOT_AT);
    }
    int end = nameEnd(line);
    String name = upper(line.substring(0, end));
    String rest = line.substring(end);
    if (rest.isEmpty()) {
      return new CommandLine(name, Form.EXECUTE, Arguments.NONE);
    }
    if (rest.equals("?")) {
      return new CommandLine(name, Form.QUERY, Arguments.NONE);
    }
    if (rest.equals("=?")) {
      return new CommandLine(name, Form.TEST, Arguments.NONE);
    }
    if (rest.charAt(0) == '=') {
      return new CommandLine(name, Form.SET, Arguments.split(rest.substring(1)));
    }
    throw Refusal.code(Refusal.UNKNOWN); // junk after '?'
  }

  /** Only ASCII letters have two cases for the firmware; a sharp s must not become SS. */
  private static String upper(String name) {
    StringBuilder upper = new StringBuilder(name);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'a' && c <= 'z') {
        upper.setCharAt(i, (char) (c - 'a' + 'A'));
      }
    }
    return upper.toString();
  }

  private static int nameEnd(String line) {
    int end = 0;
    while (end < line.length() && line.charAt(end) != '=' && line.charAt(end) != '?') {
      end++;
    }
    return end;
  }
}
