package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault as a host sees it, byte by byte. */
class FaultsTest {
  private static final String PROMPT = "\r\nOK\r\n\r\n>";
  private static final String READY = "WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n";

  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
  private final List<String> transcript = new CopyOnWriteArrayList<>();
  private SimulatedModule module;
  private HostSide host;
  private Peer peer;

  /** A module with echo off and these rules. */
  private HostSide module(String... rules) throws IOException {
    SimulatedModule.Builder builder =
        SimulatedModule.builder().seed(42).transcript(transcript::add);
    for (String rule : rules) {
      builder.fault(rule);
    }
    module = builder.build();
    open.add(module);
    host = HostSide.of(module);
    open.add(host);
    return host.quiet();
  }

  private Socket linked(String... rules) throws IOException {
    module(rules);
    return link();
  }

  private Socket link() throws IOException {
    peer = new Peer();
    open.add(peer);
    host.ask(start(), "CONNECT\r\n\r\nOK\r\n");
    Socket far = peer.accept();
    open.add(far);
    return far;
  }

  private String start() {
    return "AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void busyLosesTheCommand() throws Exception {
    module("at ATE1: BUSY").ask("ATE1", "\r\nbusy p...\r\n").ask("AT", "\r\nOK\r\n");
    assertThat(module.faultsHappened()).isEqualTo(1);
    assertThat(transcript.get(0)).endsWith("## \"faults with seed 42\"");
    assertThat(transcript).anyMatch(line -> line.endsWith("## \"fault BUSY\""));
  }

  @Test
  void busyMayExecuteTheCommandAllTheSame() throws Exception {
    module("at ATE1: BUSY_EXECUTED").ask("ATE1", "\r\nbusy p...\r\n\r\nOK\r\n");
    host.ask("AT", "AT\r\n\r\nOK\r\n"); // the echo is on
  }

  @Test
  void errorHasNoEffectAndNoReason() throws Exception {
    module("at AT+CIPMUX #2: ERROR").ask("AT+SYSLOG=1", "\r\nOK\r\n");
    host.ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPMUX=0", "\r\nERROR\r\n");
    host.ask("AT+CIPMUX?", "+CIPMUX:1\r\n\r\nOK\r\n");
  }

  @Test
  void everyThirdCommandIsCountedFromTheStart() throws Exception {
    module("every AT #3: ERROR x2");
    for (int i = 1; i <= 12; i++) {
      host.ask("AT", i == 3 || i == 6 ? "\r\nERROR\r\n" : "\r\nOK\r\n");
    }
  }

  @Test
  void aPromptThatStallsLeavesTheCommandRunning() throws Exception {
    linked("once: STALL_BEFORE_PROMPT");
    host.ask("AT+CIPSEND=5", "").ask("AT", "\r\nbusy p...\r\n").ask("AT", "\r\nbusy p...\r\n");
    host.send("AT+RST\r\n");
    host.expect("\r\nWill force to restart!!!\r\n\r\nOK\r\nWIFI DISCONNECT\r\n" + READY);
  }

  @Test
  void aStallWithATimeEnds() throws Exception {
    Socket far =
        linked("once: STALL_BEFORE_PROMPT for 50ms", "once: STALL_BEFORE_VERDICT for 50ms");
    host.ask("AT+CIPSEND=5", PROMPT).send("hello");
    host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n").ask("AT", "\r\nOK\r\n");
    assertThat(Peer.receive(far, 5)).isEqualTo("hello");
    assertThat(module.faultsHappened()).isEqualTo(2);
  }

  @Test
  void aVerdictThatStallsLosesWhatTheHostWrites() throws Exception {
    Socket far = linked("at AT+CIPSEND: STALL_BEFORE_VERDICT for 100ms");
    host.ask("AT+CIPSEND=5", PROMPT).send("hello");
    host.expect("\r\nRecv 5 bytes\r\n");
    assertThat(Peer.receive(far, 5)).isEqualTo("hello"); // it has gone all the same
    host.send("AT+GMR\r\n");
    host.expect("\r\nSEND OK\r\n").ask("AT", "\r\nOK\r\n");
  }

  @Test
  void aFailedSendDeliversAPrefix() throws Exception {
    Socket far = linked("at AT+CIPSEND: SEND_FAIL");
    String payload = "0123456789".repeat(20);
    host.ask("AT+CIPSEND=200", PROMPT).send(payload);
    host.expect("\r\nRecv 200 bytes\r\n\r\nSEND FAIL\r\n");
    host.ask("AT+CIPSEND=3", PROMPT).send("end"); // the link stays open
    host.expect("\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n").ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
    String arrived = Peer.receive(far, 1000);
    assertThat(arrived).endsWith("end").hasSizeBetween(3, 203);
    assertThat(payload).startsWith(arrived.substring(0, arrived.length() - 3));
  }

  @Test
  void aLongSendMayFailToo() throws Exception {
    Socket far = linked("at AT+CIPSENDL: SEND_FAIL");
    String payload = "0123456789".repeat(400);
    host.ask("AT+CIPSENDLCFG=100000", "\r\nOK\r\n");
    host.ask("AT+CIPSENDL=4000", PROMPT).send(payload);
    assertThat(host.until("\r\nSEND FAIL\r\n")).doesNotContain("OK");
    host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
    String arrived = Peer.receive(far, 5000);
    assertThat(payload).startsWith(arrived);
    assertThat(arrived.length()).isBetween(2920, 4000); // the first block went whole
  }

  @Test
  void aSendThatIsCanceledMakesTheRestACommand() throws Exception {
    Socket far = linked("at AT+CIPSEND: SEND_CANCELED");
    host.ask("AT+CIPSEND=8", PROMPT).send("rest\r\nxy");
    host.expect("\r\nSEND Canceled\r\n\r\nERROR\r\n").ask("", "\r\nERROR\r\n");
    host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
    assertThat(Peer.receive(far, 1)).isEmpty();
  }

  @Test
  void aLongSendIsCancelledInItsOwnSpelling() throws Exception {
    linked("at AT+CIPSENDL: SEND_CANCELED");
    host.ask("AT+CIPSENDL=8", PROMPT).send("AT\r\n");
    host.expect("\r\nSEND CANCELLED\r\n\r\nOK\r\n");
  }

  @Test
  void aRestartBetweenCommandsForgetsWhatIsVolatile() throws Exception {
    Socket far = linked("at AT+CIPDINFO: RESTART_WHILE_IDLE");
    host.ask("AT+CIPDINFO=1", "\r\nOK\r\n").expect(READY);
    host.ask("AT+CIPDINFO?", "AT+CIPDINFO?\r\n+CIPDINFO:false\r\nOK\r\n"); // the echo is on again
    host.send("AT+CIPSTATE?\r\n");
    host.expect("AT+CIPSTATE?\r\n\r\nOK\r\n"); // no link is left, and none said CLOSED
    assertThatThrownBy(() -> far.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void aRestartMayFollowThePrompt() throws Exception {
    linked("at AT+CIPSEND #2: RESTART_AFTER_PROMPT");
    host.ask("AT+CIPSEND=5", PROMPT).send("first");
    host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
    host.ask("AT+CIPSEND=5", PROMPT + READY).ask("AT", "AT\r\n\r\nOK\r\n");
  }

  @Test
  void aRestartMayComeInThePayload() throws Exception {
    linked("at AT+CIPSENDL: RESTART_IN_PAYLOAD");
    host.ask("AT+CIPSENDL=5000", PROMPT).send("half of it");
    host.expect(READY).ask("AT", "AT\r\n\r\nOK\r\n");
  }

  @Test
  void aBrownOutSpeaksAtAnotherSpeedFirst() throws Exception {
    linked().setSoTimeout(20_000);
    module.inject(Fault.BROWN_OUT);
    String noise = host.until("WIFI CONNECTED\r\n\r\nready\r\n");
    noise = noise.substring(0, noise.length() - "WIFI CONNECTED\r\n\r\nready\r\n".length());
    assertThat(noise).contains("\0").contains("\u00FF").hasSizeBetween(100, 400);
    assertThat(noise).doesNotContain("ets Jan");
    host.expect("WIFI GOT IP\r\n").ask("AT", "AT\r\n\r\nOK\r\n");
  }

  @Test
  void anAccessPointThatGoesTakesTheLinksWithIt() throws Exception {
    module("at AT+CIPMUX: WIFI_DROP for 100ms").ask("AT+CIPMUX=1", "\r\nOK\r\n");
    host.expect("WIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n");
    peer = new Peer();
    open.add(peer);
    String connect = "AT+CIPSTART=%d,\"TCP\",\"localhost\"," + peer.port();
    host.ask(String.format(connect, 0), "0,CONNECT\r\n\r\nOK\r\n");
    host.ask(String.format(connect, 3), "3,CONNECT\r\n\r\nOK\r\n");
    module.inject(Fault.WIFI_DROP);
    host.expect("WIFI DISCONNECT\r\n0,CLOSED\r\n3,CLOSED\r\n");
    host.ask("AT+CWSTATE?", "+CWSTATE:3,\"espat\"\r\n\r\nOK\r\n");
    host.ask(String.format(connect, 0), "\r\nERROR\r\n");
    host.expect("WIFI CONNECTED\r\nWIFI GOT IP\r\n");
    host.ask(String.format(connect, 0), "0,CONNECT\r\n\r\nOK\r\n");
  }

  @Test
  void aSendThatIsBlockedFailsWhenTheAccessPointGoes() throws Exception {
    linked();
    module.inject(Fault.DEAD_NETWORK);
    host.ask("AT+CIPSEND=8000", PROMPT).send("x".repeat(8000));
    host.expect("\r\nRecv 8000 bytes\r\n");
    module.inject(Fault.WIFI_DROP);
    host.expect("WIFI DISCONNECT\r\nCLOSED\r\n\r\nSEND FAIL\r\n");
  }

  @Test
  void aReadMayBeCutByTheEndOfItsLink() throws Exception {
    module("at AT+CIPRECVDATA #2: CLOSED_IN_READ").ask("AT+CIPRECVMODE=1", "\r\nOK\r\n");
    Socket far = link();
    Peer.send(far, "something");
    host.expect("\r\n+IPD,9\r\n");
    host.ask("AT+CIPRECVDATA=2", "+CIPRECVDATA:2,so\r\nOK\r\n\r\n+IPD,7\r\n");
    host.ask("AT+CIPRECVDATA=2", "+CIPRECVDATA:2,meCLOSED\r\n\r\nOK\r\n\r\n+IPD,5\r\n");
    host.ask("AT+CIPRECVDATA=9", "+CIPRECVDATA:5,thing\r\nOK\r\n");
    host.ask("AT+CIPRECVDATA=9", "\r\nERROR\r\n"); // gone, without a second word
    assertThatThrownBy(() -> far.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void anActiveLinkMayEndBehindAFrame() throws Exception {
    Socket far = linked("at byte 1 from peers: CLOSED_IN_READ");
    Peer.send(far, "frame");
    host.expect("\r\n+IPD,5:frame\r\nCLOSED\r\n").ask("AT+CIPCLOSE", "\r\nERROR\r\n");
  }

  @Test
  void aNoticeMayStandInsideAReply() throws Exception {
    module("at AT+CIPRECVLEN: NOTICE_INSIDE_REPLY", "at AT+CIPMUX: NOTICE_INSIDE_REPLY");
    host.ask("AT+CIPMUX?", "+CIPMUX:0\r\n+TIME_UPDATED\r\n\r\nOK\r\n");
    host.ask("AT+CIPRECVMODE=1", "\r\nOK\r\n");
    Socket far = link();
    Peer.send(far, "data");
    host.expect("\r\n+IPD,4\r\n");
    host.ask("AT+CIPRECVLEN?", "+CIPRECVLEN:4\r\n\r\n+IPD,4\r\n\r\nOK\r\n");
  }

  @Test
  void aNoticeMayBeMissing() throws Exception {
    module("once: MISSING_NOTICE").ask("AT+CIPRECVMODE=1", "\r\nOK\r\n");
    Socket far = link();
    Peer.send(far, "data");
    HostSide.eventually("the data is there", () -> module.bytesFromPeers() == 4);
    host.ask("AT+CIPRECVLEN?", "+CIPRECVLEN:4\r\n\r\nOK\r\n");
    host.ask("AT+CIPRECVDATA=9", "+CIPRECVDATA:4,data\r\nOK\r\n");
    Peer.send(far, "more");
    host.expect("\r\n+IPD,4\r\n"); // the next one comes
  }

  @Test
  void aLinkThatNeverWasMayBeClosed() throws Exception {
    boolean early = false;
    boolean late = false;
    for (int seed = 0; seed < 20 && !(early && late); seed++) {
      try (SimulatedModule one =
              SimulatedModule.builder().seed(seed).fault(Fault.STALE_CLOSED).build();
          HostSide side = HostSide.of(one);
          Peer server = new Peer()) {
        int nobody = closedPort();
        side.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
        String connect = "AT+CIPSTART=4,\"TCP\",\"localhost\",";
        side.ask(connect + nobody, "\r\nERROR\r\n");
        side.send("AT\r\n");
        boolean now = side.take(1).equals("4");
        early |= now;
        late |= !now;
        side.expect(now ? ",CLOSED\r\n\r\nOK\r\n" : "\nOK\r\n");
        String answer = now ? "4,CONNECT\r\n\r\nOK\r\n" : "4,CLOSED\r\n4,CONNECT\r\n\r\nOK\r\n";
        side.ask(connect + server.port(), answer);
      }
    }
    assertThat(early && late).isTrue();
  }

  private static int closedPort() throws IOException {
    try (Peer closed = new Peer()) {
      return closed.port();
    }
  }

  @Test
  void aDeadNetworkHoldsWhatIsSentAndDeliversItLater() throws Exception {
    Socket far = linked();
    Peer.send(far, "before");
    host.expect("\r\n+IPD,6:before\r\n");
    module.inject(Fault.DEAD_NETWORK);
    for (int i = 0; i < 2; i++) {
      host.ask("AT+CIPSEND=2048", PROMPT).send("x".repeat(2048));
      host.expect("\r\nRecv 2048 bytes\r\n\r\nSEND OK\r\n");
    }
    host.ask("AT+CIPSEND=2048", PROMPT).send("y".repeat(2048));
    host.expect("\r\nRecv 2048 bytes\r\n");
    Peer.send(far, "unheard");
    host.send("AT\r\n"); // no echo, no busy: the send holds the module
    module.inject(Fault.RESTART_WHILE_IDLE); // waits for the end of the send
    module.inject(Fault.WIFI_DROP);
    host.expect("WIFI DISCONNECT\r\nCLOSED\r\n\r\nSEND FAIL\r\n");
    host.expect(READY);
  }

  @Test
  void aNetworkThatComesBackLosesNothing() throws Exception {
    Socket far = linked("at AT+CIPSEND: DEAD_NETWORK for 300ms");
    host.ask("AT+CIPSEND=1", PROMPT).send("x");
    host.expect("\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n");
    host.ask("AT+CIPSEND=4000", PROMPT).send("y".repeat(4000));
    host.expect("\r\nRecv 4000 bytes\r\n\r\nSEND OK\r\n");
    Peer.send(far, "late");
    host.ask("AT+CIPSEND=4000", PROMPT).send("z".repeat(4000));
    host.expect("\r\nRecv 4000 bytes\r\n\r\nSEND OK\r\n");
    host.expect("\r\n+IPD,4:late\r\n");
    assertThat(Peer.receive(far, 8001)).isEqualTo("x" + "y".repeat(4000) + "z".repeat(4000));
  }

  @Test
  void aLinkClosedInADeadNetworkDeliversWhenItComesBack() throws Exception {
    Socket far = linked("at AT+CIPMUX: DEAD_NETWORK for 300ms");
    host.ask("AT+CIPMUX?", "+CIPMUX:0\r\n\r\nOK\r\n");
    host.ask("AT+CIPSEND=4000", PROMPT).send("y".repeat(4000));
    host.expect("\r\nRecv 4000 bytes\r\n\r\nSEND OK\r\n");
    host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
    assertThat(Peer.receive(far, 5000)).isEqualTo("y".repeat(4000));
  }

  @Test
  void keepAliveFindsADeadNetwork() throws Exception {
    module().ask("AT+CIPTCPOPT=-1,0,0,1", "\r\nOK\r\n");
    link();
    module.inject(Fault.DEAD_NETWORK);
    host.expect("CLOSED\r\n"); // 4 s later
  }

  /** Asks until an answer comes; questions that meet each other are busy. */
  private String firstAnswer() {
    HostSide.eventually(
        "it answers again",
        () -> {
          try {
            host.send("AT\r\n");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return host.pending() > 0;
        });
    return host.until("OK\r\n");
  }

  @Test
  void aModuleThatStandsStillSaysNothing() throws Exception {
    module("at AT+GMR: SILENT for 200ms").send("AT+GMR\r\n");
    assertThat(firstAnswer()).matches("(\r\nbusy p...\r\n)*\r\nOK\r\n"); // not that of AT+GMR
  }

  @Test
  void aCutWireMayBeMended() throws Exception {
    module("at AT+CIPMUX: CUT_WIRE for 100ms").send("AT+CIPMUX?\r\n");
    host.expect("+"); // the byte at which it was cut
    assertThat(firstAnswer()).matches("(\r\nbusy p...\r\n)*\r\nOK\r\n");
  }

  @Test
  void aSlowAdapterGivesEveryByte() throws Exception {
    module("at AT+CIPMUX: SLOW_DRIP for 60s");
    long start = System.nanoTime();
    host.ask("AT+CIPMUX?", "+CIPMUX:0\r\n\r\nOK\r\n");
    assertThat(System.nanoTime() - start).isGreaterThan(16 * 4_000_000L);
  }

  @Test
  void whatIsInjectedIntoTheLineComesAtOnce() throws Exception {
    module();
    module.inject(Fault.GARBAGE);
    assertThat(host.take(1)).hasSize(1); // at least; how many is the seed's
    HostSide.eventually("it happened", () -> module.faultsHappened() == 1);
  }

  @Test
  void aFaultMayFollowATime() throws Exception {
    module("after 50ms: RESTART_WHILE_IDLE").expect(READY);
    assertThat(module.seed()).isEqualTo(42);
  }

  @Test
  void aFaultMayFollowPayload() throws Exception {
    Socket far = linked("at byte 10 to peers: BROWN_OUT");
    host.ask("AT+CIPSEND=9", PROMPT).send("ninebytes");
    host.expect("\r\nRecv 9 bytes\r\n\r\nSEND OK\r\n");
    assertThat(Peer.receive(far, 9)).isEqualTo("ninebytes");
    host.ask("AT+CIPSEND=1", PROMPT).send("x");
    host.until("\r\nready\r\n");
  }
}
