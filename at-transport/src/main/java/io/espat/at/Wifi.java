package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The conversations about the Wi-Fi network. */
final class Wifi {
  /** The module's own limit is 15 s (jap_timeout). */
  static final java.time.Duration JOIN_LIMIT = java.time.Duration.ofSeconds(20);

  /** {@code "ssid","bssid",channel,rssi,...}; a quote inside the name is not escaped. */
  private static final Pattern JOINED =
      Pattern.compile("\"(.*)\",\"[0-9a-fA-F:]{17}\",(-?\\d+),(-?\\d+).*");

  /** A scan of all channels takes 1.5 to 3 s, of both bands longer. */
  private static final java.time.Duration SCAN_LIMIT = java.time.Duration.ofSeconds(15);

  private static final int STATION = 1;

  private Wifi() {}

  /** Tells whether the module is in a network; every version knows {@code AT+CWJAP?}. */
  static boolean joined(Turn turn) throws IOException {
    return station(turn).isPresent();
  }

  private static Optional<String> station(Turn turn) throws IOException {
    try {
      return turn.ask(AtCommand.of("AT+CWJAP?")).value("+CWJAP:");
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return Optional.empty(); // the station is off
    }
  }

  static WifiState state(Turn turn) throws IOException {
    Optional<String> value = station(turn);
    Optional<InetAddress> address = value.isEmpty() ? Optional.empty() : address(turn);
    Matcher matcher = JOINED.matcher(value.orElse(""));
    boolean known = matcher.matches();
    String ssid = known ? matcher.group(1) : "";
    OptionalInt rssi =
        known ? OptionalInt.of(Integer.parseInt(matcher.group(3))) : OptionalInt.empty();
    return new WifiState(value.isPresent() && address.isPresent(), ssid, rssi, address);
  }

  private static Optional<InetAddress> address(Turn turn) throws IOException {
    try {
      return turn.ask(AtCommand.of("AT+CIPSTA?"))
          .value("+CIPSTA:ip:")
          .map(value -> value.replace("\"", ""))
          .filter(value -> !value.equals("0.0.0.0"))
          .flatMap(value -> AddressLiteral.parse(value, value));
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return Optional.empty();
    }
  }

  /** Joins a network; the command is wiped before this returns. */
  static void join(Turn turn, String ssid, char[] passphrase) throws IOException {
    switchStationOn(turn);
    AtCommand command =
        AtCommand.builder("AT+CWJAP").with(ssid).withSecret(passphrase).limit(JOIN_LIMIT).build();
    try {
      turn.ask(command);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      throw refused(ssid, e);
    } finally {
      command.wipe();
    }
  }

  /** Lists the networks in range; the station is switched on if it is off. */
  static List<WifiNetwork> scan(Turn turn) throws IOException {
    switchStationOn(turn);
    AtCommand command = AtCommand.builder("AT+CWLAP").limit(SCAN_LIMIT).build();
    return turn.ask(command).lines().stream()
        .map(WifiNetwork::parse)
        .flatMap(Optional::stream)
        .toList();
  }

  /** After {@code AT+RESTORE} the module is an access point only. */
  private static void switchStationOn(Turn turn) throws IOException {
    String mode = turn.ask(AtCommand.of("AT+CWMODE?")).value("+CWMODE:").orElse("1");
    if (mode.equals("0") || mode.equals("2")) {
      turn.ask(AtCommand.builder("AT+CWMODE").with(Integer.parseInt(mode) | STATION).build());
    }
  }

  private static WifiException refused(String ssid, AtException error) {
    List<String> words = new ArrayList<>(error.words());
    String code =
        words.stream()
            .filter(word -> word.startsWith("+CWJAP:"))
            .map(word -> word.substring("+CWJAP:".length()))
            .findFirst()
            .orElse("");
    String doing = "joining the Wi-Fi network \"" + ssid + "\": ";
    return switch (code) {
      case "1" ->
          new WifiException(WifiException.TIMEOUT, doing + "time-out", error.command(), words);
      case "2" ->
          new WifiException(
              WifiException.PASSPHRASE, doing + "wrong passphrase", error.command(), words);
      case "3" ->
          new WifiException(
              WifiException.MISSING, doing + "no such network in range", error.command(), words);
      default ->
          new WifiException(
              WifiException.FAILED, doing + "the module could not", error.command(), words);
    };
  }
}
