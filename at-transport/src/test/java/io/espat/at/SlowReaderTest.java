package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.Firmware;
import io.espat.sim.LineModel;
import io.espat.sim.SimulatedModule;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Readers of all speeds on a line with a speed: every byte once, and none waits for another. */
class SlowReaderTest {
  private static final int BAUD = 3_000_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static SimulatedModule simulated(Firmware firmware) {
    LineModel line = LineModel.builder().baud(BAUD).flowControl(3).build();
    return SimulatedModule.builder().firmware(firmware).line(line).build();
  }

  private static EspAtModule open(SimulatedModule simulated, ReceiveMode mode) throws IOException {
    ModuleConfig config =
        ModuleConfig.builder().baud(BAUD).flow(FlowControl.RTS_CTS).receive(mode).build();
    return EspAtModule.open(ByteStream.of(simulated.input(), simulated.output()), config);
  }

  /** A peer that is told a size and a seed, and sends that many bytes. */
  private static Peers generous() throws IOException {
    return new Peers(
        socket -> {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          socket.getOutputStream().write(bytes(in.readInt(), in.readLong()));
          in.read();
        });
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Socket ask(EspAtModule module, Peers peers, int count, long seed)
      throws IOException {
    Socket socket = module.sockets().createSocket("127.0.0.1", peers.port());
    java.nio.ByteBuffer request = java.nio.ByteBuffer.allocate(12).putInt(count).putLong(seed);
    socket.getOutputStream().write(request.array());
    socket.getOutputStream().flush();
    return socket;
  }

  /** Reads pieces of any size, after each of them at most for {@code pause} doing nothing. */
  private static void assertRead(Socket socket, int count, long seed, int pause)
      throws IOException {
    byte[] expected = bytes(count, seed);
    Random random = new Random(seed + 1);
    InputStream in = socket.getInputStream();
    byte[] piece = new byte[20_000];
    for (int done = 0; done < count; ) {
      int run = in.read(piece, 0, 1 + random.nextInt(Math.min(piece.length, count - done)));
      for (int i = 0; i < run; i++) {
        if (piece[i] != expected[done + i]) {
          throw new AssertionError("byte " + (done + i) + " of seed " + seed + " is another one");
        }
      }
      done += run;
      Pause.nanos(pause == 0 ? 0 : random.nextInt(pause));
    }
  }

  static Stream<Arguments> worlds() {
    return Stream.of(
            Firmware.ESP32C5_AT_5,
            Firmware.ESP32_AT_4,
            Firmware.ESP32_AT_2_1,
            Firmware.ESP8266_AT_2,
            Firmware.ESP8266_NONOS_1_7)
        .flatMap(
            firmware ->
                Stream.of(ReceiveMode.ACTIVE, ReceiveMode.PASSIVE)
                    .map(mode -> Arguments.of(firmware, mode)));
  }

  @ParameterizedTest
  @MethodSource("worlds")
  void quickAndSlowReadersAndAWriterAtOnce(Firmware firmware, ReceiveMode mode) throws Exception {
    long seed = System.nanoTime();
    System.out.println("SlowReaderTest " + firmware + " " + mode + " seed " + seed);
    try (SimulatedModule simulated = simulated(firmware);
        EspAtModule module = open(simulated, mode);
        Peers peers = generous();
        Peers echo = Peers.echo()) {
      List<Future<?>> all = new ArrayList<>();
      int[] pauses = {0, 200_000, 20_000_000};
      for (int i = 0; i < pauses.length; i++) {
        Socket socket = ask(module, peers, 150_000, seed + i);
        long its = seed + i;
        int pause = pauses[i];
        all.add(run(() -> assertRead(socket, 150_000, its, pause)));
      }
      Socket both = module.sockets().createSocket("127.0.0.1", echo.port());
      byte[] sent = bytes(60_000, seed);
      all.add(run(() -> both.getOutputStream().write(sent)));
      all.add(run(() -> assertRead(both, sent.length, seed, 0)));
      for (Future<?> one : all) {
        one.get(50, TimeUnit.SECONDS);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private Future<?> run(Work work) {
    Callable<Void> call =
        () -> {
          work.run();
          return null;
        };
    return threads.submit(call);
  }

  /** The peer of a reader that sleeps is held back, in bounded memory, and nothing is lost. */
  @Test
  void aReaderThatSleepsHoldsUpNobodyAndMissesNothing() throws Exception {
    try (SimulatedModule simulated = simulated(Firmware.ESP32_AT_4);
        EspAtModule module = open(simulated, ReceiveMode.AUTO);
        Peers peers = generous()) {
      Socket sleeps = ask(module, peers, 600_000, 1);
      InputStream in = sleeps.getInputStream();
      while (in.available() < ReceiveSwitch.BEHIND) {
        Thread.onSpinWait();
      }
      Socket quick = ask(module, peers, 300_000, 2);
      assertRead(quick, 300_000, 2, 0);
      assertThat(in.available()).isLessThan(ReceiveSwitch.BEHIND + 32 * 1024);
      assertRead(sleeps, 600_000, 1, 0);
    }
  }

  /** The switch has to wait for the sender, which is in the middle of 256 KiB. */
  @Test
  void whatComesDuringALongSendIsHeld() throws Exception {
    try (SimulatedModule simulated = simulated(Firmware.ESP32_AT_4);
        EspAtModule module = open(simulated, ReceiveMode.AUTO);
        Peers peers = generous();
        Peers greedy =
            new Peers(
                socket -> {
                  socket.getInputStream().readNBytes(700_000);
                  socket.getOutputStream().write(1);
                })) {
      Socket up = module.sockets().createSocket("127.0.0.1", greedy.port());
      Future<?> uploading = run(() -> up.getOutputStream().write(new byte[700_000]));
      Socket down = ask(module, peers, 800_000, 5);
      uploading.get(50, TimeUnit.SECONDS);
      assertThat(up.getInputStream().read()).isEqualTo(1);
      InputStream in = down.getInputStream();
      int most = in.available();
      assertThat(most).isBetween(ReceiveSwitch.BEHIND, Inflow.MAX_RECEIVED);
      assertRead(down, 800_000, 5, 0);
    }
  }
}
