package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Ends of links and busy words that only the NonOS build has. */
class NonOsTest {
  private static SimulatedModule module() {
    return SimulatedModule.builder().firmware(Firmware.ESP8266_NONOS_1_7).build();
  }

  @Test
  void aLinkThatClosedUnreadHasLetItsPeerGo() throws Exception {
    try (SimulatedModule module = module();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.until("GOT IP\r\n");
      host.send("ATE0\r\n");
      host.until("OK\r\n");
      host.ask("AT+CIPRECVMODE=1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        Peer.send(far, "abc");
        host.expect("\r\n+IPD,3\r\n");
        far.shutdownOutput();
        host.expect("CLOSED\r\n");
        assertThat(far.getInputStream().read()).isEqualTo(-1);
        host.ask("AT+CIPRECVDATA=9", "+CIPRECVDATA,3:abc\r\nOK\r\n");
      }
    }
  }

  /** A host that writes and does not read is held back, not answered without end. */
  @Test
  void busyWordsDoNotPileUp() throws Exception {
    try (SimulatedModule module = module();
        Peer peer = new Peer()) {
      Deaf host = new Deaf(module);
      host.until("GOT IP\r\n");
      host.ask("ATE0\r\n", "OK\r\n");
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port() + "\r\n", "OK\r\n");
      module.network(false);
      host.ask("AT+CIPSEND=2000\r\n", "> ");
      host.ask("x".repeat(2000), "SEND OK\r\n");
      host.ask("AT+CIPSEND=2000\r\n", "> ");
      host.ask("x".repeat(2000), "Recv 2000 bytes\r\n");
      int bytes = 100_000;
      CompletableFuture<Void> written = host.write(bytes);
      try {
        written.get(2, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        assertThat(written.isDone()).isFalse(); // held back
      }
      module.network(true);
      int heard = host.until("SEND OK\r\n").length();
      assertThat(heard).isLessThan(4 * Uart.RING);
    }
  }

  /** A host that reads only when it is told to. */
  private record Deaf(SimulatedModule module) {
    void say(String text) throws IOException {
      module.output().write(text.getBytes(ISO_8859_1));
    }

    void ask(String text, String answer) throws IOException {
      say(text);
      until(answer);
    }

    String until(String text) throws IOException {
      StringBuilder heard = new StringBuilder();
      while (!heard.toString().endsWith(text)) {
        int one = module.input().read();
        assertThat(one).as("after %s", heard).isNotNegative();
        heard.append((char) one);
      }
      return heard.toString();
    }

    CompletableFuture<Void> write(int bytes) {
      OutputStream out = module.output();
      return CompletableFuture.runAsync(
          () -> {
            try {
              for (int i = 0; i < bytes; i++) {
                out.write('x');
              }
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
    }
  }
}
