package io.espat.sim;

/** A command that ends in ERROR; with {@code AT+SYSLOG=1} most refusals print no code at all. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  static final int NOT_AT = 0x01030000;
  static final int UNKNOWN = 0x01090000;

  private final int code;
  private final String errno;
  private final String word;

  private Refusal(int code, String errno, String word) {
    super("ERROR", null, false, false);
    this.code = code;
    this.errno = errno;
    this.word = word;
  }

  /** A refusal that the firmware does not explain. */
  static Refusal plain() {
    return new Refusal(0, "", "");
  }

  /** A refusal whose reason newer builds tell to their log and NonOS to the host. */
  static Refusal word(String word) {
    return new Refusal(0, "", word + "\r\n");
  }

  /** A refusal with {@code ERR CODE:0x…}. */
  static Refusal code(int code) {
    return new Refusal(code, "", "");
  }

  /** A parameter that cannot be read as what it should be, counted from 0. */
  static Refusal unreadable(int parameter) {
    return code(0x01080000 | parameter);
  }

  /** A socket that failed, with lwIP's error number. */
  static Refusal errno(int number) {
    return new Refusal(0, String.format("+ERRNO:0x%x\r\n", number), "");
  }

  /** What a build says before ERROR; codes only while {@code AT+SYSLOG} is 1. */
  String explanation(Firmware firmware, boolean codes) {
    if (firmware.has(Trait.LOG_WORDS)) {
      return word;
    }
    if (!codes) {
      return "";
    }
    if (code != 0) {
      return String.format("ERR CODE:0x%08x\r\n", code);
    }
    return firmware.has(Trait.ERRNO) ? errno : "";
  }
}
