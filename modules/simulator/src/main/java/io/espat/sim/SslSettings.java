package io.espat.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is set for the TLS of one link and forgotten at a restart. */
final class SslSettings {
  /** {@code AT+CIPSSLCPSK} or {@code AT+CIPSSLCPSKHEX}: the key as given, and as bytes. */
  record SharedKey(boolean hex, String text, byte[] key, String identity) {
    @Override
    public String toString() {
      return "a shared key of " + key.length + " bytes for " + identity;
    }
  }

  String commonName = ""; // AT+CIPSSLCCN
  String serverName = ""; // AT+CIPSSLCSNI
  List<String> protocols = List.of(); // AT+CIPSSLCALPN
  List<Integer> suites = List.of(); // AT+CIPSSLCCIPHER; empty: all
  @Nullable SharedKey sharedKey;
}
