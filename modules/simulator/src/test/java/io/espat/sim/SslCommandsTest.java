package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code AT+CIPSSLC…} at the byte level. */
class SslCommandsTest {
  private static final String OK = "\r\nOK\r\n";

  private interface Talk {
    void with(HostSide host) throws Exception;
  }

  private static void talk(Talk talk) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      talk.with(host.quiet());
    }
  }

  @Test
  void eachLinkHasItsOwnSettings() throws Exception {
    talk(
        host -> {
          host.ask("AT+CIPMUX=1", OK).ask("AT+CIPSSLCCONF=5,1,1,1", OK);
          host.ask("AT+CIPSSLCCONF=2,0", OK);
          host.ask(
              "AT+CIPSSLCCONF?",
              "+CIPSSLCCONF:0,1,1,1\r\n+CIPSSLCCONF:1,1,1,1\r\n+CIPSSLCCONF:2,0,0,0\r\n"
                  + "+CIPSSLCCONF:3,1,1,1\r\n+CIPSSLCCONF:4,1,1,1\r\n"
                  + OK);
          host.ask("AT+CIPSSLCCN=1,\"a.example\"", OK).ask("AT+CIPSSLCCN=3,\"b.example\"", OK);
          host.ask("AT+CIPSSLCCN?", "+CIPSSLCCN:1,a.example\r\n+CIPSSLCCN:3,b.example\r\n" + OK);
          host.ask("AT+CIPSSLCALPN=4,2,\"h2\",\"ftp\"", OK);
          host.ask("AT+CIPSSLCALPN?", "+CIPSSLCALPN:4,h2,ftp\r\n" + OK);
          host.ask("AT+CIPSSLCPSKHEX=0,\"00ff\",\"me\"", OK);
          host.ask("AT+CIPSSLCPSKHEX?", "+CIPSSLCPSKHEX:0,00ff,me\r\n" + OK);
          host.ask("AT+CIPSSLCPSK?", OK);
        });
  }

  @Test
  void whatIsNotStoredIsNamedAndTakenAllTheSame() throws Exception {
    talk(
        host -> {
          host.ask("AT+CIPSSLCCONF=1,7,0", "NO CERT FOUND\r\nNO PRVT_KEY FOUND\r\n" + OK);
          host.ask("AT+CIPSSLCCONF=2,0,7", "NO CA FOUND\r\n" + OK);
          host.ask(
              "AT+CIPSSLCCONF=3,7,7", "NO CERT FOUND\r\nNO PRVT_KEY FOUND\r\nNO CA FOUND\r\n" + OK);
          host.ask("AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,3,7,7\r\n" + OK);
          host.ask("AT+CIPSTART=\"SSL\",\"127.0.0.1\",9", "\r\nERROR\r\n");
        });
  }

  @Test
  void theModeIsKeptAndTheRestForgotten() throws Exception {
    talk(
        host -> {
          host.ask("AT+CIPSSLCCONF=2,0,1", OK).ask("AT+CIPSSLCSNI=\"a.example\"", OK);
          host.ask("AT+CIPSSLCPSK=\"key\",\"me\"", OK);
          host.send("AT+RST\r\n");
          host.until("GOT IP\r\n");
          host.ask("ATE0", "ATE0\r\n" + OK);
          host.ask("AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,2,0,1\r\n" + OK);
          host.ask("AT+CIPSSLCSNI?", OK).ask("AT+CIPSSLCPSK?", OK);
        });
  }

  @Test
  void suitesAreListedByNumber() throws Exception {
    talk(
        host -> {
          host.send("AT+CIPSSLCCIPHER?\r\n");
          assertThat(host.until(OK))
              .startsWith("+CIPSSLCCIPHER:0,0xC02C\r\n+CIPSSLCCIPHER:1,0xC030\r\n");
          host.ask("AT+CIPSSLCCIPHER=2,0xC02B,0xC02F", OK).ask("AT+CIPSSLCCIPHER=0", OK);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AT+CIPSSLCCONF=4",
        "AT+CIPSSLCCONF=2",
        "AT+CIPSSLCCONF=0,2,0,0", // an id without CIPMUX=1
        "AT+CIPSSLCCN=plain",
        "AT+CIPSSLCALPN=6,\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"",
        "AT+CIPSSLCALPN=2,\"a\"",
        "AT+CIPSSLCPSK=\"only\"",
        "AT+CIPSSLCPSKHEX=\"0\",\"odd\"",
        "AT+CIPSSLCCIPHER=1,0x1301",
        "AT+CIPSSLCCIPHER=2,0xC02B"
      })
  void whatMakesNoSenseIsRefused(String command) throws Exception {
    talk(host -> host.ask(command, "\r\nERROR\r\n"));
  }

  @Test
  void olderBuildsTakeNamesOf64Letters() throws Exception {
    try (SimulatedModule module =
            SimulatedModule.builder().firmware(Firmware.ESP32C3_AT_2_4).build();
        HostSide host = HostSide.of(module)) {
      host.until("GOT IP\r\n");
      host.ask("ATE0", "ATE0\r\n" + OK);
      host.ask("AT+CIPSSLCCN=\"" + "a".repeat(64) + "\"", OK);
      host.ask("AT+CIPSSLCCN=\"" + "a".repeat(65) + "\"", "\r\nERROR\r\n");
      host.ask("AT+SYSMFG?", "\r\nERROR\r\n");
    }
  }
}
