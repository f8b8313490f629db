package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults on a line with a speed. */
class PacedFaultsTest {
  private static final String PROMPT = "\r\nOK\r\n\r\n>";
  private static final String READY = "WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n";

  private final List<AutoCloseable> open = new ArrayList<>();
  private SimulatedModule module;
  private HostSide host;

  private HostSide module(String... rules) throws IOException {
    SimulatedModule.Builder builder = SimulatedModule.builder().seed(42);
    for (String rule : rules) {
      builder.fault(rule);
    }
    module = builder.line(LineModel.builder().baud(921_600).build()).build();
    open.add(module);
    host = HostSide.of(module);
    open.add(host);
    return host.quiet();
  }

  private Socket linked(String... rules) throws IOException {
    module(rules);
    Peer peer = new Peer();
    open.add(peer);
    host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
    Socket far = peer.accept();
    open.add(far);
    return far;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void aRestartComesBehindThePromptThatTheHostHears() throws Exception {
    linked("at AT+CIPSEND: RESTART_AFTER_PROMPT");
    host.ask("AT+CIPSEND=5", PROMPT + READY).ask("AT", "AT\r\n\r\nOK\r\n");
  }

  @Test
  void aRestartGoesBackToTheSpeedInFlash() throws Exception {
    module("at AT+UART_CUR: RESTART_WHILE_IDLE");
    host.ask("AT+UART_CUR=115200,8,1,0,0", "\r\nOK\r\n" + READY);
    host.ask("AT+UART_CUR?", "AT+UART_CUR?\r\n+UART_CUR:922190,8,1,0,1\r\n\r\nOK\r\n");
  }

  @Test
  void theBytesThatAreNamedAreLost() throws Exception {
    module("at byte 9 to module: LOST_BYTE"); // the third behind ATE0 CR LF
    host.ask("AT+GMR", "\r\nERROR\r\n").ask("AT", "\r\nOK\r\n");
    module("at AT+CIPMUX: LOST_BYTE").ask("AT+CIPMUX?", "CIPMUX:0\r\n\r\nOK\r\n");
  }

  @Test
  void aFailedSendDeliversAPrefix() throws Exception {
    Socket far = linked("at AT+CIPSEND: SEND_FAIL");
    host.ask("AT+CIPSEND=2000", PROMPT).send("0123456789".repeat(200));
    host.expect("\r\nRecv 2000 bytes\r\n\r\nSEND FAIL\r\n").ask("AT", "\r\nOK\r\n");
    host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
    assertThat("0123456789".repeat(200)).startsWith(Peer.receive(far, 2000));
  }

  @Test
  void stallsStandstillsAndCutsEnd() throws Exception {
    linked(
        "once: STALL_BEFORE_PROMPT for 50ms",
        "once: STALL_BEFORE_VERDICT for 50ms",
        "at AT+CIPMUX: SLOW_DRIP for 100ms");
    host.ask("AT+CIPSEND=5", PROMPT).send("hello");
    host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
    host.ask("AT+CIPMUX?", "+CIPMUX:0\r\n\r\nOK\r\n").ask("AT", "\r\nOK\r\n");
    assertThat(module.faultsHappened()).isEqualTo(3);
  }

  @Test
  void aRestartResetsThePeer() throws Exception {
    Socket far = linked();
    module.inject(Fault.RESTART_WHILE_IDLE);
    assertThatThrownBy(() -> far.getInputStream().read()).isInstanceOf(SocketException.class);
  }
}
