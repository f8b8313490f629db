package io.espat.cli;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * What must not cross the serial wire in clear, made anew for each demonstration; {@code control}
 * is what must.
 */
record DemoSecrets(String control, String mailMarker, String fileMarker, String password) {
  static DemoSecrets random() {
    return new DemoSecrets(word("demo-"), word("MAIL-"), word("FILE-"), word("PASS-"));
  }

  List<String> watched() {
    return List.of(control, mailMarker, fileMarker, password);
  }

  private static String word(String start) {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    return start + HexFormat.of().formatHex(random);
  }

  @Override
  public String toString() {
    return "DemoSecrets[********]";
  }
}
