package io.espat.at;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Finds the JDK's word, and the remedy, for an ERROR of {@code AT+CIPSTART} with TLS. */
final class TlsRefusal {
  private static final int EXPIRED = 0x1; // flags of the server's certificate, as in mbedTLS
  private static final int OTHER_NAME = 0x4;
  private static final int NOT_TRUSTED = 0x8;
  private static final int FUTURE = 0x200;
  private static final int PURPOSE = 0x800 | 0x1000 | 0x2000;
  private static final int NOT_CONNECTED = 0x8004;
  private static final int TIMED_OUT = 0x8006;

  private TlsRefusal() {}

  /** Takes {@code +ERRNO:0x208} (5.0 and later) and the time into account. */
  static IOException of(Dial dial, AtException error, Turn turn, Duration took) throws IOException {
    String doing = "connecting to " + dial.place() + " by the module's TLS: ";
    int number = number(error.words());
    IOException found;
    if (number == 0) {
      found = Refusal.of(dial.place(), error, turn, took);
      return found instanceof ConnectException ? unexplained(doing, error) : found;
    } else if (number == NOT_CONNECTED) {
      found = new ConnectException(doing + "no connection (0x8004)");
    } else if (number == TIMED_OUT) {
      found = new SocketTimeoutException(doing + "the server was silent (0x8006)");
    } else {
      String hex = " (0x" + Integer.toHexString(number) + ")";
      found = new SSLHandshakeException(doing + words(number) + hex);
    }
    found.initCause(error);
    return found;
  }

  private static SSLException unexplained(String doing, AtException error) {
    String words = error.words().isEmpty() ? "" : " " + error.words();
    return new SSLException(
        doing
            + "the module answered ERROR"
            + words
            + " and did not say why: it may not reach the server, not trust its certificate, or not"
            + " have the time",
        error);
  }

  private static int number(List<String> words) {
    for (String word : words) {
      if (word.matches("\\+ERRNO:0x[0-9a-fA-F]{1,7}")) {
        return Integer.parseInt(word.substring("+ERRNO:0x".length()), 16);
      }
    }
    return 0;
  }

  private static String words(int number) {
    return switch (number) {
      case 0x50, 0x7280 -> "the server ended the connection in the handshake";
      case 0x7780 -> "the server refused the handshake";
      case 0x7200 -> "the server does not speak TLS";
      case 0x6E80 -> "there is no TLS version that both know";
      case 0x6E00 -> "the handshake failed";
      default -> number < 0x4000 ? certificate(number) : "the module's TLS failed";
    };
  }

  private static String certificate(int flags) {
    List<String> reasons = new ArrayList<>();
    if ((flags & NOT_TRUSTED) != 0) {
      reasons.add(
          "its issuer is not the authority that the module was told to trust; store that as"
              + " client_ca");
    }
    if ((flags & OTHER_NAME) != 0) {
      reasons.add("it is for another name; connect to the name it is for");
    }
    if ((flags & EXPIRED) != 0) {
      reasons.add("it has expired");
    }
    if ((flags & FUTURE) != 0) {
      reasons.add(
          "it is not valid yet by the module's clock; let the module have the time"
              + " (AT+CIPSNTPCFG, networkTime)");
    }
    if ((flags & PURPOSE) != 0) {
      reasons.add("it is for another purpose");
    }
    return reasons.isEmpty()
        ? "the module does not accept the server's certificate"
        : "the module does not accept the server's certificate: " + String.join(", and ", reasons);
  }
}
