package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code AT+CIPMODE=1}: bytes without frames, both ways. */
class PassthroughTest {
  private static final Setup.Pace QUICK =
      new Setup.Pace(
          Duration.ofMillis(50),
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofSeconds(2));

  /** A module in passthrough with one connection. */
  private static final class Through implements AutoCloseable {
    final SimulatedModule module = SimulatedModule.builder().build();
    final HostSide host = HostSide.of(module);
    final Peer peer = new Peer();
    final Socket far;

    Through(String... before) throws Exception {
      host.quiet();
      for (String command : before) {
        host.ask(command, "\r\nOK\r\n");
      }
      host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
      far = peer.accept();
      host.ask("AT+CIPMODE=1", "\r\nOK\r\n").ask("AT+CIPSEND=5", "\r\nERROR\r\n");
      host.ask("AT+CIPSEND", "\r\nOK\r\n\r\n>");
    }

    /** Says the escape; all before it has arrived, so there was a silence. */
    void leave() throws IOException {
      host.send("+++");
    }

    @Override
    public void close() throws IOException {
      far.close();
      peer.close();
      host.close();
      module.close();
    }
  }

  static IntStream sizes() {
    return IntStream.concat(IntStream.rangeClosed(1, 140), IntStream.of(2920, 5000));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everyChunkSizeIsCarriedBothWays(int size) throws Exception {
    String text = "AT\r\n\0\r\n+IPD,3:++-\\0".repeat(300);
    try (Through through = new Through("AT+SYSMSG=1")) {
      through.host.send(text, size);
      assertThat(Peer.receive(through.far, text.length())).isEqualTo(text);
      for (int i = 0; i < text.length(); i += size) {
        Peer.send(through.far, text.substring(i, Math.min(text.length(), i + size)));
      }
      through.host.expect(text);
      through.leave();
      through.host.expect("\r\n+QUITT\r\n").ask("AT", "\r\nOK\r\n");
    }
  }

  @Test
  void dataStaysRawBehindTheEscapeUntilTheModeEnds() throws Exception {
    try (Through through = new Through()) {
      HostSide host = through.host;
      host.send("hello");
      assertThat(Peer.receive(through.far, 5)).isEqualTo("hello");
      Peer.send(through.far, "answer");
      host.expect("answer");
      through.leave(); // no word about it
      host.pauseAndSend("AT\r\n"); // before the guard time is over it would be payload
      host.expect("\r\nOK\r\n");
      Peer.send(through.far, "raw");
      host.expect("raw").ask("AT+CIPMODE=0", "\r\nOK\r\n");
      Peer.send(through.far, "framed");
      host.expect("\r\n+IPD,6:framed\r\n");
      host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
    }
  }

  @Test
  void plusSignsWithCompanyArePayload() throws Exception {
    try (Through through = new Through()) {
      for (String text : new String[] {"+++\r\n", "a+++", "++++", "++"}) {
        through.host.send(text);
        assertThat(Peer.receive(through.far, text.length())).isEqualTo(text);
      }
    }
  }

  @Test
  void aPeerThatClosesIsDialledAgainWithoutAWord() throws Exception {
    try (Through through = new Through("AT+CIPRECONNINTV=2")) {
      through.far.close();
      try (Socket again = through.peer.accept()) {
        Peer.send(again, "new");
        through.host.expect("new").send("there");
        assertThat(Peer.receive(again, 5)).isEqualTo("there");
      }
    }
  }

  @Test
  void statusTextsAreSaidWithinWhenAskedFor() throws Exception {
    try (Through through = new Through("AT+SYSMSG=4")) {
      through.far.close();
      try (Socket again = through.peer.accept()) {
        through.host.expect("CLOSED\r\nCONNECT\r\n");
        assertThat(again.isConnected()).isTrue();
      }
    }
  }

  @Test
  void theIntervalsHaveRanges() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+TRANSINTVL?", "+TRANSINTVL:20\r\n\r\nOK\r\n");
      host.ask("AT+TRANSINTVL=1001", "\r\nERROR\r\n").ask("AT+TRANSINTVL=0", "\r\nOK\r\n");
      host.ask("AT+TRANSINTVL?", "+TRANSINTVL:0\r\n\r\nOK\r\n");
      host.ask("AT+CIPRECONNINTV?", "+CIPRECONNINTV:1\r\n\r\nOK\r\n");
      host.ask("AT+CIPRECONNINTV=0", "\r\nERROR\r\n")
          .ask("AT+CIPRECONNINTV=36001", "\r\nERROR\r\n");
      host.ask("AT+CIPRECONNINTV=36000", "\r\nOK\r\n");
      host.ask("AT+CIPRECONNINTV?", "+CIPRECONNINTV:36000\r\n\r\nOK\r\n");
      host.ask("AT+CIPMODE=1", "\r\nOK\r\n").ask("AT+CIPSEND", "\r\nERROR\r\n"); // no link
    }
  }

  @Test
  void aSavedLinkTakesTheLineAtEachStart() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet();
      host.ask("AT+SAVETRANSLINK=1,\"localhost\"," + peer.port() + ",\"TCP\",7", "\r\nOK\r\n");
      host.ask("AT+SYSMSG=1", "\r\nOK\r\n");
      host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\n");
      host.expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
      try (Socket far = peer.accept()) {
        host.expect("\r\n>").send("AT\r\n");
        assertThat(Peer.receive(far, 4)).isEqualTo("AT\r\n");
        host.send("+++");
        host.expect("\r\n+QUITT\r\n");
        host.ask("AT+SAVETRANSLINK=0", "AT+SAVETRANSLINK=0\r\n\r\nOK\r\n");
      }
      host.until("CLOSED\r\n");
      host.ask("AT+RST", "AT+RST\r\n\r\nOK\r\nWIFI DISCONNECT\r\n");
      host.expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
      host.ask("AT+CIPMODE?", "AT+CIPMODE?\r\n+CIPMODE:0\r\n\r\nOK\r\n");
    }
  }

  @Test
  void aLinkInTlsIsDialledAgainInTls() throws Exception {
    TestCertificate certificate = TestAuthority.create("Test CA").issue("localhost");
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(certificate)) {
      host.quiet().send("AT+CIPSTART=\"SSL\",\"localhost\"," + peer.port() + "\r\n");
      try (SSLSocket far = peer.accept()) {
        host.expect("CONNECT\r\n\r\nOK\r\n").ask("AT+CIPMODE=1", "\r\nOK\r\n");
        host.ask("AT+CIPSEND", "\r\nOK\r\n\r\n>").send("first");
        assertThat(Peer.receive(far, 5)).isEqualTo("first");
      }
      try (SSLSocket again = peer.accept()) {
        Peer.send(again, "second");
        host.expect("second");
      }
    }
  }

  @Test
  void eachStartTakesTheAttemptsOfTheOneBeforeBack() throws Exception {
    int nobody;
    try (Peer gone = new Peer()) {
      nobody = gone.port();
    }
    try (SimulatedModule module =
            SimulatedModule.builder()
                .pace(QUICK)
                .fault(Fault.STALE_CLOSED, 1) // counts the dials that fail
                .build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPRECONNINTV=15", "\r\nOK\r\n");
      host.ask("AT+SAVETRANSLINK=1,\"localhost\"," + nobody, "\r\nOK\r\n");
      for (int i = 0; i < 4; i++) {
        long attempts = module.faultsHappened();
        host.send("AT+RST\r\n");
        HostSide.eventually("an attempt", () -> module.faultsHappened() > attempts);
      }
      long before = module.faultsHappened();
      HostSide.eventually("one more", () -> module.faultsHappened() >= before + 1);
      long start = System.nanoTime();
      HostSide.eventually("two more", () -> module.faultsHappened() >= before + 2);
      assertThat(System.nanoTime() - start).isGreaterThan(1_400_000_000L); // between two
    }
  }
}
