package io.espat.sim;

import static io.espat.sim.Trait.BARE_FRAMES;
import static io.espat.sim.Trait.BUSY_SENDING;
import static io.espat.sim.Trait.CLOSED_AFTER_FAILED_DIAL;
import static io.espat.sim.Trait.CLOSED_BEFORE_READ;
import static io.espat.sim.Trait.CLOSED_LENGTH_MINUS_ONE;
import static io.espat.sim.Trait.COMMA_BEFORE_COUNT;
import static io.espat.sim.Trait.DIAL_TIMEOUT;
import static io.espat.sim.Trait.ECHO_DOUBLES_CR;
import static io.espat.sim.Trait.ENDLESS_SEND;
import static io.espat.sim.Trait.ERRNO;
import static io.espat.sim.Trait.JOINS_BEFORE_READY;
import static io.espat.sim.Trait.JOIN_FAILS_WITH_FAIL;
import static io.espat.sim.Trait.KEEP_ALIVE_OPTION;
import static io.espat.sim.Trait.LEAVES_AFTER_OK;
import static io.espat.sim.Trait.LOADER_ON_PORT;
import static io.espat.sim.Trait.LOG_WORDS;
import static io.espat.sim.Trait.NO_TIME_NO_ZONE;
import static io.espat.sim.Trait.OK_BEFORE_PUSH;
import static io.espat.sim.Trait.SAME_SERVER_AGAIN;
import static io.espat.sim.Trait.SINGLE_LINK_PASSTHROUGH;
import static io.espat.sim.Trait.SPACED_PROMPT;
import static io.espat.sim.Trait.SPLIT_PROMPT;
import static io.espat.sim.Trait.STATUS_SAYS_LEFT;
import static io.espat.sim.Trait.TELLS_TIME;
import static io.espat.sim.Trait.UNQUOTED_DOMAIN;
import static io.espat.sim.Trait.WHOLE_DIVIDER;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A firmware build that {@link SimulatedModule} can be: its commands, limits and habits.
 *
 * <p>{@link #ESP32_AT_4} and {@link #ESP32_AT_2_1} answer as two recorded builds did; the others
 * follow Espressif's documentation, the libraries of those releases and reports of their users.
 */
public enum Firmware {
  /** ESP-AT 5.0 on an ESP32-C5: without {@code AT+CIPSTATUS} and {@code AT+CIPRECVMODE}. */
  ESP32C5_AT_5(
      "esp32c5-5",
      List.of(
          "AT version:5.0.0.0(b0fe7e5 - ESP32C5 - Aug 22 2025 09:44:01)",
          "SDK version:v5.5-beta1-695-ga3ca8669f24",
          "compile time(7917c1fb):Aug 25 2025 15:10:23",
          "Bin version:v5.0.0.0(ESP32C5-4MB)"),
      Limits.LARGE,
      DIAL_TIMEOUT,
      KEEP_ALIVE_OPTION,
      ERRNO,
      JOINS_BEFORE_READY,
      TELLS_TIME),

  /** ESP-AT 4.2 on an ESP32, as recorded: frames of one TCP segment (1440 bytes). */
  ESP32_AT_4(
      "esp32-4",
      List.of(
          "AT version:4.2.0.0-dev(bbccb5e - ESP32 - Feb  9 2026 02:41:25)",
          "SDK version:-128-NOTFOUND",
          "compile time(28167d3f):Mar  2 2026 11:02:16",
          "Bin version:ES4.2.0(WROOM-32)"),
      Limits.LARGE,
      DIAL_TIMEOUT,
      KEEP_ALIVE_OPTION,
      ERRNO,
      JOINS_BEFORE_READY,
      TELLS_TIME),

  /** ESP-AT 3.4 on an ESP32: no time-out for a dial, −1 for the length of a closed link. */
  ESP32_AT_3(
      "esp32-3",
      List.of(
          "AT version:3.4.0.0(s-c31b833 - ESP32 - Jun  7 2024 03:48:17)",
          "SDK version:v5.0.6-dirty",
          "compile time(70ff5889):Jun  7 2024 04:46:00",
          "Bin version:v3.4.0.0(WROOM-32)"),
      Limits.LARGE,
      CLOSED_LENGTH_MINUS_ONE,
      KEEP_ALIVE_OPTION,
      TELLS_TIME),

  /** ESP-AT 2.4 on an ESP32-C3: one receive mode for all links, no {@code AT+SYSMFG}. */
  ESP32C3_AT_2_4(
      "esp32c3-2.4",
      List.of(
          "AT version:2.4.0.0(4c6eb5e - ESP32C3 - May 20 2022 03:11:59)",
          "SDK version:qa-test-v4.3.3-20220423",
          "compile time(5641e0a):May 20 2022 11:13:44",
          "Bin version:2.4.0(MINI-1)"),
      Limits.LARGE,
      CLOSED_LENGTH_MINUS_ONE,
      KEEP_ALIVE_OPTION,
      SAME_SERVER_AGAIN,
      NO_TIME_NO_ZONE),

  /** ESP-AT 2.1 on an ESP32, as recorded: payloads of up to 2048 bytes, no {@code AT+CMD?}. */
  ESP32_AT_2_1(
      "esp32-2.1",
      List.of(
          "AT version:2.1.0.0-dev(4f6b92c - Jun 10 2020 10:36:54)",
          "SDK version:v4.0.1-193-ge7ac221b4",
          "compile time(b85a8df):Jun 18 2020 14:00:59",
          "Bin version:2.0.0(WROOM-32)"),
      Limits.SMALL,
      SPLIT_PROMPT,
      UNQUOTED_DOMAIN,
      CLOSED_LENGTH_MINUS_ONE,
      ENDLESS_SEND,
      LEAVES_AFTER_OK,
      OK_BEFORE_PUSH,
      SINGLE_LINK_PASSTHROUGH,
      STATUS_SAYS_LEFT,
      SAME_SERVER_AGAIN,
      NO_TIME_NO_ZONE),

  /** ESP-AT 2.2 on an ESP8266: payloads of up to 2048 bytes, no {@code AT+CIPSENDL}. */
  ESP8266_AT_2(
      "esp8266-2",
      List.of(
          "AT version:2.2.2.0-dev(b65f53f - ESP8266 - Jul  5 2024 06:59:26)",
          "SDK version:v3.4-84-ge19ff9af",
          "compile time(73094a40):Oct 25 2024 03:20:06",
          "Bin version:2.2.1(ESP8266_1MB)"),
      Limits.SMALL_1460,
      SPLIT_PROMPT,
      WHOLE_DIVIDER,
      CLOSED_LENGTH_MINUS_ONE,
      SAME_SERVER_AGAIN,
      NO_TIME_NO_ZONE),

  /** The older "NonOS" AT 1.7 on an ESP8266: other prompt, echo, frames and words of failure. */
  ESP8266_NONOS_1_7(
      "esp8266-nonos",
      List.of(
          "AT version:1.7.4.0(May 11 2020 19:13:04)",
          "SDK version:3.0.4(9532ceb)",
          "compile time:May 27 2020 10:12:17",
          "Bin version(Wroom 02):1.7.4"),
      Limits.NONOS,
      SPACED_PROMPT,
      LOADER_ON_PORT,
      WHOLE_DIVIDER,
      ECHO_DOUBLES_CR,
      LOG_WORDS,
      JOIN_FAILS_WITH_FAIL,
      BARE_FRAMES,
      COMMA_BEFORE_COUNT,
      CLOSED_BEFORE_READ,
      BUSY_SENDING,
      SINGLE_LINK_PASSTHROUGH,
      SAME_SERVER_AGAIN,
      NO_TIME_NO_ZONE,
      CLOSED_AFTER_FAILED_DIAL,
      UNQUOTED_DOMAIN);

  /** Sizes in bytes: one send's payload, receive window, TCP segment, one frame, one read. */
  private record Limits(int payload, int window, int segment, int frame, int read) {
    static final Limits LARGE = new Limits(8192, 5760, 1440, 2920, Integer.MAX_VALUE);
    static final Limits SMALL = new Limits(2048, 5760, 1440, 2920, Integer.MAX_VALUE);
    static final Limits SMALL_1460 = new Limits(2048, 5840, 1460, 2920, Integer.MAX_VALUE);
    static final Limits NONOS = new Limits(2048, 2920, 1460, 1460, 2048);
  }

  /** Links 0..4, in every ESP-AT build with default options. */
  static final int LINKS = 5;

  /** A command line with its CR LF is at most this long. */
  static final int LINE_LIMIT = 256;

  /** The receive FIFO of the UART: no chunk that the firmware sees is longer. */
  static final int FIFO = 128;

  private final String title;
  private final Set<String> commands;
  private final Set<Trait> traits;
  final List<String> versionLines;
  final int payloadLimit;
  final int window;
  final int segment;
  final int frameLimit;
  final int readLimit;

  Firmware(String title, List<String> versionLines, Limits limits, Trait... traits) {
    this.title = title;
    this.versionLines = versionLines;
    this.traits = EnumSet.noneOf(Trait.class);
    this.traits.addAll(List.of(traits));
    commands = Repertoire.column(ordinal());
    payloadLimit = limits.payload;
    window = limits.window;
    segment = limits.segment;
    frameLimit = limits.frame;
    readLimit = limits.read;
  }

  /** Returns the stable name that command lines use, such as {@code esp32-4}. */
  public String title() {
    return title;
  }

  /** Finds a build by its {@link #title()}, in any case of letters. */
  public static Optional<Firmware> of(String title) {
    for (Firmware one : values()) {
      if (one.title.equals(title.toLowerCase(Locale.ROOT))) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /**
   * Says whether this build has a command, such as {@code AT+CIPSENDL}, in any case of letters.
   *
   * <p>The module leaves out some commands that builds have (Bluetooth, for one).
   */
  public boolean has(String command) {
    return commands.contains(command.toUpperCase(Locale.ROOT));
  }

  boolean has(Trait trait) {
    return traits.contains(trait);
  }
}
