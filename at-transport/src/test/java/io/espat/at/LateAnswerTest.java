package io.espat.at;

import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Answers that come late, or twice, are never taken for answers to something else. */
class LateAnswerTest {
  private static final AtCommand IMPATIENT =
      AtCommand.builder("AT+CWMODE?").limit(Duration.ofMillis(100)).build();

  private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 25);

  private static EspAtModule open(ScriptedModule script, Duration commandTimeout)
      throws IOException {
    ModuleConfig config = Scripts.QUICK.toBuilder().commandTimeout(commandTimeout).build();
    return EspAtModule.open(ByteStream.of(script.input(), script.output()), config);
  }

  @Test
  void theAnswerToAnEarlierProbeDoesNotEndTheResynchronisation() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CWMODE?\r\n")
            .expect("AT+CIPMUX?\r\n")
            .expect("AT+CIPMODE?\r\n") // a second later
            .reply("+CWMODE:1\r\n" + OK + "+CIPMUX:1\r\n" + OK)
            .expectSilence(Duration.ofMillis(100)) // one answer is still owed
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CWSTATE?\r\n")
            .reply("+CWSTATE:2,\"net\"\r\n" + OK);
    try (EspAtModule module = open(script, Duration.ofSeconds(3))) {
      assertThatThrownBy(() -> module.command(IMPATIENT))
          .isInstanceOf(SocketTimeoutException.class);
      assertThatThrownBy(() -> module.sockets().createSocket().connect(PEER, 20))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("still busy with AT+CWMODE?");
      assertThat(module.command(AtCommand.of("AT+CWSTATE?")).lines())
          .containsExactly("+CWSTATE:2,\"net\"");
      script.awaitSuccess();
    }
  }

  @Test
  void aRepeatedCommandsSecondErrorLeavesNoAnswerBehind() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CWMODE?\r\n")
            .reply("\r\nbusy p...\r\n")
            .expect("AT+CWMODE?\r\n")
            .reply("+CWMODE:1\r\n" + OK)
            .expect("AT+CIPMUX?\r\n")
            .reply(ERROR) // to the repetition
            .expect("AT+CIPMODE?\r\n")
            .reply("+CIPMUX:1\r\n" + OK)
            .expectSilence(Duration.ofMillis(100))
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CWSTATE?\r\n")
            .reply("+CWSTATE:2,\"net\"\r\n" + OK);
    try (EspAtModule module = open(script, Duration.ofSeconds(3))) {
      module.command(AtCommand.of("AT+CWMODE?"));
      assertThat(module.command(AtCommand.of("AT+CWSTATE?")).lines())
          .containsExactly("+CWSTATE:2,\"net\"");
      script.awaitSuccess();
    }
  }

  @Test
  void aModuleThatSaysBusyIsNotSilent() throws Exception {
    ScriptedModule script = Scripts.broughtUp().expect("AT+CWMODE?\r\n");
    String[] probes = {"AT+CIPMUX?", "AT+CIPMODE?", "AT+CIPDINFO?", "AT+SYSLOG?"};
    for (int i = 0; i < 8; i++) { // 200 ms each: longer than twice the command time-out
      script.expect(probes[i % probes.length] + "\r\n").reply("\r\nbusy p...\r\n");
    }
    script
        .expect("AT+CIPMUX?\r\n")
        .reply("+CWMODE:1\r\n" + OK + "+CIPMUX:1\r\n" + OK)
        .expect("AT+CWSTATE?\r\n")
        .reply("+CWSTATE:2,\"net\"\r\n" + OK);
    ModuleConfig config = Scripts.QUICK.toBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    try (EspAtModule module =
        EspAtModule.open(ByteStream.of(script.input(), script.output()), config)) {
      assertThatThrownBy(() -> module.command(IMPATIENT))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(module.command(AtCommand.of("AT+CWSTATE?")).lines())
          .containsExactly("+CWSTATE:2,\"net\"");
      script.awaitSuccess();
    }
  }

  @Test
  void lateAnswersToTheFirstTriesDoNotAnswerTheBringUp() throws Exception {
    ScriptedModule script =
        new ScriptedModule()
            .expect("+++")
            .expect("AT\r\n")
            .expect("AT\r\n") // half a second later
            .reply(OK)
            .expectSilence(Duration.ofMillis(100))
            .reply(OK)
            .expect("ATE0\r\n")
            .reply(OK)
            .expect("AT+GMR\r\n")
            .cut();
    try (script) {
      assertThatThrownBy(() -> Scripts.open(script)).isInstanceOf(ModuleLostException.class);
      script.awaitSuccess();
    }
  }

  @Test
  void aLinkThatARepeatedConnectFoundOpenIsClosedOnTheModule() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("\r\nbusy p...\r\n")
            .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("0,CONNECT\r\n" + ERROR) // the OK of the first came as the second left
            .expect("AT+CIPMUX?\r\n")
            .reply("+CIPMUX:1\r\n" + OK)
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK)
            .expect("AT+CWJAP?\r\n")
            .reply("+CWJAP:\"net\",\"02:00:00:00:00:01\",1,-40,0,1,3,0,1\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> module.sockets().createSocket("192.0.2.1", 25))
          .isInstanceOf(ConnectException.class);
      script.awaitSuccess();
    }
  }

  @Test
  void aRepeatedFetchThatIsRefusedLeavesNoGap() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("\r\nbusy p...\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:5,hello" + "0,CLOSED\r\n" + ERROR)
            .expect("AT+CIPMUX?\r\n")
            .reply("+CIPMUX:1\r\n" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:0,0,0,0,0\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = module.sockets().createSocket("192.0.2.1", 25);
      assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
      script.awaitSuccess();
    }
  }
}
