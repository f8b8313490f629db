package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each firmware says, byte for byte, where they differ. */
class ProfilesTest {
  private static final String JOINS_FIRST = "WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n";
  private static final String READY_FIRST = "\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n";
  private static final Setup.Pace QUICK =
      new Setup.Pace(
          Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofSeconds(9));

  /**
   * One column of the table of differences.
   *
   * @param end what an echoed line ends with
   * @param passive how link 0 becomes passive while there may be five links
   * @param data how a passive read of "abc" begins
   * @param closed what {@code AT+CIPRECVLEN?} says of a closed link
   * @param tail what stands behind the data of a frame
   */
  record Profile(
      Firmware firmware,
      String boot,
      String end,
      String version,
      String prompt,
      int payload,
      String passive,
      String data,
      int closed,
      String tail,
      boolean words) {
    @Override
    public String toString() {
      return firmware.title();
    }
  }

  static Stream<Profile> profiles() {
    String together = "\r\nOK\r\n\r\n>";
    String colon = "+CIPRECVDATA:3,abc";
    String comma = "+CIPRECVDATA,3:abc";
    String each = "AT+CIPRECVTYPE=0,1";
    String all = "AT+CIPRECVMODE=1";
    return Stream.of(
        new Profile(
            Firmware.ESP32C5_AT_5,
            JOINS_FIRST,
            "\r\n",
            "AT version:5.0.0.0(b0fe7e5 - ESP32C5",
            together,
            8192,
            each,
            colon,
            0,
            "\r\n",
            false),
        new Profile(
            Firmware.ESP32_AT_4,
            JOINS_FIRST,
            "\r\n",
            "AT version:4.2.0.0-dev(bbccb5e - ESP32",
            together,
            8192,
            each,
            colon,
            0,
            "\r\n",
            false),
        new Profile(
            Firmware.ESP32_AT_3,
            READY_FIRST,
            "\r\n",
            "AT version:3.4.0.0(s-c31b833 - ESP32",
            together,
            8192,
            each,
            colon,
            -1,
            "\r\n",
            false),
        new Profile(
            Firmware.ESP32C3_AT_2_4,
            READY_FIRST,
            "\r\n",
            "AT version:2.4.0.0(4c6eb5e - ESP32C3",
            together,
            8192,
            all,
            colon,
            -1,
            "\r\n",
            false),
        new Profile(
            Firmware.ESP32_AT_2_1,
            READY_FIRST,
            "\r\n",
            "AT version:2.1.0.0-dev(4f6b92c - Jun 10 2020",
            together,
            2048,
            all,
            colon,
            -1,
            "\r\n",
            false),
        new Profile(
            Firmware.ESP8266_AT_2,
            READY_FIRST,
            "\r\n",
            "AT version:2.2.2.0-dev(b65f53f - ESP8266",
            together,
            2048,
            all,
            colon,
            -1,
            "\r\n",
            false),
        new Profile(
            Firmware.ESP8266_NONOS_1_7,
            READY_FIRST,
            "\r\r\n",
            "AT version:1.7.4.0(May 11 2020 19:13:04)",
            "\r\nOK\r\n> ",
            2048,
            all,
            comma,
            0,
            "",
            true));
  }

  private static SimulatedModule module(Profile profile) {
    return SimulatedModule.builder().firmware(profile.firmware).pace(QUICK).build();
  }

  private static HostSide quiet(SimulatedModule module, Profile profile) throws Exception {
    HostSide host = HostSide.of(module).expect(profile.boot);
    host.send("ATE0\r\n");
    return host.expect("ATE0" + profile.end + "\r\nOK\r\n");
  }

  private static String dial(int id, int port) {
    return "AT+CIPSTART=" + id + ",\"TCP\",\"127.0.0.1\"," + port;
  }

  /** What stands before ERROR where log words come to the AT port. */
  private static String refused(Profile profile, String word) {
    return (profile.words ? word + "\r\n" : "") + "\r\nERROR\r\n";
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void sayWhoTheyAre(Profile profile) throws Exception {
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile)) {
      host.send("AT+GMR\r\n");
      String version = host.until("\r\nOK\r\n");
      assertThat(version).startsWith(profile.version).contains("\r\nSDK version:");
      assertThat(version).contains(profile.words ? "Bin version(Wroom 02):" : "\r\nBin version:");
      assertThat(version.split("\r\n")).hasSize(6); // four lines, a blank one, OK
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void answerOnlyTheirCommands(Profile profile) throws Exception {
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile)) {
      for (String name :
          List.of(
              "AT+CMD",
              "AT+SYSLOG",
              "AT+SYSSTORE",
              "AT+SYSTIMESTAMP",
              "AT+CWSTATE",
              "AT+CIPRECVMODE",
              "AT+CIPRECVTYPE",
              "AT+CIPSENDLCFG",
              "AT+CIPSTATE",
              "AT+CIPTCPOPT",
              "AT+CWRECONNCFG",
              "AT+CWMODE_CUR",
              "AT+USERRAM")) {
        host.send(name + "?\r\n");
        if (profile.firmware.has(name)) {
          assertThat(host.until("\r\nOK\r\n")).as(name).doesNotContain("ERROR");
        } else {
          host.expect("\r\nERROR\r\n");
        }
      }
      host.ask(
          "AT+CIPSTATUS",
          profile.firmware.has("AT+CIPSTATUS") ? "STATUS:2\r\n\r\nOK\r\n" : "\r\nERROR\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void promptAndLimitASend(Profile profile) throws Exception {
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile);
        Peer peer = new Peer()) {
      host.ask("AT+CIPMUX=1", "\r\nOK\r\n").ask(dial(0, peer.port()), "0,CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        host.ask("AT+CIPSEND=0," + (profile.payload + 1), "\r\nERROR\r\n");
        host.ask("AT+CIPSEND=0," + profile.payload, profile.prompt);
        String payload = "x".repeat(profile.payload);
        host.send(payload);
        host.expect("\r\nRecv " + profile.payload + " bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(far, payload.length())).isEqualTo(payload);
        host.ask(
            "AT+CIPSENDL=0,5",
            profile.firmware.has("AT+CIPSENDL") ? profile.prompt : "\r\nERROR\r\n");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void frameWhatArrives(Profile profile) throws Exception {
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile);
        Peer peer = new Peer()) {
      host.ask("AT+CIPMUX=1", "\r\nOK\r\n").ask(dial(0, peer.port()), "0,CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        Peer.send(far, "abc");
        host.expect("\r\n+IPD,0,3:abc" + profile.tail);
        host.ask("AT+CIPDINFO=1", "\r\nOK\r\n");
        Peer.send(far, "abc");
        String address = profile.words ? "127.0.0.1" : "\"127.0.0.1\"";
        host.expect("\r\n+IPD,0,3," + address + "," + peer.port() + ":abc" + profile.tail);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void holdBackAndCountWhatArrives(Profile profile) throws Exception {
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile);
        Peer peer = new Peer()) {
      host.ask("AT+CIPMUX=1", "\r\nOK\r\n").ask(profile.passive, "\r\nOK\r\n");
      host.ask(dial(0, peer.port()), "0,CONNECT\r\n\r\nOK\r\n");
      String closed = ("," + profile.closed).repeat(4);
      try (Socket far = peer.accept()) {
        Peer.send(far, "abcdef");
        host.expect("\r\n+IPD,0,6\r\n");
        host.ask("AT+CIPRECVLEN?", "+CIPRECVLEN:6" + closed + "\r\n\r\nOK\r\n");
        host.ask("AT+CIPRECVDATA=0,3", profile.data + "\r\nOK\r\n\r\n+IPD,0,3\r\n");
      }
      host.expect(profile.words ? "0,CLOSED\r\n" : ""); // NonOS does not wait for the reader
      HostSide.eventually("the end of the link", () -> module.bytesFromPeers() == 6);
      String rest = profile.data.replace("abc", "def");
      host.ask("AT+CIPRECVDATA=0,2049", profile.words ? "\r\nERROR\r\n" : "");
      if (profile.words) {
        host.ask("AT+CIPRECVDATA=0,2048", rest + "\r\nOK\r\n");
      } else {
        host.expect(rest + "\r\nOK\r\n0,CLOSED\r\n");
      }
      host.ask("AT+CIPRECVLEN?", "+CIPRECVLEN:" + profile.closed + closed + "\r\n\r\nOK\r\n");
      host.ask("AT+CIPRECVDATA=0,3", "\r\nERROR\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void sayWhyTheyRefuse(Profile profile) throws Exception {
    int free;
    try (Peer gone = new Peer()) {
      free = gone.port();
    }
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile);
        Peer peer = new Peer()) {
      host.ask("AT+CIPCLOSE=0", refused(profile, "MUX=0"));
      host.ask("AT+CIPMUX=1", "\r\nOK\r\n").ask(dial(0, peer.port()), "0,CONNECT\r\n\r\nOK\r\n");
      host.ask(dial(0, peer.port()), refused(profile, "ALREADY CONNECTED"));
      host.ask("AT+CIPSEND=1,5", refused(profile, "link is not valid"));
      host.ask("AT+CIPCLOSE=1", refused(profile, "UNLINK"));
      host.ask(dial(1, free), "\r\nERROR\r\n" + (profile.words ? "1,CLOSED\r\n" : ""));
      String unknown = "AT+CIPSTART=1,\"TCP\",\"nosuch.invalid\",25";
      host.ask(unknown, refused(profile, "DNS Fail"));
      host.ask("AT+CIPDOMAIN=\"nosuch.invalid\"", refused(profile, "DNS Fail"));
      host.ask("AT+CIPSTART=1,\"XYZ\",\"127.0.0.1\",25", refused(profile, "Link type ERROR"));
      host.ask("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
      String fails = profile.words ? "FAIL" : "ERROR";
      host.ask("AT+CWJAP=\"nowhere\",\"\"", "WIFI DISCONNECT\r\n+CWJAP:3\r\n\r\n" + fails + "\r\n");
      host.ask(dial(1, peer.port()), refused(profile, "no ip"));
      host.ask("AT+CWJAP?", profile.words ? "No AP\r\n\r\nOK\r\n" : "\r\nOK\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void explainAFailedDialOnlyWhereTheBuildDoes(Profile profile) throws Exception {
    int free;
    try (Peer gone = new Peer()) {
      free = gone.port();
    }
    boolean errno = List.of("esp32c5-5", "esp32-4").contains(profile.firmware.title());
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile)) {
      if (profile.firmware.has("AT+SYSLOG")) {
        host.ask("AT+SYSLOG=1", "\r\nOK\r\n");
      }
      host.ask(
          "AT+CIPSTART=\"TCP\",\"127.0.0.1\"," + free,
          (errno ? "+ERRNO:0x68\r\n" : "") + "\r\nERROR\r\n" + (profile.words ? "CLOSED\r\n" : ""));
      host.ask("AT+NOSUCH", (profile.words ? "" : "ERR CODE:0x01090000\r\n") + "\r\nERROR\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void takeTheParametersOfTheirRelease(Profile profile) throws Exception {
    String title = profile.firmware.title();
    boolean timeout = List.of("esp32c5-5", "esp32-4").contains(title);
    boolean unquoted = List.of("esp32-2.1", "esp8266-nonos").contains(title);
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile);
        Peer peer = new Peer()) {
      host.ask(
          "AT+CIPDOMAIN=\"localhost\"",
          "+CIPDOMAIN:" + (unquoted ? "127.0.0.1" : "\"127.0.0.1\"") + "\r\n\r\nOK\r\n");
      host.ask(
          "AT+CIPDOMAIN=\"localhost\",1,5000",
          timeout ? "+CIPDOMAIN:\"127.0.0.1\"\r\n\r\nOK\r\n" : "\r\nERROR\r\n");
      host.ask(
          "AT+CIPSTART=\"TCP\",\"127.0.0.1\"," + peer.port() + ",60,,5000",
          timeout ? "CONNECT\r\n\r\nOK\r\n" : "\r\nERROR\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void allowPassthroughByMultipleLinks(Profile profile) throws Exception {
    boolean refused = List.of("esp32-2.1", "esp8266-nonos").contains(profile.firmware.title());
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile)) {
      host.ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask("AT+CIPMODE=1", refused ? "\r\nERROR\r\n" : "\r\nOK\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void listTheirSocketOptionsAndTimeServers(Profile profile) throws Exception {
    String title = profile.firmware.title();
    boolean keepAlive = List.of("esp32c5-5", "esp32-4", "esp32-3", "esp32c3-2.4").contains(title);
    boolean tells = List.of("esp32c5-5", "esp32-4", "esp32-3").contains(title);
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile)) {
      if (profile.firmware.has("AT+CIPTCPOPT")) {
        host.ask(
            "AT+CIPTCPOPT?", "+CIPTCPOPT:0,-1,0,0" + (keepAlive ? ",0" : "") + "\r\n\r\nOK\r\n");
        host.ask("AT+CIPTCPOPT=-1,0,3000,5", keepAlive ? "\r\nOK\r\n" : "\r\nERROR\r\n");
      }
      host.ask("AT+CIPSNTPCFG?", "+CIPSNTPCFG:0" + (tells ? ",0" : "") + "\r\n\r\nOK\r\n");
      host.ask("AT+CIPSNTPCFG=1,2", "\r\nOK\r\n" + (tells ? "+TIME_UPDATED\r\n" : ""));
      host.ask("AT", "\r\nOK\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void answerASecondServer(Profile profile) throws Exception {
    boolean refused = List.of("esp32c5-5", "esp32-4", "esp32-3").contains(profile.firmware.title());
    int free;
    try (Peer gone = new Peer()) {
      free = gone.port();
    }
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile)) {
      host.ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSERVER=1," + free, "\r\nOK\r\n");
      host.ask("AT+CIPSERVER=1," + (free - 1), "\r\nERROR\r\n");
      String same = (profile.words ? "no change\r\n" : "") + "\r\nOK\r\n";
      host.ask("AT+CIPSERVER=1," + free, refused ? "\r\nERROR\r\n" : same);
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void restartAndTellTheirSpeed(Profile profile) throws Exception {
    boolean whole = profile.firmware.title().startsWith("esp8266");
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile)) {
      host.ask("AT+UART_CUR?", "+UART_CUR:" + (whole ? 115273 : 115201) + ",8,1,0,1\r\n\r\nOK\r\n");
      host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\n");
      if (profile.words) { // the loader's words at another speed
        String noise = host.until("\r\nready\r\n");
        assertThat(noise.substring(0, noise.indexOf("\r\nready"))).hasSizeBetween(100, 400);
        assertThat(noise).startsWith("\0\u00ff");
        host.expect("WIFI CONNECTED\r\nWIFI GOT IP\r\n");
      } else {
        host.expect(profile.boot);
      }
      host.ask("AT", "AT" + profile.end + "\r\nOK\r\n");
    }
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void leaveTheirNetwork(Profile profile) throws Exception {
    try (SimulatedModule module = module(profile);
        HostSide host = quiet(module, profile);
        Peer peer = new Peer()) {
      host.ask("AT+CIPSTART=\"TCP\",\"127.0.0.1\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      boolean recorded = profile.firmware == Firmware.ESP32_AT_2_1;
      host.ask(
          "AT+CWQAP",
          recorded
              ? "\r\nOK\r\nCLOSED\r\nCLOSED\r\nWIFI DISCONNECT\r\n"
              : "WIFI DISCONNECT\r\n\r\nOK\r\nCLOSED\r\n");
    }
  }
}
