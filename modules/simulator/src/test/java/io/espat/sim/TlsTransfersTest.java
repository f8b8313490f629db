package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes through SSL links, both ways and at their ends. */
class TlsTransfersTest {
  private static final TestCertificate SERVER = TestAuthority.create("Test CA").issue("localhost");
  private static final String OK = "\r\nOK\r\n";

  private interface Talk {
    void with(SimulatedModule module, HostSide host, SecurePeer.Connection far) throws Exception;
  }

  private static void talk(boolean passive, Talk talk) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(SERVER)) {
      host.quiet().ask("AT+CIPRECVMODE=" + (passive ? 1 : 0), OK);
      host.send("AT+CIPSTART=\"SSL\",\"127.0.0.1\"," + peer.port() + "\r\n");
      SecurePeer.Connection far = peer.connection();
      try (SSLSocket tls = far.tls()) {
        tls.setSoTimeout((int) HostSide.LIMIT.toMillis());
        host.expect("CONNECT\r\n" + OK);
        talk.with(module, host, far);
      }
    }
  }

  private static byte[] random(int count, long seed) {
    byte[] data = new byte[count];
    new Random(seed).nextBytes(data);
    return data;
  }

  /** Writes in pieces, each at least one record of its own. */
  private static CompletableFuture<Void> sending(SSLSocket far, byte[] data, int piece) {
    return sending(far, data, piece, new AtomicLong());
  }

  private static CompletableFuture<Void> sending(
      SSLSocket far, byte[] data, int piece, AtomicLong sent) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            for (int i = 0; i < data.length; i += piece) {
              int count = Math.min(piece, data.length - i);
              far.getOutputStream().write(data, i, count);
              sent.addAndGet(count);
            }
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 127, 1440, 4096, 8192})
  void whatTheHostSendsArrivesInAnyPieces(int piece) throws Exception {
    byte[] data = random(Math.min(200_000, 300 * piece), 11);
    talk(
        false,
        (module, host, far) -> {
          CompletableFuture<byte[]> received =
              CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      return far.tls().getInputStream().readNBytes(data.length);
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
          for (int i = 0; i < data.length; i += piece) {
            byte[] part = Arrays.copyOfRange(data, i, Math.min(data.length, i + piece));
            host.ask("AT+CIPSEND=" + part.length, OK + "\r\n>").send(part);
            host.expect("\r\nRecv " + part.length + " bytes\r\n\r\nSEND OK\r\n");
          }
          assertThat(received.get()).isEqualTo(data);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 2920, 2921, 16_384, 100_000})
  void whatThePeerSendsIsPushedInFrames(int piece) throws Exception {
    byte[] data = random(Math.min(300_000, 500 * piece), 12);
    talk(
        false,
        (module, host, far) -> {
          CompletableFuture<Void> sending = sending(far.tls(), data, piece);
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          while (all.size() < data.length) {
            host.expect("\r\n+IPD,");
            int count = Integer.parseInt(host.until(":").replace(":", ""));
            assertThat(count).isBetween(1, 2920);
            all.write(host.take(count).getBytes(ISO_8859_1));
            host.expect("\r\n");
          }
          assertThat(all.toByteArray()).isEqualTo(data);
          sending.get();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 2048, 16_384, 100_000})
  void whatThePeerSendsIsFetched(int piece) throws Exception {
    byte[] data = random(Math.min(300_000, 300 * piece), 13);
    talk(
        true,
        (module, host, far) -> {
          CompletableFuture<Void> sending = sending(far.tls(), data, piece);
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          while (all.size() < data.length) {
            host.expect("\r\n+IPD,");
            int left = Integer.parseInt(host.until("\r\n").strip());
            assertThat(left).isBetween(1, TlsChannel.RECORD);
            host.send("AT+CIPRECVDATA=2048\r\n");
            int count = Math.min(left, 2048);
            host.expect("+CIPRECVDATA:" + count + ",");
            all.write(host.take(count).getBytes(ISO_8859_1));
            host.expect(OK);
          }
          assertThat(all.toByteArray()).isEqualTo(data);
          sending.get();
        });
  }

  @Test
  void bothWaysAtOnceNothingIsLost() throws Exception {
    byte[] data = random(100_000, 14);
    talk(
        true,
        (module, host, far) -> {
          CompletableFuture<Void> echo =
              CompletableFuture.runAsync(
                  () -> {
                    try {
                      byte[] got = far.tls().getInputStream().readNBytes(data.length);
                      far.tls().getOutputStream().write(got);
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
          for (int i = 0; i < data.length; i += 8000) {
            byte[] part = Arrays.copyOfRange(data, i, Math.min(data.length, i + 8000));
            host.ask("AT+CIPSEND=" + part.length, OK + "\r\n>").send(part);
            host.expect("\r\nRecv " + part.length + " bytes\r\n\r\nSEND OK\r\n");
          }
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          while (all.size() < data.length) {
            host.until("\r\n+IPD,");
            int left = Integer.parseInt(host.until("\r\n").strip());
            host.send("AT+CIPRECVDATA=" + left + "\r\n");
            host.expect("+CIPRECVDATA:" + left + ",");
            all.write(host.take(left).getBytes(ISO_8859_1));
            host.expect(OK);
          }
          assertThat(all.toByteArray()).isEqualTo(data);
          echo.get();
        });
  }

  @Test
  void aPeerThatSendsEndlesslyIsHeldBack() throws Exception {
    talk(
        true,
        (module, host, far) -> {
          AtomicLong sent = new AtomicLong();
          far.socket().setSendBufferSize(8192);
          CompletableFuture<Void> sending = sending(far.tls(), random(8 << 20, 15), 16_384, sent);
          host.expect("\r\n+IPD,16384\r\n").ask("AT", OK);
          assertThat(module.bytesFromPeers()).isEqualTo(TlsChannel.RECORD);
          assertThat(sending.isDone()).isFalse();
          assertThat(sent.get()).isLessThan(4 << 20);
          host.ask("AT+CIPCLOSE", "CLOSED\r\n" + OK);
          assertThat(sending).failsWithin(HostSide.LIMIT);
        });
  }

  @Test
  void aHostThatDoesNotReadHoldsOneRecordBack() throws Exception {
    byte[] data = random(300_000, 16);
    try (SimulatedModule module = SimulatedModule.builder().build();
        SecurePeer peer = new SecurePeer(SERVER)) {
      String start = "WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n";
      module.input().readNBytes(start.length());
      String dial = "AT+CIPSTART=\"SSL\",\"127.0.0.1\"," + peer.port() + "\r\n";
      module.output().write(dial.getBytes(ISO_8859_1));
      try (SSLSocket far = peer.accept()) {
        module.input().readNBytes(dial.length() + ("CONNECT\r\n" + OK).length());
        CompletableFuture<Void> sending = sending(far, data, 16_384);
        HostSide.eventually("a full ring", () -> module.bytesFromPeers() > Uart.RING);
        assertThat(module.bytesFromPeers())
            .isLessThan(Uart.RING + ToHost.CAPACITY + 2 * TlsChannel.RECORD);
        try (HostSide host = HostSide.of(module)) {
          ByteArrayOutputStream all = new ByteArrayOutputStream();
          while (all.size() < data.length) {
            host.expect("\r\n+IPD,");
            int count = Integer.parseInt(host.until(":").replace(":", ""));
            all.write(host.take(count).getBytes(ISO_8859_1));
            host.expect("\r\n");
          }
          assertThat(all.toByteArray()).isEqualTo(data);
          sending.get();
        }
      }
    }
  }

  @Test
  void aClosingRecordCountsAsDataUntilItIsAskedFor() throws Exception {
    talk(
        true,
        (module, host, far) -> {
          Peer.send(far.tls(), "last");
          far.tls().shutdownOutput();
          host.expect("\r\n+IPD,4\r\n").ask("AT+CIPRECVLEN?", "+CIPRECVLEN:4\r\n" + OK);
          host.ask("AT+CIPRECVDATA=9", "+CIPRECVDATA:4,last" + OK).expect("\r\n+IPD,31\r\n");
          host.ask("AT+CIPRECVLEN?", "+CIPRECVLEN:31\r\n" + OK);
          host.ask("AT+CIPRECVDATA=31", "\r\nERROR\r\nCLOSED\r\n");
          host.ask("AT+CIPSTATE?", OK);
        });
  }

  @Test
  void aClosingRecordIsForgottenWhenTheLinkBecomesActive() throws Exception {
    talk(
        true,
        (module, host, far) -> {
          far.tls().shutdownOutput();
          host.expect("\r\n+IPD,31\r\n").ask("AT+CIPRECVMODE=0", "CLOSED\r\n" + OK);
        });
  }

  @Test
  void anActiveLinkEndsBehindItsData() throws Exception {
    talk(
        false,
        (module, host, far) -> {
          Peer.send(far.tls(), "last");
          far.tls().shutdownOutput();
          host.expect("\r\n+IPD,4:last\r\nCLOSED\r\n").ask("AT+CIPSTATE?", OK);
        });
  }

  @Test
  void aConnectionThatEndsWithoutClosingTlsIsClosedToo() throws Exception {
    for (boolean passive : new boolean[] {false, true}) {
      talk(
          passive,
          (module, host, far) -> {
            Peer.send(far.tls(), "last");
            host.expect(passive ? "\r\n+IPD,4\r\n" : "\r\n+IPD,4:last\r\n");
            far.socket().close();
            if (passive) {
              host.ask("AT+CIPRECVDATA=9", "+CIPRECVDATA:4,last" + OK);
            }
            host.expect("CLOSED\r\n");
          });
    }
  }

  @Test
  void whatIsNoTlsInTheMiddleEndsTheLink() throws Exception {
    talk(
        false,
        (module, host, far) -> {
          far.socket().getOutputStream().write("in clear".getBytes(ISO_8859_1));
          host.expect("CLOSED\r\n");
        });
  }

  @Test
  void sendingToAPeerThatTakesNothingEndsInFailAfterItsTime() throws Exception {
    talk(
        false,
        (module, host, far) -> {
          host.ask("AT+CIPTCPOPT=-1,0,300", OK);
          String answer = "SEND OK\r\n";
          for (int i = 0; i < 2000 && answer.equals("SEND OK\r\n"); i++) {
            host.ask("AT+CIPSEND=8192", OK + "\r\n>").send(new byte[8192]);
            host.expect("\r\nRecv 8192 bytes\r\n\r\n");
            answer = host.until("\r\n");
          }
          assertThat(answer).isEqualTo("SEND FAIL\r\n");
          host.ask("AT+CIPCLOSE", "CLOSED\r\n" + OK);
          assertThatThrownBy(() -> drain(far.tls()))
              .isInstanceOfAny(SSLException.class, EOFException.class);
        });
  }

  /** Reads to the end, which came within a record. */
  private static void drain(SSLSocket far) throws IOException {
    byte[] buffer = new byte[8192];
    while (far.getInputStream().read(buffer) >= 0) {
      assertThat(buffer).containsOnly(0);
    }
    throw new EOFException("ended between records");
  }

  /** What TLS has read is out of the receive window, however far the peer is. */
  @Test
  void aLineWithASpeedCarriesMoreThanAWindow() throws Exception {
    byte[] data = random(40_000, 17);
    LineModel line = LineModel.builder().baud(3_000_000).flowControl(3).build();
    try (SimulatedModule module = SimulatedModule.builder().line(line).build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(SERVER)) {
      host.quiet().send("AT+CIPSTART=\"SSL\",\"127.0.0.1\"," + peer.port() + "\r\n");
      try (SSLSocket far = peer.accept()) {
        host.expect("CONNECT\r\n" + OK);
        CompletableFuture<Void> sending = sending(far, data, data.length);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < data.length) {
          host.expect("\r\n+IPD,");
          int count = Integer.parseInt(host.until(":").replace(":", ""));
          all.write(host.take(count).getBytes(ISO_8859_1));
          host.expect("\r\n");
        }
        assertThat(all.toByteArray()).isEqualTo(data);
        sending.get();
      }
    }
  }
}
