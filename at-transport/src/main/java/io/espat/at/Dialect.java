package io.espat.at;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What differs between firmware generations, as far as this engine cares.
 *
 * @param sendLimit most bytes of one {@code AT+CIPSEND}: 8192 since 2.3, 2048 before
 * @param fetchLimit most bytes asked for by one {@code AT+CIPRECVDATA}
 * @param receive how passive receive is switched on
 * @param tcpOptions whether {@code AT+CIPTCPOPT} exists (2.1)
 * @param bulk whether {@code AT+CIPSENDL} exists (2.3, not on the ESP8266)
 * @param closesEarly whether CLOSED may come although data waits in the module (NonOS): later ones
 *     withhold it until all has been read
 */
record Dialect(
    int sendLimit,
    int fetchLimit,
    Receive receive,
    boolean tcpOptions,
    boolean bulk,
    boolean closesEarly) {

  /** Ways to switch passive receive on. */
  enum Receive {
    /** {@code AT+CIPRECVTYPE}, since 3.3. */
    PER_LINK,
    /** {@code AT+CIPRECVMODE}, 2.0 to 4.1. */
    GLOBAL,
    /** Neither: the module pushes everything. */
    ACTIVE
  }

  private static final Pattern VERSION = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.");
  private static final int NEW_LIMIT = 8192;
  private static final int OLD_LIMIT = 2048;

  /** Reads the lines of {@code AT+CMD?}: {@code +CMD:12,"AT+CIPSENDL",0,0,1,0}. */
  static Dialect of(List<String> lines, ModuleInfo info) {
    Set<String> names =
        lines.stream()
            .filter(line -> line.startsWith("+CMD:"))
            .map(line -> line.split("\"", -1))
            .filter(parts -> parts.length > 1)
            .map(parts -> parts[1].toUpperCase(Locale.ROOT))
            .collect(Collectors.toSet());
    Receive receive = Receive.ACTIVE;
    if (names.contains("AT+CIPRECVTYPE")) {
      receive = Receive.PER_LINK;
    } else if (names.contains("AT+CIPRECVMODE")) {
      receive = Receive.GLOBAL;
    }
    // CIPSEND of 8192 came in the same release as CIPSENDL; builds may leave the latter out
    boolean bulk = names.contains("AT+CIPSENDL");
    boolean large = bulk || isAtLeast24(info.atVersion());
    int limit = large ? NEW_LIMIT : OLD_LIMIT;
    return new Dialect(
        limit, limit, receive, names.contains("AT+CIPTCPOPT"), bulk, !framesEnd(info));
  }

  /** 2.3 exists for the ESP8266 too, where the limit stayed at 2048; 2.4 does not. */
  private static boolean isAtLeast24(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.lookingAt()) {
      return false;
    }
    int major = Integer.parseInt(matcher.group(1));
    return major > 2 || major == 2 && Integer.parseInt(matcher.group(2)) >= 4;
  }

  /** Tells whether CRLF ends each {@code +IPD} frame: since 2.0, and never with NonOS (1.7). */
  static boolean framesEnd(ModuleInfo info) {
    Matcher matcher = VERSION.matcher(info.atVersion());
    return matcher.lookingAt() && Integer.parseInt(matcher.group(1)) >= 2;
  }

  /** What a module without {@code AT+CMD} (before 2.2) is, given what its queries answered. */
  static Dialect old(Receive receive, boolean tcpOptions, ModuleInfo info) {
    return new Dialect(OLD_LIMIT, OLD_LIMIT, receive, tcpOptions, false, !framesEnd(info));
  }
}
