package io.espat.at;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network that the module hears; by {@code AT+CWLAP}.
 *
 * @param ssid its name, empty when it is hidden
 * @param bssid the access point's hardware address
 * @param channel 1 to 14, or higher at 5 GHz
 * @param rssi signal strength in dBm
 * @param security how it is protected
 */
public record WifiNetwork(String ssid, String bssid, int channel, int rssi, Security security) {

  /** The kinds that ESP-AT numbers ({@code <ecn>}), in its order. */
  public enum Security {
    /** Anybody may join. */
    OPEN,
    /** Broken since 2001; recent firmware cannot join it. */
    WEP,
    /** The first WPA, with a passphrase. */
    WPA,
    /** WPA2 with a passphrase. */
    WPA2,
    /** Either of the two. */
    WPA_WPA2,
    /** WPA2 with a user of its own for each station. */
    WPA2_ENTERPRISE,
    /** WPA3 with a passphrase. */
    WPA3,
    /** Either of the two. */
    WPA2_WPA3,
    /** The Chinese standard. */
    WAPI,
    /** Open, yet encrypted. */
    OWE,
    /** A number that no documentation of ours names. */
    OTHER
  }

  /** {@code (3,"name",-58,"aa:bb:cc:dd:ee:ff",6,...)}; a quote in the name is not escaped. */
  private static final Pattern LINE =
      Pattern.compile("\\+CWLAP:\\((\\d{1,2}),\"(.*)\",(-?\\d{1,4}),\"([^\"]*)\",(\\d{1,3}).*");

  /** Reads a line of the answer; nothing for a line in another form, as AT+CWLAPOPT may ask for. */
  static Optional<WifiNetwork> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int kind = Integer.parseInt(matcher.group(1));
    Security[] known = Security.values();
    return Optional.of(
        new WifiNetwork(
            matcher.group(2),
            matcher.group(4),
            Integer.parseInt(matcher.group(5)),
            Integer.parseInt(matcher.group(3)),
            kind < known.length ? known[kind] : Security.OTHER));
  }
}
