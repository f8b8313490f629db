package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.Fault;
import io.espat.sim.ScriptedModule;
import io.espat.sim.SimulatedModule;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A module that was lost comes back by itself, as far as the policy allows, and its links do not.
 */
class RecoveryTest {
  private static final Recovery QUICK =
      new Recovery(5, Duration.ofSeconds(30), Duration.ofMillis(20));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentHashMap<Thread, Boolean> made = new ConcurrentHashMap<>();
  private final Heard heard = new Heard();

  /** What the listener is told about losses, in its order. */
  private static final class Heard implements ModuleListener {
    final BlockingQueue<String> words = new LinkedBlockingQueue<>();

    @Override
    public void lost(ModuleLostException cause) {
      words.add("lost");
    }

    @Override
    public void recovered(int attempts, Duration took) {
      words.add("recovered after " + attempts);
    }

    @Override
    public void abandoned(ModuleLostException cause) {
      words.add("abandoned");
    }

    @Override
    public void wifi(boolean joined) {
      words.add(joined ? "joined" : "left");
    }

    void await(String word) throws InterruptedException {
      String next = words.poll(20, TimeUnit.SECONDS);
      while (next != null && !next.startsWith(word)) {
        next = words.poll(20, TimeUnit.SECONDS);
      }
      assertThat(next).as("what the listener hears: %s", word).isNotNull();
    }
  }

  private ModuleConfig.Builder config() {
    return ModuleConfig.builder()
        .openTimeout(Duration.ofSeconds(3))
        .commandTimeout(Duration.ofSeconds(1))
        .connectTimeout(Duration.ofSeconds(10))
        .sendTimeout(Duration.ofSeconds(2))
        .recovery(QUICK)
        .listener(heard)
        .threadFactory(
            work -> {
              Thread thread = new Thread(work);
              thread.setDaemon(true);
              made.put(thread, true);
              return thread;
            });
  }

  private static ByteStream stream(SimulatedModule simulated) {
    return ByteStream.of(simulated.input(), simulated.output());
  }

  @AfterEach
  void everyThreadHasEnded() throws InterruptedException {
    threads.shutdownNow();
    for (Thread thread : made.keySet()) {
      thread.join(5000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }

  private static void assertEcho(EspAtModule module, Peers peers) throws IOException {
    byte[] sent = new byte[30_000];
    new Random(1).nextBytes(sent);
    try (Socket socket = module.sockets().createSocket()) {
      socket.connect(InetSocketAddress.createUnresolved("echo.test", peers.port()), 15_000);
      socket.setSoTimeout(10_000);
      for (int at = 0; at < sent.length; at += 5000) {
        socket.getOutputStream().write(sent, at, 5000);
        byte[] back = new byte[5000];
        new DataInputStream(socket.getInputStream()).readFully(back);
        assertThat(back).isEqualTo(Arrays.copyOfRange(sent, at, at + 5000));
      }
    }
  }

  private static SimulatedModule simulated() {
    return SimulatedModule.builder().host("echo.test", "127.0.0.1").build();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"RESTART_WHILE_IDLE", "RESTART_AFTER_PROMPT", "RESTART_IN_PAYLOAD", "BROWN_OUT"})
  void aModuleThatRestartedIsThereAgainAndItsLinksAreNot(Fault fault) throws Exception {
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = simulated();
        EspAtModule module = EspAtModule.open(stream(simulated), config().build())) {
      Socket talking = module.sockets().createSocket("echo.test", peers.port());
      Socket reading = module.sockets().createSocket("echo.test", peers.port());
      Future<Integer> read = threads.submit(() -> reading.getInputStream().read());
      simulated.inject(fault);
      assertThatThrownBy(
              () -> {
                talking.getOutputStream().write(new byte[100]);
                talking.getInputStream().read();
              })
          .isInstanceOf(ModuleLostException.class);
      assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ModuleLostException.class);
      assertEcho(module, peers); // waits for the recovery
      assertThat(heard.words).containsSubsequence("lost", "recovered after 1");
      assertThatThrownBy(() -> talking.getOutputStream().write(1))
          .as("a link is not brought back")
          .isInstanceOf(ModuleLostException.class);
      ModuleLostException first = assertLost(() -> reading.getOutputStream().write(1)).first();
      assertThat(assertLost(() -> talking.getInputStream().read()).first()).isSameAs(first);
      reading.close();
      talking.close();
    }
  }

  /** What a call does. */
  private interface Call {
    void run() throws IOException;
  }

  private static ModuleLostException assertLost(Call call) {
    try {
      call.run();
    } catch (ModuleLostException e) {
      return e;
    } catch (IOException e) {
      throw new AssertionError("not lost", e);
    }
    throw new AssertionError("nothing was thrown");
  }

  @Test
  void aModuleThatWasSilentForATimeIsThereAgain() throws Exception {
    try (Peers peers = Peers.echo();
        SimulatedModule simulated =
            SimulatedModule.builder()
                .host("echo.test", "127.0.0.1")
                .fault("at AT+CIPSTAMAC: SILENT for 6s")
                .build();
        EspAtModule module =
            EspAtModule.open(
                stream(simulated), config().openTimeout(Duration.ofSeconds(2)).build())) {
      assertThatThrownBy(() -> module.command(AtCommand.of("AT+CIPSTAMAC?")))
          .isInstanceOf(java.net.SocketTimeoutException.class);
      heard.await("lost");
      heard.await("recovered");
      assertEcho(module, peers);
    }
  }

  @Test
  void newConnectionsWaitForTheNetworkThatTheModuleHasLost() throws Exception {
    try (Peers peers = Peers.echo();
        SimulatedModule simulated =
            SimulatedModule.builder()
                .host("echo.test", "127.0.0.1")
                .fault("at AT+CIPSTAMAC: WIFI_DROP for 2s")
                .build();
        EspAtModule module = EspAtModule.open(stream(simulated), config().build())) {
      Socket open = module.sockets().createSocket("echo.test", peers.port());
      try {
        module.command(AtCommand.of("AT+CIPSTAMAC?"));
        heard.await("left");
        assertEcho(module, peers);
        heard.await("joined");
        assertThatThrownBy(() -> open.getInputStream().read())
            .as("the link that was open")
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("Wi-Fi");
      } finally {
        open.close();
      }
    }
  }

  @Test
  void whatWaitsForTheNetworkFailsAtItsOwnLimit() throws Exception {
    try (SimulatedModule simulated =
            SimulatedModule.builder().fault("at AT+CIPSTAMAC: WIFI_DROP for 20s").build();
        EspAtModule module = EspAtModule.open(stream(simulated), config().build())) {
      module.command(AtCommand.of("AT+CIPSTAMAC?"));
      heard.await("left");
      long start = System.nanoTime();
      assertThatThrownBy(
              () ->
                  module
                      .sockets()
                      .createSocket()
                      .connect(InetSocketAddress.createUnresolved("a.test", 25), 400))
          .isInstanceOf(WifiException.class);
      assertThat(System.nanoTime() - start)
          .isBetween(TimeUnit.MILLISECONDS.toNanos(400), TimeUnit.SECONDS.toNanos(5));
      module.leaveWifi();
      assertThatThrownBy(() -> module.resolve("a.test")) // nobody waits for what was left
          .isInstanceOf(WifiException.class);
    }
  }

  @Test
  void aModuleThatStaysSilentIsGivenUpAfterSoManyAttempts() throws Exception {
    try (SimulatedModule simulated =
            SimulatedModule.builder().fault("at AT+CIPSTAMAC: SILENT").build();
        EspAtModule module =
            EspAtModule.open(
                stream(simulated),
                config()
                    .openTimeout(Duration.ofMillis(300))
                    .recovery(new Recovery(2, Duration.ofSeconds(30), Duration.ofMillis(20)))
                    .build())) {
      assertThatThrownBy(() -> module.command(AtCommand.of("AT+CIPSTAMAC?")))
          .isInstanceOf(java.net.SocketTimeoutException.class);
      heard.await("lost");
      ModuleLostException early =
          assertLost(
              () ->
                  module
                      .sockets()
                      .createSocket()
                      .connect(new InetSocketAddress("127.0.0.1", 25), 100));
      heard.await("abandoned");
      ModuleLostException late = assertLost(() -> module.command(AtCommand.of("AT")));
      assertThat(late.first()).isSameAs(early.first());
      assertThat(late.id()).isEqualTo(AtException.SILENT);
    }
  }

  @Test
  void aModuleThatKeepsRestartingIsGivenUp() throws Exception {
    try (SimulatedModule simulated =
            SimulatedModule.builder().fault("every AT+CIPSTAMAC #1: RESTART_WHILE_IDLE").build();
        EspAtModule module =
            EspAtModule.open(
                stream(simulated),
                config()
                    .recovery(new Recovery(3, Duration.ofMinutes(5), Duration.ofMillis(20)))
                    .build())) {
      int losses = 0;
      while (module.channel().loss() == null && losses < 10) {
        losses++;
        module.command(AtCommand.of("AT+CIPSTAMAC?"));
        heard.await("lost");
        String next = heard.words.poll(20, TimeUnit.SECONDS);
        while (next != null && !next.startsWith("recovered") && !next.equals("abandoned")) {
          next = heard.words.poll(20, TimeUnit.SECONDS);
        }
        assertThat(next).isEqualTo(losses < 4 ? "recovered after " + losses : "abandoned");
      }
      assertThat(losses).isEqualTo(4);
    }
  }

  @Test
  void aDeviceThatWasUnpluggedIsOpenedAgain() throws Exception {
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    SimulatedModule gone = simulated();
    try (Peers peers = Peers.echo();
        SimulatedModule back = simulated()) {
      int port = gone.serve(any);
      try (EspAtModule module =
          EspAtModule.open(config().device("tcp://127.0.0.1:" + port).build())) {
        Socket open = module.sockets().createSocket("echo.test", peers.port());
        long sent = module.statistics().bytesSent();
        gone.close();
        assertThatThrownBy(() -> open.getInputStream().read())
            .isInstanceOf(ModuleLostException.class);
        back.serve(new InetSocketAddress("127.0.0.1", port));
        assertEcho(module, peers);
        assertThat(module.statistics().bytesSent()).isGreaterThan(2 * sent);
        assertThat(heard.words).containsSubsequence("lost");
        open.close();
      }
    } finally {
      gone.close();
    }
  }

  @Test
  void aStreamThatEndedIsTheEndWhereNothingCanOpenItAgain() throws Exception {
    SimulatedModule simulated = simulated();
    try (EspAtModule module = EspAtModule.open(stream(simulated), config().build())) {
      simulated.close();
      heard.await("lost");
      heard.await("abandoned");
      assertLost(() -> module.command(AtCommand.of("AT")));
    }
  }

  @Test
  void closingEndsARecoveryAndWhoeverWaitsForIt() throws Exception {
    try (SimulatedModule simulated =
        SimulatedModule.builder().fault("at AT+CIPSTAMAC: SILENT").build()) {
      EspAtModule module =
          EspAtModule.open(stream(simulated), config().openTimeout(Duration.ofMinutes(1)).build());
      assertThatThrownBy(() -> module.command(AtCommand.of("AT+CIPSTAMAC?")))
          .isInstanceOf(java.net.SocketTimeoutException.class);
      heard.await("lost");
      Future<?> waiting = threads.submit(() -> module.resolve("a.test"));
      assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      module.close();
      assertThatThrownBy(() -> waiting.get(2, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ModuleLostException.class);
    }
  }

  private static final String RESTARTED = Scripts.OK + "\r\nready\r\n";

  @Test
  void aModuleThatRestartedIsAskedEverythingAnew() throws Exception {
    ScriptedModule script = Scripts.broughtUp().expect("AT+FS?\r\n").reply(RESTARTED);
    Scripts.bringUp(script)
        .expect("AT+CWJAP?\r\n")
        .reply("+CWJAP:\"net\",\"02:00:00:00:00:01\",1,-40,0,1,3,0,1\r\n" + Scripts.OK);
    ModuleConfig config = config().build();
    try (EspAtModule module =
        EspAtModule.open(ByteStream.of(script.input(), script.output()), config)) {
      module.command(AtCommand.of("AT+FS?"));
      heard.await("lost");
      heard.await("recovered after 1");
      script.awaitSuccess();
      assertThat(module.session().dialect().sendLimit()).isEqualTo(8192);
    }
  }

  @Test
  void aRestartBehindTheLastAnswerOfTheBringUpIsNotOverlooked() throws Exception {
    ScriptedModule script =
        Scripts.identified(Scripts.RECEIVE_TYPE)
            .expect("AT+CIPRECVTYPE=5,1\r\n")
            .reply("\r\nready\r\n" + Scripts.OK);
    Scripts.bringUp(script);
    ModuleConfig config = config().recovery(Recovery.NONE).build();
    try (EspAtModule module =
        EspAtModule.open(ByteStream.of(script.input(), script.output()), config)) {
      script.awaitSuccess();
      assertThat(module.channel().loss()).isNull();
    }
  }

  @Test
  void aRecoveryThatCannotBeIsRefused() {
    assertThatThrownBy(() -> new Recovery(-1, Duration.ofSeconds(1), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Recovery(1, Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(List.of(0, 1, 5, 60))
        .map(QUICK::pauseBefore)
        .isSorted()
        .last()
        .isEqualTo(Duration.ofSeconds(8));
  }
}
