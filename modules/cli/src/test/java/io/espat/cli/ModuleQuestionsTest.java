package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.Firmware;
import io.espat.sim.SimulatedModule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code espat info}, {@code wifi}, {@code net} and {@code at}, on every firmware. */
class ModuleQuestionsTest {
  private static final String PASSPHRASE = "correct horse battery";

  private static Cli.Outcome run(SimulatedModule module, String... words) throws IOException {
    return run(new Cli(), module, words);
  }

  private static Cli.Outcome run(Cli cli, SimulatedModule module, String... words)
      throws IOException {
    int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return again(cli, port, words);
  }

  private static Cli.Outcome again(Cli cli, int port, String... words) {
    return cli.environment("ESPAT_DEVICE", "tcp://127.0.0.1:" + port).run(words);
  }

  private static SimulatedModule.Builder module(Firmware firmware) {
    return SimulatedModule.builder()
        .firmware(firmware)
        .host("mail.test", "127.0.0.1")
        .wifi("plant", PASSPHRASE.toCharArray())
        .wifi("guests");
  }

  @ParameterizedTest
  @EnumSource
  void infoShowsWhatItIs(Firmware firmware) throws IOException {
    try (SimulatedModule module = module(firmware).build()) {
      Cli.Outcome outcome = run(module, "info");
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.code()).isZero();
      assertThat(outcome.out()).contains("firmware", "AT ", "joined plant", "dBm");
    }
  }

  @ParameterizedTest
  @EnumSource
  void infoShowsHowTheFirmwareSendsAndReceives(Firmware firmware) throws IOException {
    String control =
        switch (firmware) {
          case ESP32C5_AT_5, ESP32_AT_4, ESP32_AT_3 -> "EACH_LINK";
          case ESP32C3_AT_2_4, ESP32_AT_2_1, ESP8266_AT_2, ESP8266_NONOS_1_7 -> "ALL_LINKS";
        };
    boolean large =
        switch (firmware) {
          case ESP32C5_AT_5, ESP32_AT_4, ESP32_AT_3, ESP32C3_AT_2_4 -> true;
          case ESP32_AT_2_1, ESP8266_AT_2, ESP8266_NONOS_1_7 -> false;
        };
    int limit = large ? 8192 : 2048;
    try (SimulatedModule module = module(firmware).build()) {
      int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThat(again(new Cli(), port, "info").out())
          .contains("sends     by AT+CIPSEND, up to " + limit + " bytes at a time")
          .contains("receives  fetched, up to " + limit + " bytes at a time, can be changed for ")
          .contains(control.equals("EACH_LINK") ? "each link" : "all links together");
      assertThat(again(new Cli(), port, "info", "--json").out())
          .contains("\"bulk\":false,\"bulkKnown\":" + large + ",\"sendLimit\":" + limit)
          .contains("\"receive\":\"fetched\",\"receiveControl\":\"" + control + "\"");
    }
  }

  @ParameterizedTest
  @EnumSource
  void scanListsTheNetworks(Firmware firmware) throws IOException {
    try (SimulatedModule module = module(firmware).build()) {
      Cli.Outcome outcome = run(module, "wifi", "scan");
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.out())
          .containsPattern("dBm +\\d+ +WPA2? +[0-9a-f:]{17}  plant")
          .containsPattern("dBm +\\d+ +open +[0-9a-f:]{17}  guests");
    }
  }

  @ParameterizedTest
  @EnumSource
  void joinStatusAndLeave(Firmware firmware, @TempDir Path folder) throws IOException {
    Path key = folder.resolve("wifi.key");
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, PASSPHRASE + "\n");
    try (SimulatedModule module = module(firmware).joined(false).build()) {
      int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Cli.Outcome absent = again(new Cli(), port, "wifi", "status");
      assertThat(absent.code()).isEqualTo(75);
      assertThat(absent.err()).contains("[E-WIFI-ABSENT]", "espat wifi join");

      Cli.Outcome joined =
          again(
              new Cli(), port, "wifi", "join", "plant", "--passphrase-file", key.toString(), "-vv");
      assertThat(joined.code()).as(joined.err()).isZero();
      assertThat(joined.out()).contains("joined plant", "dBm");
      assertThat(joined.all()).doesNotContain(PASSPHRASE).doesNotContain("battery");

      assertThat(again(new Cli(), port, "wifi", "status").out()).contains("joined plant");
      assertThat(again(new Cli(), port, "wifi", "leave").code()).isZero();
      assertThat(again(new Cli(), port, "wifi", "status").code()).isEqualTo(75);
    }
  }

  @Test
  void aWrongPassphraseIsDenied() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).joined(false).build()) {
      Cli.Outcome outcome =
          run(
              new Cli().input("wrong passphrase\n"),
              module,
              "wifi",
              "join",
              "plant",
              "--passphrase-fd",
              "0");
      assertThat(outcome.code()).isEqualTo(77);
      assertThat(outcome.err()).contains("[E-WIFI-PASSPHRASE]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesEchoesAndTime(Firmware firmware) throws IOException {
    try (SimulatedModule module = module(firmware).build()) {
      int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertThat(again(new Cli(), port, "net", "resolve", "mail.test").out())
          .isEqualTo("127.0.0.1\n");
      Cli.Outcome unknown = again(new Cli(), port, "net", "resolve", "nobody.test");
      assertThat(unknown.code()).isEqualTo(68);
      assertThat(unknown.err()).contains("[E-NET-DNS]");
      assertThat(again(new Cli(), port, "net", "ping", "mail.test").out())
          .containsPattern("mail.test answers in \\d+ ms");
      Cli.Outcome time = again(new Cli(), port, "net", "time");
      assertThat(time.err()).isEmpty();
      assertThat(time.out()).containsPattern("^20\\d\\d-.*Z  this computer: the same");
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneRawCommand(Firmware firmware) throws IOException {
    try (SimulatedModule module = module(firmware).build()) {
      Cli.Outcome outcome = run(module, "at", "AT+CIPMUX?");
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(outcome.out()).isEqualTo("+CIPMUX:1\nOK\n");
    }
  }

  @Test
  void aPromptAnswersLineByLine() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome =
          run(
              new Cli().input("AT\n\nAT+NONSENSE\nAT+RESTORE\nhello\nAT+CIPMUX=0\nAT+CWMODE?\n"),
              module,
              "at");
      assertThat(outcome.code()).isEqualTo(64); // of the last line that could not be sent
      assertThat(outcome.out()).startsWith("OK\n").contains("ERROR\n").endsWith("+CWMODE:1\nOK\n");
      assertThat(outcome.err()).contains("changes the module for good", "belongs to the engine");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AT+RESTORE",
        "AT+UART_DEF=9600,8,1,0,0",
        "at+cwmode=2",
        "AT+SYSFLASH=0,\"x\"",
        "AT+CWJAP=\"a\",\"b\"",
        "AT+CIPSSLCPSK=0,\"a\",\"b\"",
        "ATE1",
        "AT+CIPSEND=0,5",
        "hello"
      })
  void whatMustNotBeSentIsRefusedWithAReason(String line) throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome = run(module, "at", line);
      assertThat(outcome.code()).isEqualTo(64);
      assertThat(outcome.err()).contains("[E-USAGE]");
    }
  }

  @Test
  void whatLastsIsSentWhenConfirmed() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      assertThat(run(module, "at", "AT+CWMODE=3", "--yes").out()).isEqualTo("OK\n");
    }
  }

  @Test
  void aRefusalShowsTheModulesWords() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome = run(module, "at", "AT+NONSENSE");
      assertThat(outcome.code()).isEqualTo(74);
      assertThat(outcome.err()).contains("[E-AT-ERROR]", "ERR CODE:0x01090000");
    }
  }

  @Test
  void aPassphraseInTheArgumentsIsRefused() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome = run(module, "wifi", "join", "plant", "--passphrase", PASSPHRASE);
      assertThat(outcome.code()).isEqualTo(64);
      assertThat(outcome.all()).contains("--passphrase-file").doesNotContain(PASSPHRASE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutWifiNobodyIsWaitedFor(Firmware firmware) throws IOException {
    try (SimulatedModule module = module(firmware).joined(false).build()) {
      int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (String question : List.of("resolve mail.test", "ping mail.test", "time")) {
        Cli.Outcome outcome = again(new Cli(), port, ("net " + question).split(" "));
        assertThat(outcome.code()).as(question).isEqualTo(75);
        assertThat(outcome.err()).contains("[E-WIFI-ABSENT]", "espat wifi join");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEchoThatDoesNotComeIsATimeOut(Firmware firmware) throws IOException {
    try (SimulatedModule module = module(firmware).build()) {
      Cli.Outcome outcome = run(module, "net", "ping", "192.0.2.1");
      assertThat(outcome.code()).isEqualTo(75);
      assertThat(outcome.err()).contains("[E-NET-TIMEOUT]", "no echo from 192.0.2.1");
    }
  }

  @Test
  void aWholeDialogueIsOneDocument() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome =
          run(
              new Cli().input("AT+CWMODE?\r\n\nAT+NONSENSE\nAT+CWJAP=\"a\",\"hunter2\"\nAT"),
              module,
              "at",
              "--json");
      assertThat(outcome.code()).isEqualTo(64);
      assertThat(outcome.out())
          .startsWith("{\"schema\":1,\"command\":\"at\",\"status\":\"failed\",\"answers\":[")
          .contains("{\"sent\":\"AT+CWMODE?\",\"status\":\"ok\",\"lines\":[\"+CWMODE:1\"],")
          .contains("{\"sent\":\"AT+NONSENSE\",\"status\":\"failed\",\"lines\":[\"ERR CODE:")
          .contains("{\"sent\":null,\"status\":\"failed\",\"lines\":[],", "\"E-USAGE\"")
          .contains("{\"sent\":\"AT\",\"status\":\"ok\",\"lines\":[],");
      assertThat(outcome.out().lines()).hasSize(1);
      assertThat(outcome.all()).doesNotContain("hunter2");
    }
  }

  @Test
  void aLineOfAnyLengthIsRefusedAndNotKept() throws IOException {
    InputStream long20M =
        new SequenceInputStream(repeated('A', 20_000_000), text("\nAT+CWMODE?\n"));
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome = run(new Cli().input(long20M), module, "at");
      assertThat(outcome.code()).isEqualTo(64);
      assertThat(outcome.err()).contains("a command begins with AT");
      assertThat(outcome.out()).isEqualTo("+CWMODE:1\nOK\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AT+CWJAP=\"a\",\"hunter2?",
        "at+cwjap=\"a\",\"hunter2\"?",
        "AT+MQTTUSERCFG=hunter2?"
      })
  void aQuestionMarkDoesNotMakeASecretAQuery(String line) throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome = run(module, "at", line, "-vv");
      assertThat(outcome.code()).isEqualTo(64);
      assertThat(outcome.all()).doesNotContain("hunter2");
    }
  }

  @Test
  void whatEspatDoesItselfIsToldWithItsCommands() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome = run(module, "at", "AT+CIPSTART=0,\"TCP\",\"mail.test\",25");
      assertThat(outcome.err())
          .contains("AT+CIPSTART", "belongs to the engine", "espat send", "--switch-baud")
          .doesNotContain("sockets()");
    }
  }

  @Test
  void theModulesWordsAreToldOnce() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      assertThat(run(module, "at", "AT+NONSENSE").err()).containsOnlyOnce("ERR CODE:0x01090000");
    }
  }

  @Test
  void anEndThatWasWantedIsNoErrorOfTheDialogue() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      assertThat(run(module, "wifi", "status", "-vv").err())
          .contains("*> AT")
          .doesNotContain("** ");
    }
  }

  @Test
  void aSpeedOnALineWithoutOneIsNotTakenInSilence() throws IOException {
    try (SimulatedModule module = module(Firmware.ESP32_AT_4).build()) {
      Cli.Outcome outcome = run(module, "info", "--switch-baud", "921600");
      assertThat(outcome.code()).isZero();
      assertThat(outcome.err()).contains("warning: --switch-baud changes nothing", "tcp://");
    }
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static InputStream repeated(char octet, int times) {
    return new InputStream() {
      private int left = times;

      @Override
      public int read() {
        return left-- > 0 ? octet : -1;
      }
    };
  }
}
