package io.espat.at;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Finds the JDK's word for an ERROR of {@code AT+CIPSTART}. */
final class Refusal {
  /** The module's own time-outs begin at 5 s (seen: dead network); a refusal takes milliseconds. */
  private static final Duration SLOW = Duration.ofSeconds(4);

  private Refusal() {}

  /** Takes {@code +ERRNO:0x68} (5.0 and later, with SYSLOG) and the time into account. */
  static IOException of(String place, AtException error, Turn turn, Duration took)
      throws IOException {
    String doing = "connecting to " + place + ": ";
    String errno =
        error.words().stream()
            .filter(word -> word.startsWith("+ERRNO:"))
            .map(word -> word.substring("+ERRNO:".length()))
            .findFirst()
            .orElse("");
    IOException named =
        switch (errno) {
          case "0x68", "0x6f" -> new ConnectException(doing + "refused (errno " + errno + ")");
          case "0x74", "0x6e" -> new SocketTimeoutException(doing + "the module's TCP timed out");
          case "0x71", "0x72", "0x76" ->
              new NoRouteToHostException(doing + "no route (errno " + errno + ")");
          default -> null;
        };
    if (named == null && !Wifi.joined(turn)) {
      return new WifiException(
          WifiException.ABSENT,
          doing + "the module is in no Wi-Fi network",
          error.command(),
          error.words());
    }
    if (named == null && took.compareTo(SLOW) > 0) {
      named =
          new SocketTimeoutException(doing + "the module gave up after " + took.toSeconds() + " s");
    }
    if (named == null) {
      String words = String.join(", ", error.words());
      String detail = words.isEmpty() ? " and gave no reason" : " (" + words + ")";
      named = new ConnectException(doing + "the module answered ERROR" + detail);
    }
    named.initCause(error);
    return named;
  }

  /** Names the host of a connection that was still being made when its time had passed. */
  static SocketTimeoutException late(String place, SocketTimeoutException cause) {
    SocketTimeoutException late =
        new SocketTimeoutException("connecting to " + place + ": " + cause.getMessage());
    late.initCause(cause);
    return late;
  }
}
