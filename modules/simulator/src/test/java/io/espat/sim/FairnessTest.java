package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairnessTest {

  @Test
  void aFloodOnFourLinksStarvesNeitherCommandsNorTheFifth() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      List<Socket> far = new ArrayList<>();
      for (int id = 0; id < 5; id++) {
        host.ask(
            "AT+CIPSTART=" + id + ",\"TCP\",\"localhost\"," + peer.port(),
            id + ",CONNECT\r\n\r\nOK\r\n");
        far.add(peer.accept());
      }
      for (Socket socket : far.subList(0, 4)) {
        Thread flood = new Thread(() -> flood(socket), "test-flood");
        flood.setDaemon(true);
        flood.start();
      }
      for (int i = 0; i < 5; i++) {
        host.until("\r\n+IPD,3,");
        host.send("AT+CIPSEND=4,5\r\n");
        host.until("\r\nOK\r\n\r\n>");
        host.send("hello");
        host.until("\r\nSEND OK\r\n");
        assertThat(Peer.receive(far.get(4), 5)).isEqualTo("hello");
        Peer.send(far.get(4), "answer");
        host.until("\r\n+IPD,4,6:answer\r\n");
      }
      for (Socket socket : far) {
        socket.close();
      }
    }
  }

  private static void flood(Socket socket) {
    byte[] block = new byte[4096];
    try {
      while (true) {
        socket.getOutputStream().write(block);
      }
    } catch (IOException e) {
      return; // the module or the test ended it
    }
  }
}
