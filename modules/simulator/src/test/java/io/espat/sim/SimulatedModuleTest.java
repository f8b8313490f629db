package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class SimulatedModuleTest {

  @Test
  void aLinkCarriesBytesBothWays() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().host("mail.test", "127.0.0.1").build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask("AT+CIPDOMAIN=\"mail.test\"", "+CIPDOMAIN:\"127.0.0.1\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPRECVTYPE=5,1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=3,\"TCP\",\"mail.test\"," + peer.port(), "3,CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        host.ask("AT+CIPSEND=3,5", "\r\nOK\r\n\r\n>");
        host.send("hello");
        host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(far, 5)).isEqualTo("hello");
        Peer.send(far, "220 ready");
        host.expect("\r\n+IPD,3,9\r\n");
        host.ask("AT+CIPRECVDATA=3,2048", "+CIPRECVDATA:9,220 ready\r\nOK\r\n");
        host.ask("AT+CIPCLOSE=3", "3,CLOSED\r\n\r\nOK\r\n");
        assertThat(far.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void closingEndsTheLineAndTheThread() throws Exception {
    SimulatedModule module = SimulatedModule.builder().build();
    HostSide host = HostSide.of(module).quiet();
    module.close();
    module.close();
    assertThat(host.awaitEnd()).isTrue();
    assertThatThrownBy(() -> host.send("AT\r\n")).isInstanceOf(IOException.class);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("espat-sim-module") && thread.isAlive());
  }
}
