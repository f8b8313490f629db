package io.espat.smtp;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;

/** Who sends and who receives, checked: nothing in it can end a command early. */
record Envelope(String from, List<String> to) {
  /** RFC 5321 4.5.3.1.3 allows 256 octets; this only keeps commands bounded. */
  private static final int MAX_LENGTH = 1000;

  Envelope(String from, List<String> to) {
    this.from = from;
    this.to = List.copyOf(new LinkedHashSet<>(to));
  }

  /**
   * Refuses what cannot stand in a command.
   *
   * @throws SmtpException E-SMTP-ADDRESS
   */
  Envelope check() throws SmtpException {
    if (to.isEmpty()) throw wrong("there is no recipient", "");
    if (!from.isEmpty()) check(from, "sender");
    for (String each : to) check(each, "recipient");
    return this;
  }

  boolean ascii() {
    return ascii(from) && to.stream().allMatch(Envelope::ascii);
  }

  static boolean ascii(String address) {
    return address.chars().allMatch(c -> c < 128);
  }

  private static void check(String address, String role) throws SmtpException {
    if (address.isEmpty()) throw wrong("the " + role + " is empty", "");
    if (address.length() > MAX_LENGTH) throw wrong("the " + role + " is too long", "");
    boolean quoted = false;
    for (int i = 0; i < address.length(); ) {
      int c = address.codePointAt(i);
      if (c == '"') quoted = !quoted;
      boolean pair = quoted && c == '\\' && i + 1 < address.length();
      if (!allowed(c, quoted) || pair && !allowed(address.charAt(i + 1), true)) {
        throw wrong("the " + role + " holds a character that has no place in an address", address);
      }
      i += Character.charCount(c) + (pair ? 1 : 0);
    }
    if (quoted) throw wrong("the " + role + " lacks a closing quote", address);
    int at = address.lastIndexOf('@');
    if (at == 0 || at == address.length() - 1) {
      throw wrong("the " + role + " lacks what stands before or behind its @", address);
    }
  }

  private static boolean allowed(int c, boolean quoted) {
    if (c < 128) {
      return quoted ? c >= ' ' && c < 127 : c > ' ' && c < 127 && "<>,;".indexOf(c) < 0;
    }
    return Character.isLetterOrDigit(c) && !looksAscii(c)
        || Character.getType(c) == Character.NON_SPACING_MARK
        || Character.getType(c) == Character.COMBINING_SPACING_MARK
        || symbol(c) && !looksAscii(c);
  }

  private static boolean symbol(int c) {
    return switch (Character.getType(c)) {
      case Character.OTHER_SYMBOL, Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL -> true;
      case Character.DASH_PUNCTUATION, Character.OTHER_PUNCTUATION -> true;
      default -> false;
    };
  }

  /** A full-width at sign, letter or dot: it reads as another address than the one it is. */
  private static boolean looksAscii(int c) {
    String plain = Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC);
    return plain.chars().anyMatch(each -> each < 128);
  }

  private static SmtpException wrong(String why, String address) {
    String shown = address.isEmpty() ? "" : ": " + Text.escaped(address);
    String message = "preparing the message: " + why + shown;
    return new SmtpException("E-SMTP-ADDRESS", SmtpStage.PREPARE, message, null, false);
  }
}
