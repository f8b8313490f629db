package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * An access point in range.
 *
 * @param ssid its name as it stands on the wire: UTF-8 bytes, one a char
 * @param passphrase in the same form; empty for an open network
 * @param failure 0, or the {@code +CWJAP:} code that every attempt to join ends with
 */
record Network(String ssid, String passphrase, int failure) {

  static Network of(String ssid, char[] passphrase, int failure) {
    return new Network(wire(ssid), wire(new String(passphrase)), failure);
  }

  static String wire(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** The code of a refused join (2 wrong passphrase), 0 when the network lets the station in. */
  int verdict(String offered) {
    if (failure != 0) {
      return failure;
    }
    return passphrase.isEmpty() || passphrase.equals(offered) ? 0 : 2;
  }

  boolean open() {
    return passphrase.isEmpty();
  }

  @Override
  public String toString() {
    return "Network[" + ssid + (open() ? ", open]" : ", WPA2]");
  }
}
