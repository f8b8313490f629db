package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReceiveWindowTest {
  private static final int WINDOW = Firmware.ESP32_AT_4.window;

  private static CompletableFuture<Void> sending(Socket far, byte[] data, AtomicLong sent) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            for (int i = 0; i < data.length; i += 1000) {
              far.getOutputStream().write(data, i, Math.min(1000, data.length - i));
              sent.addAndGet(Math.min(1000, data.length - i));
            }
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  private static byte[] random(int count) {
    byte[] data = new byte[count];
    new Random(7).nextBytes(data);
    return data;
  }

  @Test
  void aPassiveLinkHoldsOneWindowAndLosesNothing() throws Exception {
    byte[] data = random(60_000);
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPRECVMODE=1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> sending = sending(far, data, sent);
        host.expect("\r\n+IPD,1000\r\n".substring(0, 7)); // how much came first is timing
        host.until("\r\n");
        HostSide.eventually("a full window", () -> module.bytesFromPeers() > WINDOW - 1440);
        host.send("AT+CIPRECVLEN?\r\n");
        host.expect("+CIPRECVLEN:");
        int held = Integer.parseInt(host.until("\r\n").strip());
        host.expect("\r\nOK\r\n");
        assertThat(held).isBetween(WINDOW - 1439, WINDOW);
        assertThat(fetchAll(host, data.length)).isEqualTo(data);
        sending.get();
      }
    }
  }

  /** Reads as a host does: asks, takes what comes, waits for the next notice when none was left. */
  private static byte[] fetchAll(HostSide host, int wanted) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      host.send("AT+CIPRECVDATA=2048\r\n");
      host.expect("+CIPRECVDATA:");
      int count = Integer.parseInt(host.until(",").replace(",", ""));
      assertThat(count).isBetween(1, 2048);
      all.write(host.take(count).getBytes(StandardCharsets.ISO_8859_1));
      host.expect("\r\nOK\r\n");
      if (all.size() == wanted) {
        return all.toByteArray();
      }
      host.expect("\r\n+IPD,");
      assertThat(Integer.parseInt(host.until("\r\n").strip())).isBetween(1, WINDOW);
    }
  }

  @Test
  void aPeerThatSendsEndlesslyIsHeldBack() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPRECVMODE=1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      try (Socket far = peer.accept()) {
        far.setSendBufferSize(8192);
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> sending = sending(far, random(4 << 20), sent);
        HostSide.eventually("a full window", () -> module.bytesFromPeers() > WINDOW - 1440);
        host.until("\r\n+IPD,");
        host.until("\r\n");
        host.ask("AT", "\r\nOK\r\n");
        assertThat(module.bytesFromPeers()).isLessThanOrEqualTo(WINDOW);
        assertThat(sending.isDone()).isFalse();
        assertThat(sent.get()).isLessThan(1 << 20);
        host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        assertThat(sending)
            .failsWithin(HostSide.LIMIT)
            .withThrowableThat()
            .withStackTraceContaining(SocketException.class.getName());
      }
    }
  }

  @Test
  void aHostThatDoesNotReadStopsAnActiveLinkWithoutLoss() throws Exception {
    byte[] data = random(300_000);
    try (SimulatedModule module = SimulatedModule.builder().build();
        Peer peer = new Peer()) {
      // no reader on the host's side until the module stands still
      module.output().write(("ATE0\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] start =
          "WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n".getBytes(StandardCharsets.US_ASCII);
      byte[] answer = "ATE0\r\n\r\nOK\r\n".getBytes(StandardCharsets.US_ASCII);
      module.input().readNBytes(start.length + answer.length);
      module
          .output()
          .write(
              ("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port() + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      try (Socket far = peer.accept()) {
        far.setSendBufferSize(8192);
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> sending = sending(far, data, sent);
        HostSide.eventually("a full ring", () -> module.bytesFromPeers() > Uart.RING);
        assertThat(module.bytesFromPeers()).isLessThan(Uart.RING + ToHost.CAPACITY + 2 * 1440);
        try (HostSide host = HostSide.of(module)) {
          host.until("CONNECT\r\n\r\nOK\r\n");
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          while (all.size() < data.length) {
            host.expect("\r\n+IPD,");
            int count = Integer.parseInt(host.until(":").replace(":", ""));
            assertThat(count).isBetween(1, 1440);
            all.write(host.take(count).getBytes(StandardCharsets.ISO_8859_1));
            host.expect("\r\n");
          }
          assertThat(all.toByteArray()).isEqualTo(data);
          sending.get();
        }
      }
    }
  }
}
