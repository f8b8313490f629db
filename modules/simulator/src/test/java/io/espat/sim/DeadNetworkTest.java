package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a module does whose network dies behind a living access point, as recorded. */
class DeadNetworkTest {
  private static final String BLOCK = "0123456789ABCDEF".repeat(128);
  private static final Setup.Pace QUICK =
      new Setup.Pace(
          Duration.ofMillis(50),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(2));

  /** A module with one connection, in single link mode. */
  private static final class Linked implements AutoCloseable {
    final SimulatedModule module = SimulatedModule.builder().pace(QUICK).build();
    final HostSide host = HostSide.of(module);
    final Peer peer = new Peer();
    final Socket far;

    Linked(String keepAlive, String... before) throws Exception {
      host.quiet();
      for (String command : before) {
        host.ask(command, "\r\nOK\r\n");
      }
      host.ask(dial() + keepAlive, "CONNECT\r\n\r\nOK\r\n");
      far = peer.accept();
    }

    String dial() {
      return "AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port();
    }

    void send(String verdict) throws IOException {
      host.ask("AT+CIPSEND=2048", "\r\nOK\r\n\r\n>").send(BLOCK);
      host.expect("\r\nRecv 2048 bytes\r\n" + verdict);
    }

    @Override
    public void close() throws IOException {
      far.close();
      peer.close();
      host.close();
      module.close();
    }
  }

  @Test
  void theSendBufferFillsAndThenTheModuleIsSilentUntilTheNetworkIsBack() throws Exception {
    try (Linked linked = new Linked("")) {
      linked.module.network(false);
      linked.send("\r\nSEND OK\r\n");
      linked.send("\r\nSEND OK\r\n");
      linked.send("");
      long taken = linked.module.bytesFromHost() + "AT\r\nAT+CIPCLOSE\r\n".length();
      linked.host.send("AT\r\n"); // no echo, no busy, no answer
      linked.host.send("AT+CIPCLOSE\r\n");
      HostSide.eventually("commands are swallowed", () -> linked.module.bytesFromHost() == taken);
      assertThat(linked.host.pending()).isZero();
      assertThat(linked.far.getInputStream().available()).isZero();
      linked.module.network(true);
      linked.host.expect("\r\nSEND OK\r\n");
      assertThat(Peer.receive(linked.far, 6144)).isEqualTo(BLOCK.repeat(3));
      linked.host.ask("AT", "\r\nOK\r\n");
    }
  }

  @Test
  void aSendTimeOutLeavesAPrefixThatIsDeliveredLater() throws Exception {
    try (Linked linked = new Linked("", "AT+CIPTCPOPT=-1,0,300")) {
      linked.module.network(false);
      linked.send("\r\nSEND OK\r\n");
      linked.send("\r\nSEND OK\r\n");
      linked.send("\r\nSEND FAIL\r\n");
      linked.module.network(true);
      assertThat(Peer.receive(linked.far, 5760)).isEqualTo(BLOCK.repeat(3).substring(0, 5760));
      linked.host.send("AT+CIPSTATUS\r\n");
      linked.host.expect("STATUS:3\r\n+CIPSTATUS:0,").until("\r\n\r\nOK\r\n");
      linked.host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
      assertThat(linked.far.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aLinkCanBeClosedAtOnceAndItsPeerHearsOfItLater() throws Exception {
    try (Linked linked = new Linked("")) {
      linked.module.network(false);
      linked.send("\r\nSEND OK\r\n");
      linked.host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
      long before = System.nanoTime();
      linked.host.ask(linked.dial(), "\r\nERROR\r\n");
      assertThat(System.nanoTime() - before).isGreaterThan(500_000_000L);
      assertThat(linked.far.getInputStream().available()).isZero();
      linked.module.network(true);
      assertThat(linked.far.getInputStream().readAllBytes()).hasSize(2048);
    }
  }

  @Test
  void namesAndEchoesAreNotHeardOf() throws Exception {
    try (Linked linked = new Linked("")) {
      linked.module.network(false);
      linked.host.ask("AT+CIPDOMAIN=\"localhost\"", "\r\nERROR\r\n");
      linked.host.ask("AT+PING=\"localhost\"", "+PING:TIMEOUT\r\n\r\nERROR\r\n");
      linked.module.network(true);
      linked.host.ask("AT+PING=\"localhost\"", "+PING:1\r\n\r\nOK\r\n");
    }
  }

  @Test
  void aRestartWhileADialWaitsEndsIt() throws Exception {
    try (Linked linked = new Linked("")) {
      linked.host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
      linked.module.network(false);
      linked.host.send(linked.dial() + "\r\n");
      linked.host.send("AT\r\n");
      linked.host.expect("\r\nbusy p...\r\n").send("AT+RST\r\n");
      linked.host.expect("\r\nWill force to restart!!!\r\n").until("ready\r\n");
      linked.module.network(true);
      linked.host.until("GOT IP\r\n");
      linked.host.ask("AT+CIPSTATUS", "AT+CIPSTATUS\r\nSTATUS:2\r\n\r\nOK\r\n");
    }
  }

  @Test
  void aDialSucceedsWhenTheNetworkComesBackInTime() throws Exception {
    try (Linked linked = new Linked("")) {
      linked.host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
      linked.module.network(false);
      linked.host.send(linked.dial() + "\r\n");
      linked.module.network(true);
      linked.host.expect("CONNECT\r\n\r\nOK\r\n");
      linked.peer.accept().close();
      linked.host.expect("CLOSED\r\n");
    }
  }

  @Test
  void keepAliveFindsOutAndPlainLinksDoNot() throws Exception {
    try (Linked linked = new Linked(",1")) {
      linked.module.network(false);
      linked.host.expect("CLOSED\r\n");
      linked.module.network(true);
      assertThat(linked.far.getInputStream().read()).isEqualTo(-1);
      linked.host.ask("AT+CIPSTATUS", "STATUS:4\r\n\r\nOK\r\n");
    }
  }

  @Test
  void whatPeersSendArrivesOnceTheNetworkIsBack() throws Exception {
    try (Linked linked = new Linked("")) {
      linked.module.network(false);
      Peer.send(linked.far, "late");
      linked.host.ask("AT", "\r\nOK\r\n");
      linked.module.network(true);
      linked.host.expect("\r\n+IPD,4:late\r\n");
    }
  }

  @Test
  void aLongSendStallsTheLineAndEndsItsWait() throws Exception {
    try (Linked linked = new Linked("", "AT+CIPSENDLCFG=1048576")) {
      linked.module.network(false);
      linked.host.ask("AT+CIPSENDL=14336", "\r\nOK\r\n\r\n>");
      Thread writer = new Thread(() -> write(linked.host), "test-writer");
      writer.setDaemon(true);
      writer.start();
      HostSide.eventually(
          "two blocks are in the module", () -> linked.module.bytesFromHost() > 8000);
      linked.module.network(true);
      linked.host.expect("+CIPSENDL:14336,14336\r\n\r\nSEND OK\r\n");
      assertThat(Peer.receive(linked.far, 14336)).isEqualTo(BLOCK.repeat(7));
      writer.join(HostSide.LIMIT.toMillis());
    }
  }

  private static void write(HostSide host) {
    try {
      host.send(BLOCK.repeat(7));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void keepAliveEndsASendThatIsBlocked() throws Exception {
    try (Linked linked = new Linked(",1")) {
      linked.module.network(false);
      linked.host.ask("AT+CIPSEND=8000", "\r\nOK\r\n\r\n>").send("x".repeat(8000));
      linked.host.expect("\r\nRecv 8000 bytes\r\nCLOSED\r\n\r\nSEND FAIL\r\n");
      linked.host.ask("AT", "\r\nOK\r\n");
    }
  }

  @Test
  void theServersIdleLimitEndsASendThatIsBlocked() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().pace(QUICK).build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSTO=1", "\r\nOK\r\n");
      host.ask("AT+CIPSERVER=1,9001", "\r\nOK\r\n");
      try (Socket far = new Socket("127.0.0.1", module.listeningPort())) {
        host.expect("0,CONNECT\r\n");
        module.network(false);
        host.ask("AT+CIPSEND=0,8000", "\r\nOK\r\n\r\n>").send("x".repeat(8000));
        host.expect("\r\nRecv 8000 bytes\r\n0,CLOSED\r\n\r\nSEND FAIL\r\n");
        assertThat(far.isConnected()).isTrue();
      }
    }
  }
}
