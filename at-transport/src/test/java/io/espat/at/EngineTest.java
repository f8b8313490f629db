package io.espat.at;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.SimulatedModule;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole engine in front of a simulated module and real TCP peers on loopback. */
class EngineTest {
  private SimulatedModule simulated;
  private EspAtModule module;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void open() throws IOException {
    simulated = SimulatedModule.builder().host("echo.test", "127.0.0.1").build();
    module =
        EspAtModule.open(
            ByteStream.of(simulated.input(), simulated.output()), ModuleConfig.defaults());
  }

  @AfterEach
  void close() {
    module.close();
    simulated.close();
    threads.shutdownNow();
  }

  private Socket connect(Peers peers) throws IOException {
    Socket socket = module.sockets().createSocket();
    socket.connect(InetSocketAddress.createUnresolved("echo.test", peers.port()), 10_000);
    return socket;
  }

  private static byte[] random(int count, long seed) {
    System.out.println("seed " + seed);
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void theModuleSaysWhatItIs() {
    assertThat(module.info().atVersion()).startsWith("4.");
    assertThat(module.info().chip()).isEqualTo("ESP32");
    assertThat(module.session().dialect().sendLimit()).isEqualTo(8192);
    assertThat(module.session().dialect().receive()).isEqualTo(Dialect.Receive.PER_LINK);
  }

  @Test
  void aSocketCarriesNameAndAddress() throws IOException {
    try (Peers peers = Peers.echo();
        Socket socket = connect(peers)) {
      assertThat(socket.getInetAddress().getHostName()).isEqualTo("echo.test");
      assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("127.0.0.1");
      assertThat(socket.getPort()).isEqualTo(peers.port());
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void aMebibyteComesBackAsItWasSent() throws Exception {
    try (Peers peers = Peers.echo()) {
      assertEcho(peers, 1 << 20, 7);
    }
  }

  private void assertEcho(Peers peers, int size, long seed) throws Exception {
    byte[] sent = random(size, seed);
    try (Socket socket = connect(peers)) {
      Future<?> writing =
          threads.submit(
              () -> {
                socket.getOutputStream().write(sent);
                socket.getOutputStream().flush();
                return null;
              });
      byte[] back = new byte[size];
      new DataInputStream(socket.getInputStream()).readFully(back);
      writing.get(10, TimeUnit.SECONDS);
      assertThat(MessageDigest.getInstance("SHA-256").digest(back))
          .isEqualTo(MessageDigest.getInstance("SHA-256").digest(sent));
    }
  }

  @Test
  void fiveLinksAtOnceDoNotMixTheirBytes() throws Exception {
    try (Peers peers = Peers.echo()) {
      List<Future<?>> echoes = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        long seed = 100 + i;
        Callable<Void> work =
            () -> {
              assertEcho(peers, 100_000, seed);
              return null;
            };
        echoes.add(threads.submit(work));
      }
      for (Future<?> echo : echoes) {
        echo.get(50, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void linksAreUsedAgainWithoutEnd() throws Exception {
    try (Peers peers = Peers.echo()) {
      for (int i = 0; i < 23; i++) {
        assertEcho(peers, 100 + i, i);
      }
    }
  }

  @Test
  void plusesArriveLikeAnyOtherBytes() throws Exception {
    try (Peers peers = Peers.echo();
        Socket socket = connect(peers)) {
      for (String text : List.of("+++", "++++", "a+++", "+", "++", "++++++++++", "x+++y+++")) {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        byte[] back = new byte[text.length()];
        new DataInputStream(socket.getInputStream()).readFully(back);
        assertThat(new String(back, US_ASCII)).isEqualTo(text);
      }
    }
  }

  @Test
  void thePeersLastBytesComeBeforeTheEnd() throws Exception {
    byte[] last = random(20_000, 11);
    try (Peers peers = new Peers(socket -> socket.getOutputStream().write(last));
        Socket socket = connect(peers)) {
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(last);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aPeerThatClosesAtOnceIsAnEnd() throws Exception {
    try (Peers peers = new Peers(socket -> {});
        Socket socket = connect(peers)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(
              () -> {
                socket.getOutputStream().write(1);
                socket.getOutputStream().write(1);
              })
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("closed by the peer");
    }
  }

  @Test
  void availableCountsWhatWaitsInTheModule() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Peers peers =
            new Peers(
                socket -> {
                  socket.getOutputStream().write("220 ready\r\nXXXX".getBytes(US_ASCII));
                  await(go);
                });
        Socket socket = connect(peers)) {
      InputStream in = socket.getInputStream();
      while (in.available() < 15) {
        Thread.onSpinWait();
      }
      byte[] line = new byte[11];
      assertThat(in.read(line)).isEqualTo(11);
      assertThat(in.available()).isEqualTo(4);
      go.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aReadTimeOutLosesNothing() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Peers peers =
            new Peers(
                socket -> {
                  await(go);
                  socket.getOutputStream().write("late".getBytes(US_ASCII));
                });
        Socket socket = connect(peers)) {
      socket.setSoTimeout(50);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("50 ms");
      go.countDown();
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo("late".getBytes(US_ASCII));
    }
  }

  @Test
  void aTimeOutSetDuringAReadCountsForIt() throws Exception {
    try (Peers peers = Peers.echo();
        Socket socket = connect(peers)) {
      CountDownLatch reading = new CountDownLatch(1);
      Future<?> read =
          threads.submit(
              () -> {
                reading.countDown();
                return socket.getInputStream().read();
              });
      await(reading);
      socket.setSoTimeout(20);
      assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void closingEndsABlockedReadAndABlockedWrite() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (Peers peers = new Peers(socket -> await(end))) {
      Socket socket = connect(peers);
      Future<?> reading = threads.submit(() -> socket.getInputStream().read());
      Future<?> writing =
          threads.submit(
              () -> {
                while (true) {
                  socket.getOutputStream().write(new byte[8192]);
                }
              });
      // the peer does not read: the module's window and ours fill up
      assertThatThrownBy(() -> writing.get(500, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      Future<?> closing =
          threads.submit(
              () -> {
                socket.close();
                return null;
              });
      assertThatThrownBy(() -> reading.get(2, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SocketException.class);
      assertThatThrownBy(() -> writing.get(2, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SocketException.class);
      end.countDown(); // the peer is gone: the send in progress ends
      // the peer resets: whether CLOSED or SEND FAIL is heard first, close ends, and lies in
      // neither
      try {
        closing.get(45, TimeUnit.SECONDS);
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("sending 8192 bytes on link 0");
      }
    }
  }

  @Test
  void interruptionEndsTheReadAndTheLink() throws Exception {
    try (Peers peers = Peers.echo();
        Socket socket = connect(peers)) {
      CountDownLatch reading = new CountDownLatch(1);
      Throwable[] thrown = new Throwable[1];
      Thread reader =
          new Thread(
              () -> {
                reading.countDown();
                try {
                  socket.getInputStream().read();
                } catch (IOException e) {
                  thrown[0] = e;
                }
              });
      reader.start();
      await(reading);
      reader.interrupt();
      reader.join(5000);
      assertThat(thrown[0]).isInstanceOf(java.io.InterruptedIOException.class);
      assertThatThrownBy(() -> socket.getOutputStream().write(1))
          .isInstanceOf(SocketException.class);
      assertEcho(peers, 1000, 3); // the module is as good as before
    }
  }

  @Test
  void aRefusedConnectionHasTheJdksName() throws Exception {
    int port;
    try (Peers peers = Peers.echo()) {
      port = peers.port();
    }
    Socket socket = module.sockets().createSocket();
    assertThatThrownBy(
            () -> socket.connect(InetSocketAddress.createUnresolved("127.0.0.1", port), 10_000))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("127.0.0.1:" + port);
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void anUnknownNameHasTheJdksName() {
    assertThatThrownBy(() -> module.resolve("nowhere.test"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("nowhere.test");
    assertThatThrownBy(() -> module.resolve("a\r\nAT+RST"))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void moreThanFiveLinksAreRefused() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (Peers peers = Peers.echo()) {
      for (int i = 0; i < 5; i++) {
        sockets.add(connect(peers));
      }
      Socket sixth = module.sockets().createSocket();
      assertThatThrownBy(
              () ->
                  sixth.connect(InetSocketAddress.createUnresolved("echo.test", peers.port()), 200))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("in use");
      sockets.get(2).close();
      assertEcho(peers, 1000, 9);
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void writesAreGatheredIntoOneSend() throws Exception {
    try (Peers peers = Peers.echo();
        Socket socket = connect(peers)) {
      long before = module.statistics().commands();
      for (int i = 0; i < 50; i++) {
        socket.getOutputStream().write(i);
        socket.getOutputStream().flush();
      }
      byte[] back = new byte[50];
      new DataInputStream(socket.getInputStream()).readFully(back);
      assertThat(module.statistics().commands() - before).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void lossOfTheModuleTellsEverybodyTheSameFirstCause() throws Exception {
    try (Peers peers = Peers.echo()) {
      Socket one = connect(peers);
      Socket two = connect(peers);
      Future<?> first = threads.submit(() -> one.getInputStream().read());
      Future<?> second = threads.submit(() -> two.getInputStream().read());
      simulated.close();
      ModuleLostException a = lost(first);
      ModuleLostException b = lost(second);
      assertThat(a.first()).isSameAs(b.first());
      assertThat(a).isNotSameAs(b);
      assertThatThrownBy(() -> module.wifi()).isInstanceOf(ModuleLostException.class);
      one.close();
      two.close();
    }
  }

  private static ModuleLostException lost(Future<?> future) throws Exception {
    try {
      future.get(10, TimeUnit.SECONDS);
      throw new AssertionError("it should have failed");
    } catch (java.util.concurrent.ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(ModuleLostException.class);
      return (ModuleLostException) e.getCause();
    }
  }

  @Test
  void wifiIsJoinedAndReported() throws Exception {
    assertThat(module.wifi().joined()).isTrue();
    assertThat(module.wifi().ssid()).isEqualTo("espat");
    module.joinWifi("espat", new char[0]);
    assertThat(module.wifi().address()).isPresent();
    assertThatThrownBy(() -> module.joinWifi("no such", "secret-word".toCharArray()))
        .isInstanceOfSatisfying(
            WifiException.class,
            e -> {
              assertThat(e.id()).isEqualTo(WifiException.MISSING);
              assertThat(e.toString() + e.command() + e.words()).doesNotContain("secret-word");
            });
  }

  @Test
  void commandsOfTheEngineAreRefused() {
    assertThatThrownBy(() -> module.command(AtCommand.of("AT+CIPMUX=0")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> module.command(AtCommand.of("at+cipsend=0,5")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> module.command(AtCommand.of("AT+NOSUCH")))
        .isInstanceOfSatisfying(
            AtException.class, e -> assertThat(e.words()).containsExactly("ERR CODE:0x01090000"));
  }
}
