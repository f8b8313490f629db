package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** A whole module behind a line with a speed, in real time. */
class PacedLineTest {
  private static final String READY = "WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n";

  private static SimulatedModule module(LineModel.Builder line) {
    return SimulatedModule.builder().line(line.build()).build();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  @Test
  void aCommandIsAnsweredAfterItsLatencyAndTheTimeOnTheLine() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().baud(9600));
        HostSide host = HostSide.of(module)) {
      host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        host.ask("AT", "\r\nOK\r\n");
      }
      // 10 bytes at 960 a second and 2 ms, twenty times; never earlier, later by this machine's
      // load
      assertThat(seconds(start)).isBetween(20 * (10 / 960.0 + 0.002), 1.0);
    }
  }

  @Test
  void theSpeedChangesBehindTheOkAndARestartForgetsIt() throws Exception {
    try (SimulatedModule module = module(LineModel.builder());
        HostSide host = HostSide.of(module)) {
      host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      host.ask("AT+UART_CUR=921600,8,1,0,3", "\r\nOK\r\n"); // the host follows the module
      assertThat(version(host)).isLessThan(0.05);
      host.ask("AT+UART_CUR=9600,8,1,0,3", "\r\nOK\r\n");
      assertThat(version(host)).isGreaterThan(0.150);
      host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\n");
      host.until("GOT IP\r\n");
      host.ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      host.ask("AT+UART_CUR?", "+UART_CUR:115201,8,1,0,1\r\n\r\nOK\r\n");
      assertThat(version(host)).isLessThan(0.100);
    }
  }

  /** Asks for some 170 bytes and says how long that took. */
  private static double version(HostSide host) throws IOException {
    long start = System.nanoTime();
    host.send("AT+GMR\r\n");
    host.until("\r\nOK\r\n");
    return seconds(start);
  }

  @Test
  void aHostAtAnotherSpeedHearsGarbageUntilItFollows() throws Exception {
    try (SimulatedModule module = module(LineModel.builder());
        HostSide host = HostSide.of(module)) {
      host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      HostLine line = module.hostLine();
      line.baud(115_200);
      host.ask("AT", "\r\nOK\r\n");
      host.ask("AT+UART_CUR=921600,8,1,0,3", "\r\nOK\r\n");
      long before = module.bytesFromHost();
      host.send("AT\r\n");
      HostSide.eventually("garbage", () -> module.bytesFromHost() > before);
      line.baud(921_600);
      host.send("\r\n"); // ends whatever line the garbage began
      host.until("ERROR\r\n");
      host.ask("AT", "\r\nOK\r\n");
    }
  }

  @Test
  void ctsFollowsTheModulesSetting() throws Exception {
    try (SimulatedModule module = module(LineModel.builder())) {
      HostSide host = HostSide.of(module);
      host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      module.hostLine().rtsCts(false);
      assertThat(module.hostLine().cts()).isTrue();
      host.ask("AT+UART_CUR=115200,8,1,0,0", "\r\nOK\r\n");
      HostSide.eventually("CTS goes off", () -> !module.hostLine().cts());
      host.ask("AT+UART_CUR=115200,8,1,0,1", "\r\nOK\r\n");
      HostSide.eventually("CTS comes back", () -> module.hostLine().cts());
    }
  }

  @Test
  void aRestartComesThoughCtsHoldsItsLastWords() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().ctsWired(false))) {
      HostSide host = HostSide.of(module);
      host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      host.ask("AT+UART_CUR=115200,8,1,0,3", "\r\nOK\r\n");
      host.send("AT+RST\r\n"); // its OK cannot leave
      host.until("GOT IP\r\n");
      host.ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      host.ask("AT+UART_CUR?", "+UART_CUR:115201,8,1,0,1\r\n\r\nOK\r\n");
    }
  }

  @Test
  void withoutFlowControlAHostThatDoesNotReadLosesBytes() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().baud(5_000_000).flowControl(0));
        Peer peer = new Peer()) {
      module.hostLine().rtsCts(false); // CTS is off where the module does not drive it
      try (Socket far = flood(module, peer)) {
        HostSide.eventually("an overrun", () -> module.bytesLostToHost() > 10_000);
        assertThat(far.isClosed()).isFalse();
      }
    }
  }

  @Test
  void withFlowControlAHostThatDoesNotReadLosesNothing() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().baud(5_000_000).flowControl(3));
        Peer peer = new Peer();
        Socket far = flood(module, peer)) {
      HostSide.eventually("a full ring", () -> module.bytesFromPeers() >= Uart.RING);
      HostSide host = HostSide.of(module);
      for (int total = 0; total < 100_000; ) {
        host.until("\r\n+IPD,");
        int count = Integer.parseInt(host.until(":").replace(":", ""));
        assertThat(host.take(count)).isEqualTo("x".repeat(count));
        host.expect("\r\n");
        total += count;
      }
      assertThat(module.bytesLostToHost()).isZero();
      assertThat(far.isClosed()).isFalse();
    }
  }

  /** Dials a peer that sends 100000 bytes, without a reader at the host's end. */
  private static Socket flood(SimulatedModule module, Peer peer) throws IOException {
    byte[] dial =
        ("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port() + "\r\n").getBytes(ISO_8859_1);
    module.input().readNBytes(READY.length());
    module.output().write(dial);
    Socket far = peer.accept();
    Thread sender =
        new Thread(
            () -> {
              try {
                Peer.send(far, "x".repeat(100_000));
              } catch (IOException e) {
                return; // the test has ended
              }
            },
            "test-flood");
    sender.setDaemon(true);
    sender.start();
    return far;
  }

  @Test
  void aModuleWhoseCtsFloatsStandsStillWhenItObeysIt() throws Exception {
    LineModel.Builder line = LineModel.builder().baud(921_600).ctsWired(false);
    try (SimulatedModule module = module(line);
        HostSide host = HostSide.of(module)) {
      host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      host.ask("AT+UART_CUR=921600,8,1,0,3", "\r\nOK\r\n");
      for (int i = 0; i < 5; i++) { // far more than one answer would have been heard meanwhile
        long before = module.bytesToHost();
        host.send("AT+GMR\r\n");
        HostSide.eventually("an answer said", () -> module.bytesToHost() > before + 160);
      }
      assertThat(host.pending()).isZero();
    }
  }

  @Test
  void rtsWithoutDtrResetsAModuleThatIsWiredSo() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().resetWired(true));
        HostSide host = HostSide.of(module)) {
      host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
      HostLine line = module.hostLine();
      line.rtsCts(false);
      line.rts(false);
      line.dtr(false);
      host.ask("AT", "\r\nOK\r\n");
      line.rts(true); // held
      host.send("AT\r\n");
      line.rts(false);
      host.expect(READY).ask("AT", "AT\r\n\r\nOK\r\n"); // the echo is on again
    }
  }

  @Test
  void theHostsCtsIsTheModulesRts() throws Exception {
    try (SimulatedModule module = module(LineModel.builder())) {
      assertThat(module.hostLine().cts()).isTrue();
    }
    try (SimulatedModule module = module(LineModel.builder().rtsWired(false))) {
      assertThat(module.hostLine().cts()).isFalse();
    }
    try (SimulatedModule module = SimulatedModule.builder().build()) {
      assertThat(module.hostLine().cts()).isTrue();
      module.hostLine().baud(9600); // an unpaced line has no speed
      HostSide.of(module).expect(READY).ask("AT", "AT\r\n\r\nOK\r\n");
    }
  }

  @Test
  void theLineOnTcpIsPacedToo() throws Exception {
    try (SimulatedModule module = module(LineModel.builder().baud(9600))) {
      int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        HostSide host = new HostSide(socket.getInputStream(), socket.getOutputStream());
        host.expect(READY).ask("ATE0", "ATE0\r\n\r\nOK\r\n");
        assertThat(version(host)).isBetween(0.150, 1.0);
        host.send("AT\r\n");
        socket.shutdownOutput();
        host.expect("\r\nOK\r\n");
        assertThat(host.awaitEnd()).isTrue();
      }
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        new HostSide(socket.getInputStream(), socket.getOutputStream()).ask("AT", "\r\nOK\r\n");
      }
    }
  }
}
