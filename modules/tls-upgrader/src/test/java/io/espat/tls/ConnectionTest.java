package io.espat.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to the bytes, whatever the wire beneath does. */
class ConnectionTest {
  private static final TestAuthority CA = TestAuthority.create("Connection CA");
  private static final TestCertificate SERVER = CA.issue("mail.example.test");
  private static final String HOST = "mail.example.test";
  private static final Duration LONG = Duration.ofSeconds(20);

  private static TlsConfig.Builder config(TlsVersion version) {
    return TlsConfig.builder()
        .trust(CA.certificate())
        .systemTrust(false)
        .closeTimeout(LONG)
        .versions(version, version);
  }

  private static TlsSocket open(Socket beneath, TlsVersion version) throws IOException {
    return TlsUpgrader.of(config(version).build()).upgrade(beneath, HOST);
  }

  private static byte[] noise(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void everyChunkSizeOfThePeersBytesGivesTheSame(TlsVersion version) throws Exception {
    byte[] data = noise(300, 1);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo)) {
      for (int chunk : new int[] {1, 2, 3, 4, 5, 6, 7, 13, 64, 127, 333, 1000, 16_384, 40_000}) {
        try (TlsSocket socket = open(new CountingSocket(peer.dial(), chunk), version)) {
          socket.getOutputStream().write(data);
          assertThat(socket.getInputStream().readNBytes(data.length)).isEqualTo(data);
        }
        assertThat(peer.outcome()).isEqualTo("ok");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  @Timeout(120)
  void aHandshakeCutOffAtAnyByteFails(TlsVersion version) throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo)) {
      ScriptedInput whole = new ScriptedInput(peer.dial());
      long flight;
      try (TlsSocket socket = open(whole, version)) {
        flight = whole.delivered();
        assertThat(socket.version()).isEqualTo(version);
      }
      // Signatures vary by a few bytes in length, so the last ones may come through whole.
      for (long cut = 0; cut < flight - 8; cut++) {
        try (ScriptedInput beneath = new ScriptedInput(peer.dial()).cutAfter(cut)) {
          assertThatThrownBy(() -> open(beneath, version).close())
              .as("cut after %d of %d", cut, flight)
              .isInstanceOf(TlsHandshakeException.class)
              .hasMessageContaining("closed the connection");
          assertThat(beneath.isClosed()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void theEndIsToldOnlyAfterCloseNotify(TlsVersion version) throws Exception {
    byte[] data = "all of it".getBytes(US_ASCII);
    TlsPeer.SecurePart part =
        socket -> {
          socket.getOutputStream().write(data);
          socket.close();
        };
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, part)) {
      ScriptedInput whole = new ScriptedInput(peer.dial());
      long before;
      long length;
      try (TlsSocket socket = open(whole, version)) {
        before = whole.delivered();
        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(data);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
        length = whole.delivered() - before;
      }
      // A ticket may come first, long and of little interest; the rest is cut at every byte.
      for (long cut = 0; cut < length; cut += cut < length - 100 ? 29 : 1) {
        ScriptedInput beneath = new ScriptedInput(peer.dial());
        try (TlsSocket socket = open(beneath, version)) {
          beneath.cutAfter(beneath.delivered() + cut);
          ByteArrayOutputStream got = new ByteArrayOutputStream();
          Throwable end = catchThrowable(() -> socket.getInputStream().transferTo(got));
          assertThat(end).as("cut after %d", cut).isInstanceOf(TruncatedException.class);
          assertThat(got.size()).isIn(0, data.length);
          assertThatThrownBy(() -> socket.getInputStream().read())
              .as("again")
              .isInstanceOf(TruncatedException.class);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void timeOutsLoseNothing(TlsVersion version) throws Exception {
    byte[] data = noise(400, 2);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo)) {
      for (int every : new int[] {1, 2, 3, 4, 5, 6, 7, 11, 50, 421}) {
        ScriptedInput beneath = new ScriptedInput(peer.dial());
        try (TlsSocket socket = open(beneath, version)) {
          socket.getOutputStream().write(data);
          beneath.timeOutEvery(every);
          ByteArrayOutputStream got = new ByteArrayOutputStream();
          int timeOuts = 0;
          byte[] buffer = new byte[37];
          while (got.size() < data.length) {
            try {
              got.write(buffer, 0, socket.getInputStream().read(buffer));
            } catch (SocketTimeoutException e) {
              timeOuts++;
            }
          }
          assertThat(timeOuts).isPositive();
          assertThat(got.toByteArray()).isEqualTo(data);
          beneath.timeOutEvery(Long.MAX_VALUE);
        }
      }
    }
  }

  @Test
  void aReadEndsAfterItsTimeOutAndTheConnectionGoesOn() throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS13, TlsPeer::echo);
        TlsSocket socket = open(peer.dial(), TlsVersion.TLS13)) {
      socket.setSoTimeout(20);
      assertThat(socket.getSoTimeout()).isEqualTo(20);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      socket.setSoTimeout(0);
      socket.getOutputStream().write('x');
      assertThat(socket.getInputStream().read()).isEqualTo('x');
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aDamagedRecordEndsTheConnectionAndNoByteOfItComesThrough(TlsVersion version)
      throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo)) {
      ScriptedInput beneath = new ScriptedInput(peer.dial());
      try (TlsSocket socket = open(beneath, version)) {
        socket.getOutputStream().write(noise(100, 3));
        socket.getInputStream().readNBytes(100);
        socket.getOutputStream().write(noise(100, 4));
        beneath.damage(30);
        byte[] buffer = new byte[100];
        assertThatThrownBy(() -> socket.getInputStream().read(buffer))
            .isInstanceOf(SSLException.class)
            .hasMessageContaining("bad_record_mac");
        assertThat(buffer).containsOnly(0);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  @Timeout(20)
  void aSilentServerEndsTheHandshakeAtItsLimit() throws Exception {
    try (TlsPeer peer =
        TlsPeer.playing(
            socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream()))) {
      Socket beneath = peer.dial();
      TlsConfig config = config(TlsVersion.TLS13).handshakeTimeout(Duration.ofMillis(100)).build();
      assertThatThrownBy(() -> TlsUpgrader.of(config).upgrade(beneath, HOST))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContainingAll(HOST, "100 ms");
      assertThat(beneath.isClosed()).isTrue();
    }
  }

  @Test
  @Timeout(20)
  void aDrippingServerEndsTheHandshakeAtItsLimit() throws Exception {
    ScheduledExecutorService drips = Executors.newSingleThreadScheduledExecutor();
    TlsPeer.Part part =
        socket -> {
          OutputStream out = socket.getOutputStream();
          out.write(new byte[] {22, 3, 3, 0x40, 0});
          drips.scheduleAtFixedRate(
              () -> {
                try {
                  out.write(0);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              },
              0,
              10,
              TimeUnit.MILLISECONDS);
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        };
    try (TlsPeer peer = TlsPeer.playing(part)) {
      TlsConfig config = config(TlsVersion.TLS13).handshakeTimeout(Duration.ofMillis(200)).build();
      assertThatThrownBy(() -> TlsUpgrader.of(config).upgrade(peer.dial(), HOST))
          .isInstanceOf(SocketTimeoutException.class);
    } finally {
      drips.shutdownNow();
    }
  }

  @Test
  @Timeout(20)
  void aWriteThatBlocksEndsTheHandshakeAtItsLimit() throws Exception {
    try (TlsPeer peer = TlsPeer.playing(socket -> socket.getInputStream().read())) {
      Socket beneath = new BlockedOutput(peer.dial(), 0);
      TlsConfig config = config(TlsVersion.TLS13).handshakeTimeout(Duration.ofMillis(100)).build();
      assertThatThrownBy(() -> TlsUpgrader.of(config).upgrade(beneath, HOST))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void bothDirectionsRunAtOnce(TlsVersion version) throws Exception {
    byte[] data = noise(2_000_000, 5);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo);
        TlsSocket socket = open(peer.dial(), version)) {
      CompletableFuture<Void> writer =
          CompletableFuture.runAsync(
              () -> {
                Random sizes = new Random(6);
                try {
                  for (int done = 0; done < data.length; ) {
                    int count = Math.min(data.length - done, 1 + sizes.nextInt(50_000));
                    socket.getOutputStream().write(data, done, count);
                    done += count;
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(socket.getInputStream().readNBytes(data.length)).isEqualTo(data);
      writer.get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void anUploadIsWholeThoughItIsClosedAtOnce(TlsVersion version) throws Exception {
    byte[] data = noise(1_000_000, 7);
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    TlsPeer.SecurePart part = socket -> received.complete(socket.getInputStream().readAllBytes());
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, part)) {
      try (TlsSocket socket = open(peer.dial(), version)) {
        socket.getOutputStream().write(data);
      }
      assertThat(peer.outcome()).isEqualTo("ok");
      assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(data);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void thePeerMayCloseFirst(TlsVersion version) throws Exception {
    TlsPeer.SecurePart part =
        socket -> {
          socket.getOutputStream().write("bye".getBytes(US_ASCII));
          socket.close();
        };
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, part)) {
      Socket beneath = peer.dial();
      try (TlsSocket socket = open(beneath, version)) {
        assertThat(socket.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("bye");
        assertThatThrownBy(() -> socket.getOutputStream().write(1))
            .isInstanceOf(SocketException.class);
      }
      assertThat(beneath.isClosed()).isTrue();
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  /** A link of the module tells at its close that the goodbye did not leave. */
  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aPeerThatHasSaidAllNeedNotHearTheGoodbye(TlsVersion version) throws Exception {
    TlsPeer.SecurePart part =
        socket -> {
          socket.getOutputStream().write("bye".getBytes(US_ASCII));
          socket.close();
        };
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, part)) {
      TlsSocket socket = open(new FailsAtClose(peer.dial()), version);
      assertThat(socket.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("bye");
      socket.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aFailureToSendAtTheCloseIsToldWhenThePeerHasNotEnded(TlsVersion version) throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo)) {
      TlsSocket socket = open(new FailsAtClose(peer.dial()), version);
      socket.getOutputStream().write(1);
      assertThatThrownBy(socket::close).isInstanceOf(SocketException.class);
    }
  }

  private static final class FailsAtClose extends LayeredSocket {
    FailsAtClose(Socket beneath) {
      super(beneath);
    }

    @Override
    public void close() throws IOException {
      super.close();
      throw new SocketException("closed by the peer before all was sent");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  @Timeout(20)
  void aPeerThatVanishesIsATruncation(TlsVersion version) throws Exception {
    SSLContext context = SERVER.serverContext();
    TlsPeer.Part part =
        socket -> {
          TlsPeer.secure(context, socket, version).getOutputStream().write(65);
          socket.close();
        };
    try (TlsPeer peer = TlsPeer.playing(part);
        TlsSocket socket = open(peer.dial(), version)) {
      assertThat(socket.getInputStream().read()).isEqualTo(65);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(TruncatedException.class)
          .hasMessageContaining(HOST);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  @Timeout(20)
  void closingEndsAReadInAnotherThread(TlsVersion version) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    TlsPeer.SecurePart deaf = socket -> done.await();
    TlsConfig config = config(version).closeTimeout(Duration.ofMillis(200)).build();
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, deaf)) {
      TlsSocket socket = TlsUpgrader.of(config).upgrade(peer.dial(), HOST);
      InputStream in = socket.getInputStream();
      CountDownLatch started = new CountDownLatch(1);
      CompletableFuture<Throwable> reader =
          CompletableFuture.supplyAsync(
              () -> {
                started.countDown();
                return catchThrowable(in::read);
              });
      started.await();
      socket.close();
      assertThat(reader.get(10, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
      assertThat(socket.isClosed()).isTrue();
      assertThatThrownBy(() -> in.read()).isInstanceOf(SocketException.class);
      assertThatThrownBy(socket::getOutputStream).isInstanceOf(SocketException.class);
      socket.close();
    } finally {
      done.countDown();
    }
  }

  @Test
  @Timeout(20)
  void closingEndsAWriteInAnotherThread() throws Exception {
    TlsConfig config = config(TlsVersion.TLS13).closeTimeout(Duration.ofMillis(200)).build();
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS13, TlsPeer::echo)) {
      BlockedOutput beneath = new BlockedOutput(peer.dial(), 2);
      TlsSocket socket = TlsUpgrader.of(config).upgrade(beneath, HOST);
      OutputStream out = socket.getOutputStream();
      CompletableFuture<Throwable> writer =
          CompletableFuture.supplyAsync(() -> catchThrowable(() -> out.write(1)));
      beneath.awaitBlocked();
      socket.close();
      assertThat(writer.get(10, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
    }
  }

  @Test
  @Timeout(20)
  void closingIsLimitedThoughCloseNotifyCannotBeSent() throws Exception {
    TlsConfig config = config(TlsVersion.TLS13).closeTimeout(Duration.ofMillis(200)).build();
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS13, TlsPeer::echo)) {
      BlockedOutput beneath = new BlockedOutput(peer.dial(), 2);
      TlsSocket socket = TlsUpgrader.of(config).upgrade(beneath, HOST);
      assertThatThrownBy(socket::close).isInstanceOf(SocketException.class);
      assertThat(beneath.isClosed()).isTrue();
      socket.close();
    }
  }

  @Test
  void theStreamsCloseTheSocket() throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS13, TlsPeer::echo)) {
      TlsSocket socket = open(peer.dial(), TlsVersion.TLS13);
      socket.getOutputStream().close();
      assertThat(socket.isClosed()).isTrue();
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  @Test
  void oneDirectionCanEndBeforeTheOther() throws Exception {
    TlsPeer.SecurePart part =
        socket -> {
          byte[] all = socket.getInputStream().readAllBytes();
          socket.getOutputStream().write(all);
        };
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS13, part);
        TlsSocket socket = open(peer.dial(), TlsVersion.TLS13)) {
      socket.getOutputStream().write("half".getBytes(US_ASCII));
      socket.shutdownOutput();
      assertThat(socket.isOutputShutdown()).isTrue();
      assertThat(socket.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("half");
      assertThatThrownBy(() -> socket.getOutputStream().write(1))
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  void aServerWithoutACommonVersionIsExplained() throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS12, TlsPeer::echo)) {
      assertThatThrownBy(() -> open(peer.dial(), TlsVersion.TLS13))
          .isInstanceOfSatisfying(
              TlsHandshakeException.class,
              e -> {
                assertThat(e.alert()).isIn("protocol_version", "handshake_failure");
                assertThat(e.id()).isEqualTo("E-TLS-HANDSHAKE");
                assertThat(e).hasMessageContaining(HOST);
              });
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void clearTextInMidSessionIsAnError(TlsVersion version) throws Exception {
    SSLContext context = SERVER.serverContext();
    TlsPeer.Part part =
        socket -> {
          TlsPeer.secure(context, socket, version).getOutputStream().write(65);
          socket.getOutputStream().write("226 done\r\n".getBytes(US_ASCII));
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        };
    try (TlsPeer peer = TlsPeer.playing(part);
        TlsSocket socket = open(peer.dial(), version)) {
      assertThat(socket.getInputStream().read()).isEqualTo(65);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> socket.getInputStream().read())
            .isInstanceOf(SSLException.class)
            .hasMessageContaining("226 done");
      }
    }
  }
}
