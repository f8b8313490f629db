package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link Fault#SILENT} and {@link Fault#STALL_BEFORE_VERDICT}: a module that stands still. */
class StandstillTest {
  private static final String PROMPT = "\r\nOK\r\n\r\n>";

  private final List<AutoCloseable> open = new ArrayList<>();
  private SimulatedModule module;
  private HostSide host;

  private HostSide module(SimulatedModule.Builder builder) throws IOException {
    module = builder.build();
    open.add(module);
    host = HostSide.of(module);
    open.add(host);
    return host.quiet();
  }

  private Socket link() throws IOException {
    Peer peer = new Peer();
    open.add(peer);
    host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
    Socket far = peer.accept();
    open.add(far);
    return far;
  }

  private void silence() {
    module.inject(Fault.SILENT);
    HostSide.eventually("it stands still", () -> module.faultsHappened() == 1);
  }

  /** How long this thread's module worked in the coming half second, in seconds. */
  private static double work() {
    long thread = 0;
    for (Thread one : Thread.getAllStackTraces().keySet()) {
      if (one.getName().equals("espat-sim-module")) {
        thread = Math.max(thread, one.getId()); // the youngest
      }
    }
    long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    return (ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - before) / 1e9;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void aVerdictThatStallsKeepsTheLinksFromBeingRead() throws Exception {
    module(SimulatedModule.builder().fault("once: STALL_BEFORE_VERDICT for 300ms"));
    Socket far = link();
    host.ask("AT+CIPSEND=5", PROMPT).send("hello");
    assertThat(Peer.receive(far, 5)).isEqualTo("hello");
    Peer.send(far, "x");
    host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n\r\n+IPD,1:x\r\n");
  }

  @Test
  void aFailureThatStallsTakesNoMorePayload() throws Exception {
    module(SimulatedModule.builder().fault("once: STALL_BEFORE_VERDICT for 500ms"));
    Socket far = link();
    host.ask("AT+CIPSEND=5", PROMPT);
    far.close();
    host.expect("CLOSED\r\n").send("hello");
    host.expect("\r\nRecv 5 bytes\r\n").send("AT\r\nAT\r\n"); // lost without a word
    host.expect("\r\nSEND FAIL\r\n").ask("AT", "\r\nOK\r\n");
  }

  @Test
  void whatIsDueMeanwhileIsNotSaid() throws Exception {
    LineModel line = LineModel.builder().baud(921_600).build();
    module(SimulatedModule.builder().line(line));
    host.send("AT+CWLAP\r\n");
    HostSide.eventually("the scan begins", () -> module.bytesFromHost() == 16); // with ATE0
    silence();
    work();
    assertThat(host.pending()).isZero();
  }

  @Test
  void aPeerThatKnocksDoesNotKeepItBusy() throws Exception {
    module(SimulatedModule.builder()).ask("AT+CIPMUX=1", "\r\nOK\r\n");
    host.ask("AT+CIPSERVER=1,9000", "\r\nOK\r\n");
    int port = module.listeningPort();
    silence();
    try (Socket knocking = new Socket(InetAddress.getLoopbackAddress(), port)) {
      assertThat(work()).isLessThan(0.2);
      assertThat(knocking.isConnected()).isTrue();
    }
  }

  @Test
  void aClientOnTcpDoesNotKeepItBusy() throws Exception {
    module = SimulatedModule.builder().build();
    open.add(module);
    int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        HostSide served = new HostSide(client.getInputStream(), client.getOutputStream())) {
      served.quiet().send("AT+CWLAP\r\n");
      HostSide.eventually("the scan begins", () -> module.bytesFromHost() == 16);
      silence();
      work(); // the scan ends
      assertThat(work()).isLessThan(0.2);
    }
  }

  @Test
  void theEndOfOneStandstillDoesNotEndTheNext() throws Exception {
    LineModel line = LineModel.builder().resetWired(true).build();
    module(
        SimulatedModule.builder()
            .line(line)
            .fault("at AT+CIPMUX: SILENT for 1s")
            .fault("at AT+CIPDINFO: SILENT"));
    host.send("AT+CIPMUX?\r\n");
    HostSide.eventually("it stands still", () -> module.faultsHappened() == 1);
    module.hostLine().rtsCts(false);
    module.hostLine().dtr(false); // reset
    module.hostLine().dtr(true);
    host.until("GOT IP\r\n");
    host.send("AT+CIPDINFO?\r\n");
    HostSide.eventually("it stands still again", () -> module.faultsHappened() == 2);
    host.until("CIPDINFO?\r\n"); // the echo
    for (int i = 0; i < 3; i++) {
      work();
    }
    host.send("AT\r\n");
    work();
    assertThat(host.pending()).isZero();
  }
}
