package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import org.junit.jupiter.api.Test;

class SendingTest {
  private static final String BLOCK = "b".repeat(8192);

  /** Sends blocks that nobody reads until one fails, and says how many did not. */
  private static int fill(HostSide host) throws Exception {
    for (int sent = 0; ; sent++) {
      host.ask("AT+CIPSEND=8192", "\r\nOK\r\n\r\n>");
      host.send(BLOCK);
      host.expect("\r\nRecv 8192 bytes\r\n");
      if (host.until("\r\nSEND ").length() == 7 && host.take(1).equals("F")) {
        host.expect("AIL\r\n");
        return sent;
      }
      host.expect("K\r\n");
    }
  }

  @Test
  void aPeerThatDoesNotReadBlocksTheModuleUntilTheSendTimeOut() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPTCPOPT=-1,0,300", "\r\nOK\r\n");
      host.ask("AT+CIPTCPOPT?", "+CIPTCPOPT:0,-1,0,300,0\r\n\r\nOK\r\n");
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        far.setReceiveBufferSize(4096);
        int sent = fill(host);
        host.ask("AT+CIPSEND=8192", "\r\nOK\r\n\r\n>");
        host.send(BLOCK);
        host.expect("\r\nRecv 8192 bytes\r\n");
        host.send("AT\r\n"); // no echo, no busy, no answer: the send holds the module
        host.expect("\r\nSEND FAIL\r\n");
        host.ask("ATE0", "\r\nOK\r\n"); // the link stays open, an unknown part has left
        host.send("AT+CIPSTATUS\r\n");
        host.expect("STATUS:3\r\n+CIPSTATUS:0,");
        host.until("\r\n\r\nOK\r\n");
        host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        int received = far.getInputStream().readAllBytes().length;
        assertThat(received).isBetween(sent * 8192, (sent + 2) * 8192 - 2);
      }
    }
  }

  @Test
  void lengthsBeyondTheLimitAreRefused() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=0,\"TCP\",\"localhost\"," + peer.port(), "0,CONNECT\r\n\r\nOK\r\n");
      host.ask("AT+CIPSEND=0,0", "\r\nERROR\r\n").ask("AT+CIPSEND=0,8193", "\r\nERROR\r\n");
      host.ask("AT+CIPSEND=5", "\r\nERROR\r\n").ask("AT+CIPSEND=1,5", "\r\nERROR\r\n");
      host.ask("AT+CIPSEND=0,8192", "\r\nOK\r\n\r\n>");
      host.send(BLOCK);
      host.expect("\r\nRecv 8192 bytes\r\n");
      try (Socket far = peer.accept()) {
        assertThat(Peer.receive(far, 8192)).isEqualTo(BLOCK);
        host.expect("\r\nSEND OK\r\n");
      }
    }
  }

  @Test
  void escapesMayBeCutByChunks() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet();
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        for (int size = 1; size < 8; size++) {
          host.ask("AT+CIPSENDEX=20", "\r\nOK\r\n\r\n>");
          host.send("a\\\\0\\bc\\0", size);
          host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
          assertThat(Peer.receive(far, 5)).isEqualTo("a\\0bc");
        }
      }
    }
  }

  @Test
  void twoLinksDoNotMixTheirFrames() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPDINFO=1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=0,\"TCP\",\"localhost\"," + peer.port(), "0,CONNECT\r\n\r\nOK\r\n");
      host.ask("AT+CIPSTART=1,\"TCP\",\"localhost\"," + peer.port(), "1,CONNECT\r\n\r\nOK\r\n");
      try (Socket zero = peer.accept();
          Socket one = peer.accept()) {
        host.ask("AT+CIPRECVTYPE=1,1", "\r\nOK\r\n");
        Peer.send(zero, "active");
        host.expect("\r\n+IPD,0,6,\"127.0.0.1\"," + peer.port() + ":active\r\n");
        Peer.send(one, "passive");
        host.expect("\r\n+IPD,1,7\r\n");
        host.ask("AT+CIPRECVDATA=0,10", "\r\nERROR\r\n");
        host.ask(
            "AT+CIPRECVDATA=1,3",
            "+CIPRECVDATA:3,\"127.0.0.1\"," + peer.port() + ",pas\r\nOK\r\n\r\n+IPD,1,4\r\n");
        host.ask("AT+CIPCLOSE=1", "1,CLOSED\r\n\r\nOK\r\n");
      }
    }
  }
}
