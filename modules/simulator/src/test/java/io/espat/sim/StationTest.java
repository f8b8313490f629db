package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StationTest {
  private static final Setup.Pace QUICK =
      new Setup.Pace(
          Duration.ofMillis(20),
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          Duration.ofSeconds(9));

  private static SimulatedModule.Builder module() {
    return SimulatedModule.builder().pace(QUICK);
  }

  @Test
  void aModuleThatIsNotJoinedJoinsWithTheRightPassphraseOnly() throws Exception {
    char[] passphrase = "correct horse".toCharArray();
    try (SimulatedModule module = module().joined(false).wifi("home", passphrase).build();
        HostSide host = HostSide.of(module)) {
      host.expect("\r\nready\r\n").ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      host.ask("AT+CWSTATE?", "+CWSTATE:0,\"\"\r\n\r\nOK\r\n");
      host.ask("AT+CWJAP?", "\r\nOK\r\n");
      host.ask("AT+CWJAP=\"home\",\"wrong\"", "+CWJAP:2\r\n\r\nERROR\r\n");
      host.ask("AT+CWJAP=\"away\",\"\"", "+CWJAP:3\r\n\r\nERROR\r\n");
      host.ask("AT+CWSTATE?", "+CWSTATE:4,\"away\"\r\n\r\nOK\r\n");
      host.ask(
          "AT+CWJAP=\"home\",\"correct horse\"", "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
      host.ask("AT+CWSTATE?", "+CWSTATE:2,\"home\"\r\n\r\nOK\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aRefusingNetworkSaysItsCode(int code) throws Exception {
    try (SimulatedModule module = module().wifi("espat").refusingWifi("full", code).build();
        HostSide host = HostSide.of(module)) {
      host.quiet()
          .ask(
              "AT+CWJAP=\"full\",\"passphrase\"",
              "WIFI DISCONNECT\r\n+CWJAP:" + code + "\r\n\r\nERROR\r\n");
    }
  }

  @Test
  void aRestartForgetsModesAndLinksAndJoinsAgain() throws Exception {
    try (SimulatedModule module = module().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=1,\"TCP\",\"localhost\"," + peer.port(), "1,CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\n");
        host.expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
        host.ask("AT+CIPMUX?", "AT+CIPMUX?\r\n+CIPMUX:0\r\n\r\nOK\r\n"); // echo is on again
        host.ask("AT+CIPSTATE?", "AT+CIPSTATE?\r\n\r\nOK\r\n");
        assertThat(far.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aRestartIsForcedOnlyByItsExactChunk() throws Exception {
    SimulatedModule.Builder slow =
        SimulatedModule.builder()
            .pace(
                new Setup.Pace(
                    Duration.ofMillis(5),
                    Duration.ofMillis(5),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(9)));
    try (SimulatedModule module = slow.build();
        HostSide host = HostSide.of(module)) {
      host.quiet().send("AT+CWLAP\r\n");
      host.ask("at+rst", "\r\nbusy p...\r\n");
      host.ask("AT+RST", "\r\nWill force to restart!!!\r\n\r\nOK\r\nWIFI DISCONNECT\r\n");
      host.expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
      host.ask("AT", "AT\r\n\r\nOK\r\n");
    }
  }

  @Test
  void withoutStoringARestartBringsTheOldNetworkBack() throws Exception {
    try (SimulatedModule module = module().wifi("old").wifi("new").build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+SYSSTORE=0", "\r\nOK\r\n");
      host.ask(
          "AT+CWJAP=\"new\",\"\"",
          "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n");
      host.ask("AT+SYSMSG=2", "\r\nOK\r\n");
      host.ask("AT+CWSTATE?", "+CWSTATE:2,\"new\"\r\n\r\nOK\r\n");
      host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\n");
      host.quiet().ask("AT+CWSTATE?", "+CWSTATE:2,\"old\"\r\n\r\nOK\r\n");
      host.ask("AT+SYSMSG?", "+SYSMSG:0\r\nOK\r\n");
    }
  }

  private static SimulatedModule.Builder slowToGetAnAddress() {
    Duration soon = Duration.ofMillis(1500);
    return SimulatedModule.builder()
        .pace(new Setup.Pace(soon, Duration.ofSeconds(1), soon, Duration.ofSeconds(9)));
  }

  @Test
  void anAddressAwaitedBeforeARestartDoesNotComeDuringIt() throws Exception {
    try (SimulatedModule module = slowToGetAnAddress().build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\nWIFI CONNECTED\r\n\r\nready\r\n");
      host.ask("AT+RST", "AT+RST\r\n\r\nOK\r\nWIFI DISCONNECT\r\n");
      host.expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
    }
  }

  @Test
  void anAddressAwaitedDoesNotComeAfterTheNetworkWasLeft() throws Exception {
    try (SimulatedModule module = slowToGetAnAddress().build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\nWIFI CONNECTED\r\n\r\nready\r\n");
      host.ask("AT+CWSTATE?", "AT+CWSTATE?\r\n+CWSTATE:1,\"espat\"\r\n\r\nOK\r\n");
      host.ask("AT+CWQAP", "AT+CWQAP\r\nWIFI DISCONNECT\r\n\r\nOK\r\n");
      host.ask("AT+CWLAP", "AT+CWLAP\r\n+CWLAP:"); // takes longer than the address would
      host.until("\r\n\r\nOK\r\n");
      host.ask("AT+CWSTATE?", "AT+CWSTATE?\r\n+CWSTATE:4,\"espat\"\r\n\r\nOK\r\n");
    }
  }

  @Test
  void leavingStationModeClosesLinks() throws Exception {
    try (SimulatedModule module = module().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet();
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      host.ask("AT+CWMODE=2", "WIFI DISCONNECT\r\n\r\nOK\r\nCLOSED\r\n");
      host.ask("AT+CWJAP=\"espat\",\"\"", "\r\nERROR\r\n");
      host.ask("AT+CWLAP", "\r\nERROR\r\n");
    }
  }
}
