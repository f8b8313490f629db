package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code AT+CIPSENDL}: payload in blocks, reports between, +IPD of other links between them. */
class LongSendTest {
  private static final Pattern REPORT = Pattern.compile("\\+CIPSENDL:(\\d+),(\\d+)\r\n");

  /** A module with link 0 and, with several, link 1; echo off. */
  private static final class Dialled implements AutoCloseable {
    final SimulatedModule module = SimulatedModule.builder().build();
    final HostSide host = HostSide.of(module);
    final Peer peer = new Peer();
    final Socket[] far;

    Dialled(int links, String... before) throws Exception {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      for (String command : before) {
        host.ask(command, "\r\nOK\r\n");
      }
      far = new Socket[links];
      for (int id = 0; id < links; id++) {
        host.ask(
            "AT+CIPSTART=" + id + ",\"TCP\",\"localhost\"," + peer.port(),
            id + ",CONNECT\r\n\r\nOK\r\n");
        far[id] = peer.accept();
      }
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : far) {
        socket.close();
      }
      peer.close();
      host.close();
      module.close();
    }
  }

  private static String letters(int count, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) random.nextInt(256));
    }
    return text.toString();
  }

  /** The reports are all multiples in order and then the total; received never falls behind. */
  private static void checkReports(String said, int report, int total) {
    Matcher one = REPORT.matcher(said);
    int at = 0;
    int least = 0;
    int end = 0;
    while (one.find()) {
      assertThat(one.start()).as(said).isEqualTo(end);
      end = one.end();
      at = Math.min(at + report, total);
      int received = Integer.parseInt(one.group(2));
      assertThat(Integer.parseInt(one.group(1))).isEqualTo(at);
      assertThat(received).isBetween(Math.max(least, at), total);
      least = received;
    }
    assertThat(at).isEqualTo(total);
  }

  static IntStream sizes() {
    return IntStream.concat(IntStream.rangeClosed(1, 140), IntStream.of(500, 2920, 2921, 7000));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everyChunkSizeDeliversTheSame(int size) throws Exception {
    String payload = letters(7001, size).replace("+++", "+-+");
    try (Dialled dialled = new Dialled(1, "AT+CIPSENDLCFG=1000,1460")) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDL=0," + payload.length(), "\r\nOK\r\n\r\n>");
      host.send(payload, size);
      assertThat(Peer.receive(dialled.far[0], payload.length())).isEqualTo(payload);
      String said = host.until("\r\nSEND OK\r\n");
      checkReports(said.substring(0, said.length() - 11), 1000, payload.length());
      host.ask("AT", "\r\nOK\r\n");
    }
  }

  @Test
  void sizesAndLengthsAreRefusedOutsideTheirRanges() throws Exception {
    try (Dialled dialled = new Dialled(1)) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDLCFG?", "+CIPSENDLCFG:1024,2920\r\n\r\nOK\r\n");
      for (String wrong : new String[] {"99", "1048577", "100,99", "100,2921", "", "1,2,3"}) {
        host.ask("AT+CIPSENDLCFG=" + wrong, "\r\nERROR\r\n");
      }
      host.ask("AT+CIPSENDLCFG=1048576", "\r\nOK\r\n");
      host.ask("AT+CIPSENDLCFG=100,100", "\r\nOK\r\n");
      host.ask("AT+CIPSENDLCFG?", "+CIPSENDLCFG:100,100\r\n\r\nOK\r\n");
      for (String wrong : new String[] {"0,0", "0,-1", "0,2147483648", "1,5", "5", "0"}) {
        host.ask("AT+CIPSENDL=" + wrong, "\r\nERROR\r\n");
      }
      host.ask("AT+CIPSENDL=0,2147483647", "\r\nOK\r\n\r\n>");
    }
  }

  @Test
  void aPartOfABlockLeavesAfterASilence() throws Exception {
    try (Dialled dialled = new Dialled(1, "AT+CIPSENDLCFG=100")) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDL=0,1000000", "\r\nOK\r\n\r\n>");
      host.send("a".repeat(50));
      assertThat(Peer.receive(dialled.far[0], 50)).isEqualTo("a".repeat(50));
      host.send("b".repeat(50));
      host.expect("+CIPSENDL:100,100\r\n");
      host.send("+++");
      host.expect("\r\nSEND CANCELLED\r\n").ask("AT", "\r\nOK\r\n");
      host.ask("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
      assertThat(dialled.far[0].getInputStream().readAllBytes()).hasSize(50);
    }
  }

  @Test
  void plusSignsInTheMiddleAreData() throws Exception {
    try (Dialled dialled = new Dialled(1, "AT+CIPSENDLCFG=1048576")) {
      HostSide host = dialled.host;
      String payload = "+".repeat(4000) + "x+++y";
      host.ask("AT+CIPSENDL=0," + payload.length(), "\r\nOK\r\n\r\n>");
      host.send(payload);
      host.expect("+CIPSENDL:4005,4005\r\n\r\nSEND OK\r\n");
      assertThat(Peer.receive(dialled.far[0], payload.length())).isEqualTo(payload);
      // nine signs at once, two, one: no three of them stand alone
      host.ask("AT+CIPSENDL=0,9", "\r\nOK\r\n\r\n>").send("+++++++++");
      host.expect("+CIPSENDL:9,9\r\n\r\nSEND OK\r\n");
      host.ask("AT+CIPSENDL=0,2", "\r\nOK\r\n\r\n>").send("++");
      host.expect("+CIPSENDL:2,2\r\n\r\nSEND OK\r\n");
      assertThat(Peer.receive(dialled.far[0], 11)).isEqualTo("+".repeat(11));
      // all that was announced, and yet an escape: nothing leaves
      host.ask("AT+CIPSENDL=0,3", "\r\nOK\r\n\r\n>").send("+++");
      host.expect("\r\nSEND CANCELLED\r\n");
    }
  }

  @Test
  void bytesBeyondTheLengthAreLostAndSaidAfterTheVerdict() throws Exception {
    try (Dialled dialled = new Dialled(1)) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDL=0,10", "\r\nOK\r\n\r\n>").send("0123456789AT\r\n");
      host.expect("+CIPSENDL:10,10\r\n\r\nSEND OK\r\n\r\nbusy p...\r\n").ask("AT", "\r\nOK\r\n");
      assertThat(Peer.receive(dialled.far[0], 10)).isEqualTo("0123456789");
    }
  }

  @Test
  void otherLinksAreReadBetweenTheBlocks() throws Exception {
    try (Dialled dialled = new Dialled(2, "AT+CIPSENDLCFG=1048576,2920")) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDL=0,8760", "\r\nOK\r\n\r\n>");
      for (int block = 0; block < 3; block++) {
        Peer.send(dialled.far[1], "block " + block);
        host.expect("\r\n+IPD,1,7:block " + block + "\r\n");
        host.send(("" + block).repeat(2920));
        assertThat(Peer.receive(dialled.far[0], 2920)).isEqualTo(("" + block).repeat(2920));
      }
      host.expect("+CIPSENDL:8760,8760\r\n\r\nSEND OK\r\n");
    }
  }

  @Test
  void aPeerThatDoesNotReadStallsTheLineAndHoldsTheOtherLinks() throws Exception {
    try (Dialled dialled = new Dialled(2, "AT+CIPSENDLCFG=1048576,2920")) {
      HostSide host = dialled.host;
      int total = 4_000_000;
      host.ask("AT+CIPSENDL=0," + total, "\r\nOK\r\n\r\n>");
      Thread writer = new Thread(() -> sendAll(host, total), "test-writer");
      writer.setDaemon(true);
      writer.start();
      SimulatedModule module = dialled.module;
      long[] before = {0, System.nanoTime()};
      HostSide.eventually("the line stands still", () -> still(module.bytesFromHost(), before));
      assertThat(module.bytesFromHost()).isLessThan(total);
      Peer.send(dialled.far[1], "waits");
      assertThat(host.pending()).isZero();
      assertThat(Peer.receive(dialled.far[0], total)).isEqualTo("s".repeat(total));
      String said = host.until("\r\nSEND OK\r\n");
      assertThat(said).contains("\r\n+IPD,1,5:waits\r\n").contains("+CIPSENDL:" + total);
      writer.join(HostSide.LIMIT.toMillis());
    }
  }

  private static void sendAll(HostSide host, int total) {
    try {
      host.send("s".repeat(total));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a count has not changed for 200 ms. */
  private static boolean still(long now, long[] before) {
    if (now != before[0]) {
      before[0] = now;
      before[1] = System.nanoTime();
    }
    return now > 0 && System.nanoTime() - before[1] > 200_000_000L;
  }

  @Test
  void aLostLinkIsReportedAndTheRestStillAwaited() throws Exception {
    try (Dialled dialled = new Dialled(1, "AT+CIPSENDLCFG=1048576")) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDL=0,5000", "\r\nOK\r\n\r\n>").send("x".repeat(2920));
      assertThat(Peer.receive(dialled.far[0], 2920)).hasSize(2920);
      dialled.far[0].close();
      host.expect("+CIPSENDL:2920,2920\r\n0,CLOSED\r\n");
      host.send("y".repeat(2079));
      host.send("z");
      host.expect("\r\nSEND FAIL\r\n").ask("AT", "\r\nOK\r\n");
    }
  }

  @Test
  void aLostLinkCanBeLeftByAnEscape() throws Exception {
    try (Dialled dialled = new Dialled(1)) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDL=0,5000", "\r\nOK\r\n\r\n>");
      dialled.far[0].close();
      host.expect("+CIPSENDL:0,0\r\n0,CLOSED\r\n");
      host.send("+++");
      host.expect("\r\nSEND CANCELLED\r\n").ask("AT", "\r\nOK\r\n");
    }
  }

  @Test
  void theSendTimeOutBoundsEachBlock() throws Exception {
    try (Dialled dialled =
        new Dialled(1, "AT+CIPTCPOPT=0,-1,0,300", "AT+CIPSENDLCFG=1048576,2920")) {
      HostSide host = dialled.host;
      int total = 6_000_000; // more than any loopback buffers
      host.ask("AT+CIPSENDL=0," + total, "\r\nOK\r\n\r\n>");
      host.send("t".repeat(total));
      String said = host.until("\r\nSEND FAIL\r\n");
      assertThat(said).matches("\\+CIPSENDL:\\d+,\\d+\r\n\r\nSEND FAIL\r\n");
      int sent = Integer.parseInt(said.substring(10, said.indexOf(',')));
      host.ask("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
      assertThat(dialled.far[0].getInputStream().readAllBytes()).hasSize(sent);
    }
  }

  @Test
  void aCommandInThePayloadIsPayload() throws Exception {
    try (Dialled dialled = new Dialled(1, "AT+CIPSENDLCFG=1048576")) {
      HostSide host = dialled.host;
      host.ask("AT+CIPSENDL=0,300", "\r\nOK\r\n\r\n>").send("AT+RST\r\n");
      assertThat(Peer.receive(dialled.far[0], 8)).isEqualTo("AT+RST\r\n");
      host.send("q".repeat(292));
      host.expect("+CIPSENDL:300,300\r\n\r\nSEND OK\r\n");
    }
  }

  @Test
  void plusSignsThatWereHeldBackFitBehindABlockThatIsStuck() throws Exception {
    try (Dialled dialled = new Dialled(1, "AT+CIPSENDLCFG=1048576,100")) {
      HostSide host = dialled.host;
      dialled.module.network(false);
      long before = dialled.module.bytesFromHost();
      // the send buffer holds 5760, a block of 100 is stuck, 99 gathered
      String text = "g".repeat(5899) + "+++" + "h".repeat(128);
      host.ask("AT+CIPSENDL=0," + text.length(), "\r\nOK\r\n\r\n>").send("g".repeat(5899));
      host.pauseAndSend("+++");
      host.send("h".repeat(128));
      long all = before + "AT+CIPSENDL=0,6030\r\n".length() + text.length();
      HostSide.eventually("all is taken", () -> dialled.module.bytesFromHost() == all);
      dialled.module.network(true);
      assertThat(Peer.receive(dialled.far[0], text.length())).isEqualTo(text);
      host.expect("+CIPSENDL:6030,6030\r\n\r\nSEND OK\r\n");
    }
  }
}
