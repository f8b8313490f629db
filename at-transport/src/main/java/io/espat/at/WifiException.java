package io.espat.at;

import java.util.List;

/** The module is not, or could not get, in a Wi-Fi network; by {@code AT+CWJAP} and CWSTATE. */
public final class WifiException extends AtException {
  private static final long serialVersionUID = 1L;

  /** The access point did not answer in time ({@code +CWJAP:1}). */
  public static final String TIMEOUT = "E-WIFI-TIMEOUT";

  /** The passphrase is wrong ({@code +CWJAP:2}). */
  public static final String PASSPHRASE = "E-WIFI-PASSPHRASE";

  /** No network of that name is in range ({@code +CWJAP:3}). */
  public static final String MISSING = "E-WIFI-MISSING";

  /** The connection failed for another reason ({@code +CWJAP:4} and unknown codes). */
  public static final String FAILED = "E-WIFI-FAILED";

  /** Something needed the network while the module was in none. */
  public static final String ABSENT = "E-WIFI-ABSENT";

  WifiException(String id, String message, String command, List<String> words) {
    super(id, message, command, words, null);
  }
}
