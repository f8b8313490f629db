package io.espat.at;

import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static io.espat.at.Scripts.PROMPT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said, byte for byte, above all when the module misbehaves. */
class ConversationTest {
  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static Socket connect(EspAtModule module) throws IOException {
    return module.sockets().createSocket("192.0.2.1", 25);
  }

  /** Writes, then reads: the read makes the output leave. */
  private static int ask(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(bytes(text));
    return socket.getInputStream().read();
  }

  @Test
  void theBringUpIsTheDocumentedList() throws Exception {
    ScriptedModule script = Scripts.broughtUp();
    try (EspAtModule module = Scripts.open(script)) {
      script.awaitSuccess();
      assertThat(module.info().chip()).isEqualTo("ESP32C3");
      assertThat(module.session().dialect())
          .isEqualTo(new Dialect(8192, 8192, Dialect.Receive.PER_LINK, false, true, false));
    }
  }

  @Test
  void anOldModuleIsReadInItsOwnWay() throws Exception {
    ScriptedModule script =
        new ScriptedModule()
            .expect("+++")
            .reply("\r\nSEND Canceled\r\n") // a program had died in the middle of a send
            .expect("AT\r\n")
            .reply("AT\r\n" + OK)
            .expect("ATE0\r\n")
            .reply("ATE0\r\n" + OK)
            .expect("AT+GMR\r\n")
            .reply("AT version:2.1.0.0-dev(a37d9b5 - Jun 15 2020 06:18:26)\r\n" + OK)
            .expect("AT+CMD?\r\n")
            .reply(ERROR)
            .expect("AT+CIPRECVMODE?\r\n")
            .reply("+CIPRECVMODE:0\r\n" + OK)
            .expect("AT+CIPTCPOPT?\r\n")
            .reply("+CIPTCPOPT:0,-1,0,0\r\n" + OK)
            .expect("AT+CIPMODE=0\r\n")
            .reply(OK)
            .expect("AT+CIPMUX?\r\n")
            .reply("+CIPMUX:1\r\n" + OK)
            .expect("AT+CIPCLOSE=5\r\n")
            .reply("0,CLOSED\r\n" + OK)
            .expect("AT+CIPMUX=1\r\n")
            .reply(OK)
            .expect("AT+CIPDINFO=0\r\n")
            .reply(OK)
            .expect("AT+SYSMSG?\r\n")
            .reply("+SYSMSG:2" + OK)
            .expect("AT+SYSSTORE?\r\n")
            .reply("+SYSSTORE:1\r\n" + OK)
            .expect("AT+SYSSTORE=0\r\n")
            .reply(OK)
            .expect("AT+SYSMSG=0\r\n")
            .reply(OK)
            .expect("AT+SYSSTORE=1\r\n")
            .reply(OK)
            .expect("AT+SYSLOG=1\r\n")
            .reply(OK)
            .expect("AT+CIPRECVMODE=1\r\n")
            .reply(OK)
            .expect("AT+CIPTCPOPT?\r\n")
            .reply("+CIPTCPOPT:0,-1,0,0\r\n" + OK)
            .expect("AT+SYSSTORE?\r\n")
            .reply(ERROR) // a build without the command: set all the same
            .expect("AT+CIPTCPOPT=5,,,450\r\n")
            .reply(OK);
    try (EspAtModule module = Scripts.open(script)) {
      script.awaitSuccess();
      assertThat(module.session().dialect())
          .isEqualTo(new Dialect(2048, 2048, Dialect.Receive.GLOBAL, true, false, false));
    }
  }

  @Test
  void aModuleThatRestartsWhileItIsBroughtUpIsBegunWithAgain() throws Exception {
    ScriptedModule script =
        new ScriptedModule()
            .expect("+++")
            .expect("AT\r\n")
            .reply("ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET)\r\n\r\nready\r\n")
            .expect("AT\r\n")
            .reply("AT\r\n" + OK)
            .expect("ATE0\r\n")
            .reply("ATE0\r\n" + OK)
            .expect("AT+GMR\r\n")
            .cut();
    try (script) {
      assertThatThrownBy(() -> Scripts.open(script)).isInstanceOf(ModuleLostException.class);
      script.awaitSuccess();
    }
  }

  @Test
  void payloadIsNotWrittenBeforeThePrompt() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(OK)
            .expectSilence(Duration.ofMillis(50))
            .reply("\r\n+IPD,0,3\r\n\r\n>") // 2.x: two writes, and anything between them
            .expect("hello")
            .reply("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:3,yes" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThat(ask(connect(module), "hello")).isEqualTo('y');
      script.awaitSuccess();
    }
  }

  @Test
  void aFailedSendEndsTheLinkAndNothingIsSentAgain() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(PROMPT)
            .expect("hello")
            .reply("\r\nRecv 5 bytes\r\n\r\nSEND FAIL\r\n")
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(() -> ask(socket, "hello"))
          .isInstanceOf(SocketException.class)
          .hasMessage(
              "sending 5 bytes on link 0 to 192.0.2.1:25: SEND FAIL (0 bytes confirmed before)");
      assertThatThrownBy(() -> socket.getOutputStream().write(1))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("SEND FAIL");
      socket.close(); // said before: not said again
      script.awaitSuccess();
    }
  }

  @Test
  void closeTellsOfBytesThatWereNotDelivered() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(PROMPT)
            .expect("hello")
            .reply("\r\nSEND FAIL\r\n")
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(bytes("hello"));
      assertThatThrownBy(socket::close)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("SEND FAIL");
      script.awaitSuccess();
    }
  }

  @Test
  void closeWaitsForTheVerdict() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(PROMPT)
            .expect("hello")
            .expectSilence(Duration.ofMillis(100))
            .reply("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n")
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(bytes("hello"));
      socket.close();
      script.awaitSuccess();
    }
  }

  @Test
  void aCancelledSendIsAFinalAnswerAndTheModuleIsFoundAgain() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(PROMPT)
            .expect("hello")
            .reply("\r\nSEND Canceled\r\n")
            .expect("AT+CIPMUX?\r\n")
            .reply(ERROR) // the rest of the payload stood in that line
            .expect("AT+CIPMODE?\r\n")
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(() -> ask(socket, "hello")).hasMessageContaining("cancelled");
      socket.close();
      script.awaitSuccess();
    }
  }

  @Test
  void aSendWithoutVerdictIsEndedByIsolatedPluses() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(PROMPT)
            .expect("hello")
            .expectSilence(Duration.ofMillis(200))
            .expect("+++")
            .expectSilence(Duration.ofMillis(30))
            .reply("\r\nSEND Canceled\r\n") // a byte of the payload had been lost on the wire
            .expect("AT+CIPMUX?\r\n")
            .reply("+CIPMUX:1\r\n" + OK)
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(() -> ask(socket, "hello"))
          .hasMessage(
              "sending 5 bytes on link 0 to 192.0.2.1:25: no verdict within 600 ms after the payload"
                  + " (0 bytes confirmed before)");
      socket.close();
      script.awaitSuccess();
    }
  }

  @Test
  void aModuleThatStaysSilentIsLost() throws Exception {
    ScriptedModule script =
        Scripts.connected().expect("AT+CIPSEND=0,5\r\n").reply(PROMPT).expect("hello");
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(() -> ask(socket, "hello")).isInstanceOf(SocketException.class);
      assertThatThrownBy(module::wifi)
          .isInstanceOfSatisfying(
              ModuleLostException.class, e -> assertThat(e.id()).isEqualTo(AtException.SILENT));
      socket.close();
    }
  }

  @Test
  void busyFollowedByTheAnswerIsNotSentAgain() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CWMODE?\r\n")
            .reply("ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n+CWMODE:1\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThat(module.command(AtCommand.of("AT+CWMODE?")).value("+CWMODE:")).contains("1");
      script.awaitSuccess();
    }
  }

  @Test
  void busyFollowedByNothingIsSentAgainAndTheWireCleared() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CWMODE?\r\n")
            .reply("\r\nbusy p...\r\n")
            .expectSilence(Duration.ofMillis(50))
            .expect("AT+CWMODE?\r\n")
            .reply("+CWMODE:1\r\n" + OK)
            .expect("AT+CIPMUX?\r\n")
            .reply("+CWMODE:1\r\n" + OK + "+CIPMUX:1\r\n" + OK); // both had been executed
    try (EspAtModule module = Scripts.open(script)) {
      assertThat(module.command(AtCommand.of("AT+CWMODE?")).value("+CWMODE:")).contains("1");
      script.awaitSuccess();
    }
  }

  @Test
  void busyBeforeThePromptIsMadeSureOfFirst() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply("\r\nbusy p...\r\n")
            .expect("+++") // it may be collecting: a second command would be payload
            .expect("AT+CIPMUX?\r\n")
            .reply(ERROR)
            .expect("AT+CIPMODE?\r\n")
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(PROMPT)
            .expect("hello")
            .reply("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n\r\n+IPD,0,1\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:1,!" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThat(ask(connect(module), "hello")).isEqualTo('!');
      script.awaitSuccess();
    }
  }

  @Test
  void closedIsHeardOnlyAfterTheLastByte() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:5,hello" + OK + "0,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      InputStream in = connect(module).getInputStream();
      assertThat(in.readAllBytes()).isEqualTo(bytes("hello"));
      script.awaitSuccess();
    }
  }

  @Test
  void announcedBytesThatCannotBeFetchedAreNoCleanEnd() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n0,CLOSED\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply(ERROR);
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> connect(module).getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("5 bytes were announced");
      script.awaitSuccess();
    }
  }

  @Test
  void aLostNoticeIsFoundByAsking() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:4,0,0,0,0\r\n" + OK)
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:4,lost" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThat(connect(module).getInputStream().readNBytes(4)).isEqualTo(bytes("lost"));
      script.awaitSuccess();
    }
  }

  @Test
  void pushedDataIsTakenAsWell() throws Exception {
    ScriptedModule script = Scripts.connected().reply("\r\n+IPD,0,5:hello\r\n0,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      assertThat(connect(module).getInputStream().readAllBytes()).isEqualTo(bytes("hello"));
    }
  }

  @Test
  void pushedDataThatNobodyReadsFailsTheLinkAndIsNotDropped() throws Exception {
    ScriptedModule script = Scripts.connected();
    String piece = "x".repeat(8000);
    for (int i = 0; i < 46; i++) {
      script.reply("\r\n+IPD,0,8000:" + piece + "\r\n");
    }
    script.expect("AT+CIPCLOSE=0\r\n").reply("0,CLOSED\r\n" + OK); // or it would go on
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(
              () -> {
                while (true) {
                  socket.getOutputStream().flush(); // throws once the link has failed
                }
              })
          .hasMessageContaining("not read");
      script.awaitSuccess();
      byte[] kept = new byte[45 * 8000];
      assertThat(socket.getInputStream().readNBytes(kept, 0, kept.length)).isEqualTo(kept.length);
      assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("not read");
    }
  }

  @Test
  void aStaleClosedDoesNotHitANewLink() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("+ERRNO:0x68\r\n" + ERROR + "0,CLOSED\r\n")
            .expect("AT+CIPSTART=1,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("1,CLOSED\r\n1,CONNECT\r\n" + OK)
            .reply("\r\n+IPD,1,1\r\n")
            .expect("AT+CIPRECVDATA=1,8192\r\n")
            .reply("+CIPRECVDATA:1,!" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> connect(module)).isInstanceOf(ConnectException.class);
      assertThat(connect(module).getInputStream().read()).isEqualTo('!');
      script.awaitSuccess();
    }
  }

  @Test
  void aConnectThatTakesTooLongIsGivenUpAndClosedLater() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25\r\n")
            .expectSilence(Duration.ofMillis(100))
            .expect("AT+CIPMUX?\r\n") // the resynchronisation, when the caller has gone
            .reply("\r\nbusy p...\r\n")
            .reply("0,CONNECT\r\n" + OK)
            .expect("AT+CIPMODE?\r\n")
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK)
            .expect("AT+CWMODE?\r\n")
            .reply("+CWMODE:1\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = module.sockets().createSocket();
      assertThatThrownBy(() -> socket.connect(new java.net.InetSocketAddress("192.0.2.1", 25), 400))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("connecting to 192.0.2.1:25");
      assertThat(module.command(AtCommand.of("AT+CWMODE?")).lines()).hasSize(1);
      script.awaitSuccess();
    }
  }

  @Test
  void lossOfWifiIsNoCleanEnd() throws Exception {
    ScriptedModule script = Scripts.connected().reply("WIFI DISCONNECT\r\n0,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> connect(module).getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("Wi-Fi");
    }
  }

  @Test
  void aRestartInTheMiddleOfAPayloadIsTheFirstCauseOfEverything() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply(PROMPT)
            .expect("hello")
            .reply("\r\nready\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(() -> ask(socket, "hello"))
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("restarted");
      assertThatThrownBy(module::wifi)
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("restarted");
      socket.close();
      script.awaitSuccess();
    }
  }

  /** As when the line swallows a digit of the command: what is left falls into the commands. */
  @Test
  void aSendOfWhichTheModuleCountedLessIsNotBelieved() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,12\r\n")
            .reply(PROMPT)
            .expect("hello, hello")
            .reply("\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n")
            .expect("AT+CIPMUX?\r\n")
            .reply(ERROR) // llo, helloAT+CIPMUX?
            .expect("AT+CIPMODE?\r\n")
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(() -> ask(socket, "hello, hello"))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("counted 2 bytes");
      socket.close();
      script.awaitSuccess();
    }
  }

  /** Its ready was lost: the supply that broke down in a frame made noise that passed for bytes. */
  @Test
  void anEchoTellsOfARestartThatNobodyHeard() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,5\r\n")
            .reply("AT+CIPSEND=0,5\r\n" + ERROR)
            .reply("0,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      assertThatThrownBy(() -> ask(socket, "hello"))
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("restarted unheard");
      assertThatThrownBy(module::wifi).isInstanceOf(ModuleLostException.class);
    }
  }

  @Test
  void aModuleThatEchoesWhateverItIsToldWorks() throws Exception {
    ScriptedModule script = new ScriptedModule().expect("+++").expect("AT\r\n").reply("AT" + OK);
    String[] known = {
      "ATE0", "AT+GMR", "AT+CIPMODE=0", "AT+CIPMUX?", "AT+CIPMUX=1", "AT+CIPDINFO=0"
    };
    String[] list = {
      "ATE0",
      "AT+GMR",
      "AT+CMD?",
      "AT+CIPRECVMODE?",
      "AT+CIPTCPOPT?",
      "AT+CIPMODE=0",
      "AT+CIPMUX?",
      "AT+CIPCLOSE",
      "AT+CIPMUX=1",
      "AT+CIPDINFO=0",
      "AT+SYSMSG?",
      "AT+SYSLOG=1"
    };
    for (String command : list) {
      String answer = List.of(known).contains(command) ? OK : ERROR;
      script.expect(command + "\r\n").reply(command + "\r\n" + answer);
    }
    script.expect("AT+CWQAP\r\n").reply("AT+CWQAP\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      module.leaveWifi();
      script.awaitSuccess();
    }
  }

  @Test
  void aSecretIsNowhereButOnTheWire() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CWMODE?\r\n")
            .reply("+CWMODE:1\r\n" + OK)
            .expect("AT+CWJAP=\"net\",\"p\\\"a\\\\s\\,s\"\r\n")
            .reply("AT+CWJAP=\"net\",\"p\\\"a\\\\s\\,s\"\r\n") // an echo that should be off
            .reply("+CWJAP:2\r\n" + ERROR);
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> module.joinWifi("net", "p\"a\\s,s".toCharArray()))
          .isInstanceOfSatisfying(
              WifiException.class,
              e -> {
                assertThat(e.id()).isEqualTo(WifiException.PASSPHRASE);
                assertThat(e.command()).isEqualTo("AT+CWJAP=\"net\",\"********\"");
                assertThat(e.words()).containsExactly("+CWJAP:2");
              });
      script.awaitSuccess();
    }
  }
}
