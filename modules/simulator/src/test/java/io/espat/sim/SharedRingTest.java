package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** What data, replies and sends share: the transmit ring, the socket lock, and time. */
class SharedRingTest {
  private static final String READY = "WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n";

  private static SimulatedModule module(LineModel.Builder line) {
    return SimulatedModule.builder().line(line.flowControl(3).build()).build();
  }

  private static HostSide host(SimulatedModule module) throws IOException {
    HostSide host = HostSide.of(module);
    host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
    return host.ask("AT+CIPMUX=1", "\r\nOK\r\n");
  }

  private static Socket dial(HostSide host, Peer peer, int id) throws IOException {
    String target = id + ",\"TCP\",\"localhost\"," + peer.port();
    host.ask("AT+CIPSTART=" + target, id + ",CONNECT\r\n\r\nOK\r\n");
    return peer.accept();
  }

  private static void flood(Socket far, int bytes) {
    Thread sender =
        new Thread(
            () -> {
              try {
                Peer.send(far, "x".repeat(bytes));
              } catch (IOException e) {
                return; // the test has ended
              }
            },
            "test-flood");
    sender.setDaemon(true);
    sender.start();
  }

  @Test
  void dataIsThePeersAtOnceAndTheVerdictAndTheAnswerFollowInTime() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().baud(3_000_000));
        HostSide host = host(module);
        Peer peer = new Peer();
        Socket far = dial(host, peer, 0)) {
      for (int i = 0; i < 20; i++) {
        long asked = System.nanoTime();
        host.ask("AT+CIPSEND=0,5", "\r\nOK\r\n\r\n>");
        assertThat(System.nanoTime() - asked).isGreaterThanOrEqualTo(2_000_000);
        long sent = System.nanoTime();
        host.send("hello");
        assertThat(Peer.receive(far, 5)).isEqualTo("hello");
        Peer.send(far, "world");
        host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
        assertThat(System.nanoTime() - sent).isGreaterThanOrEqualTo(5_000_000);
        host.expect("\r\n+IPD,0,5:world\r\n");
      }
    }
  }

  @Test
  void framesCarryMoreThanASegmentAndLinksTakeTurns() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().baud(1_000_000));
        HostSide host = host(module);
        Peer peer = new Peer();
        Socket zero = dial(host, peer, 0);
        Socket one = dial(host, peer, 1)) {
      int[] heard = new int[2];
      int largest = 0;
      flood(zero, 100_000);
      flood(one, 100_000);
      while (heard[0] + heard[1] < 120_000) {
        host.until("\r\n+IPD,");
        int id = Integer.parseInt(host.until(",").replace(",", ""));
        int count = Integer.parseInt(host.until(":").replace(":", ""));
        host.take(count);
        heard[id] += count;
        largest = Math.max(largest, count);
      }
      assertThat(largest).isEqualTo(2920);
      assertThat(heard[0]).isBetween(40_000, 80_000);
    }
  }

  @Test
  void theSizesOfSegmentsAndFramesCanBeChosen() throws Exception {
    try (SimulatedModule module =
            module(LineModel.builder().baud(1_000_000).segment(1460).frame(1460));
        HostSide host = host(module);
        Peer peer = new Peer();
        Socket far = dial(host, peer, 0)) {
      flood(far, 146_000);
      int largest = 0;
      for (int heard = 0; heard < 146_000; ) {
        host.until("\r\n+IPD,0,");
        int count = Integer.parseInt(host.until(":").replace(":", ""));
        host.take(count);
        heard += count;
        largest = Math.max(largest, count);
      }
      assertThat(largest).isEqualTo(1460);
    }
  }

  /**
   * A frame that waits for room holds the socket lock: a block of a long send waits with it, while
   * payload goes on coming in.
   */
  @Test
  void aBlockWaitsForAFrameThatWaitsForRoom() throws Exception {
    byte[] payload = new byte[5000];
    try (SimulatedModule module = module(LineModel.builder().baud(5_000_000));
        Peer peer = new Peer()) {
      Socket up;
      Socket down;
      try (HostSilence host = new HostSilence(module)) {
        up = host.dial(peer, 0);
        down = host.dial(peer, 1);
        host.ask("AT+CIPSENDL=0," + payload.length, "\r\nOK\r\n\r\n>");
      }
      flood(down, 60_000); // and nobody reads
      HostSide.eventually(
          "a full ring", () -> module.bytesToHost() > Uart.RING + PacedOutput.DRIVER);
      long before = module.bytesFromHost();
      module.output().write(payload, 0, 4900); // the block that waits and most of the next
      HostSide.eventually("payload", () -> module.bytesFromHost() - before >= 4900 - 128);
      assertThat(up.getInputStream().available()).isZero();
      HostSide host = HostSide.of(module);
      module.output().write(payload, 4900, 100);
      assertThat(Peer.receive(up, payload.length)).isEqualTo(new String(payload, ISO_8859_1));
      host.until("\r\nSEND OK\r\n");
      up.close();
      down.close();
    }
  }

  /** A host that reads exactly what it must. */
  private record HostSilence(SimulatedModule module) implements AutoCloseable {
    private HostSilence {
      try {
        module.input().readNBytes(READY.length());
        ask(module, "ATE0", "ATE0\r\n\r\nOK\r\n");
        ask(module, "AT+CIPMUX=1", "\r\nOK\r\n");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    private static void ask(SimulatedModule module, String command, String answer)
        throws IOException {
      module.output().write((command + "\r\n").getBytes(ISO_8859_1));
      assertThat(new String(module.input().readNBytes(answer.length()), ISO_8859_1))
          .isEqualTo(answer);
    }

    void ask(String command, String answer) throws IOException {
      ask(module, command, answer);
    }

    Socket dial(Peer peer, int id) throws IOException {
      String target = id + ",\"TCP\",\"localhost\"," + peer.port();
      ask("AT+CIPSTART=" + target, id + ",CONNECT\r\n\r\nOK\r\n");
      return peer.accept();
    }

    @Override
    public void close() {
      // the module lives on
    }
  }
}
