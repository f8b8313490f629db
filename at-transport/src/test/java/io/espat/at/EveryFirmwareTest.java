package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.Firmware;
import io.espat.sim.SimulatedModule;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs do with links, on each firmware and with each way of receiving. */
@Timeout(60)
class EveryFirmwareTest {
  private static final int MAIL = 300_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  static Stream<Arguments> all() {
    return Stream.of(Firmware.values())
        .flatMap(
            firmware -> Stream.of(ReceiveMode.values()).map(mode -> Arguments.of(firmware, mode)));
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static SimulatedModule simulated(Firmware firmware) {
    return SimulatedModule.builder().firmware(firmware).host("peer.test", "127.0.0.1").build();
  }

  private static EspAtModule open(SimulatedModule simulated, ReceiveMode mode) throws IOException {
    ModuleConfig config = ModuleConfig.builder().receive(mode).build();
    return EspAtModule.open(ByteStream.of(simulated.input(), simulated.output()), config);
  }

  private static Socket connect(EspAtModule module, Peers peers) throws IOException {
    Socket socket = module.sockets().createSocket("peer.test", peers.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static long sum(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  /** Takes a count and so many bytes, and answers with their sum. */
  private static Peers sink() throws IOException {
    return new Peers(
        socket -> {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          byte[] taken = new byte[in.readInt()];
          in.readFully(taken);
          new DataOutputStream(socket.getOutputStream()).writeLong(sum(taken));
          in.read(); // until the other side closes
        });
  }

  /** Takes a count and a seed, gives so many bytes, and closes. */
  private static Peers source() throws IOException {
    return new Peers(
        socket -> {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          socket.getOutputStream().write(bytes(in.readInt(), in.readLong()));
        });
  }

  private static void upload(EspAtModule module, Peers sink, long seed) throws IOException {
    byte[] mail = bytes(MAIL, seed);
    try (Socket socket = connect(module, sink)) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(mail.length);
      out.write(mail);
      out.flush();
      assertThat(new DataInputStream(socket.getInputStream()).readLong()).isEqualTo(sum(mail));
    }
  }

  private static void download(EspAtModule module, Peers source, long seed) throws IOException {
    try (Socket socket = connect(module, source)) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(MAIL);
      out.writeLong(seed);
      out.flush();
      byte[] all = socket.getInputStream().readAllBytes(); // the end is the peer's own
      assertThat(all).hasSize(MAIL);
      assertThat(sum(all)).isEqualTo(sum(bytes(MAIL, seed)));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void upload(Firmware firmware, ReceiveMode mode) throws IOException {
    try (SimulatedModule simulated = simulated(firmware);
        EspAtModule module = open(simulated, mode);
        Peers sink = sink()) {
      upload(module, sink, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void download(Firmware firmware, ReceiveMode mode) throws IOException {
    try (SimulatedModule simulated = simulated(firmware);
        EspAtModule module = open(simulated, mode);
        Peers source = source()) {
      download(module, source, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void dialogue(Firmware firmware, ReceiveMode mode) throws IOException {
    try (SimulatedModule simulated = simulated(firmware);
        EspAtModule module = open(simulated, mode);
        Peers echo = Peers.echo();
        Socket socket = connect(module, echo);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      for (int i = 0; i < 40; i++) {
        String line = "250-" + "x".repeat(i * 7) + "> busy p... +IPD,0," + i;
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        assertThat(in.readLine()).isEqualTo(line);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void fiveLinksAtOnce(Firmware firmware, ReceiveMode mode) throws Exception {
    try (SimulatedModule simulated = simulated(firmware);
        EspAtModule module = open(simulated, mode);
        Peers sink = sink();
        Peers source = source()) {
      List<Future<?>> jobs = new ArrayList<>();
      for (int i = 0; i < Links.COUNT; i++) {
        long seed = 10 + i;
        boolean up = i % 2 == 0;
        jobs.add(
            threads.submit(
                () -> {
                  if (up) {
                    upload(module, sink, seed);
                  } else {
                    download(module, source, seed);
                  }
                  return null;
                }));
      }
      for (Future<?> job : jobs) {
        job.get(50, TimeUnit.SECONDS);
      }
    }
  }
}
