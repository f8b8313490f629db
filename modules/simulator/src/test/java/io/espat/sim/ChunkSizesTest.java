package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One conversation, cut in every way on its road to the module, is answered the same; chunks that
 * are exactly {@code +++} are another matter, which at420-plus.txt is replayed for.
 */
class ChunkSizesTest {
  private static final String LONG = "AT+" + "X".repeat(300);
  private static final String PAYLOAD = "a\r\nAT\r\n++b".repeat(30);

  static IntStream sizes() {
    return IntStream.rangeClosed(1, 140);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everyChunkSizeIsAnsweredTheSame(int size) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
      talk(host, size, "AT+SYSLOG=1", "\r\nOK\r\n");
      talk(host, size, LONG, "ERR CODE:0x01030000\r\n\r\nERROR\r\n");
      talk(host, size, "at+cipmux=1", "\r\nOK\r\n");
      talk(host, size, "AT+CIPMUX?", "+CIPMUX:1\r\n\r\nOK\r\n");
      String dial = "AT+CIPSTART=0,\"TCP\",\"127.0.0.1\"," + peer.port();
      talk(host, size, dial, "0,CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        talk(host, size, "AT+CIPSEND=0," + PAYLOAD.length(), "\r\nOK\r\n\r\n>");
        host.send(PAYLOAD, size);
        host.expect("\r\nRecv " + PAYLOAD.length() + " bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(far, PAYLOAD.length())).isEqualTo(PAYLOAD);
        talk(host, size, "AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
      }
    }
  }

  private static void talk(HostSide host, int size, String command, String answer)
      throws Exception {
    host.send(command + "\r\n", size);
    host.expect(command + "\r\n" + answer);
  }
}
