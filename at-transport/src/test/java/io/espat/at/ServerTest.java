package io.espat.at;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.Firmware;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The module's server in front of a simulated module and peers on loopback. */
class ServerTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static EspAtModule open(SimulatedModule simulated, ReceiveMode mode) throws IOException {
    return EspAtModule.open(
        ByteStream.of(simulated.input(), simulated.output()),
        ModuleConfig.builder().receive(mode).build());
  }

  private static Socket peer(SimulatedModule simulated) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), simulated.listeningPort());
  }

  @ParameterizedTest
  @CsvSource({
    "ESP32C5_AT_5, PASSIVE",
    "ESP32_AT_4, ACTIVE",
    "ESP32_AT_4, PASSIVE",
    "ESP32_AT_2_1, PASSIVE"
  })
  void anAcceptedLinkCarriesBytesBothWaysWhileOthersConnect(Firmware firmware, ReceiveMode mode)
      throws Exception {
    byte[] sent = new byte[30_000];
    new Random(7).nextBytes(sent);
    try (SimulatedModule simulated = SimulatedModule.builder().firmware(firmware).build();
        EspAtModule module = open(simulated, mode);
        ServerSocket server = module.serverSockets().createServerSocket(0, 2);
        Peers peers = Peers.echo();
        Socket caller = peer(simulated);
        Socket accepted = server.accept();
        Socket out = module.sockets().createSocket("127.0.0.1", peers.port())) {
      assertThat(server.getInetAddress().isAnyLocalAddress()).isFalse();
      assertThat(accepted.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
      assertThat(accepted.getPort()).isEqualTo(caller.getLocalPort());
      Future<byte[]> echoed = threads.submit(() -> caller.getInputStream().readNBytes(sent.length));
      Future<?> pump = threads.submit(() -> copy(accepted));
      caller.getOutputStream().write(sent);
      assertThat(echoed.get(20, TimeUnit.SECONDS)).isEqualTo(sent);
      out.getOutputStream().write("still here".getBytes(US_ASCII));
      assertThat(out.getInputStream().readNBytes(10)).asString().isEqualTo("still here");
      caller.shutdownOutput();
      pump.get(10, TimeUnit.SECONDS);
    }
  }

  private static Void copy(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[4096];
    int count = in.read(buffer);
    while (count > 0) {
      socket.getOutputStream().write(buffer, 0, count);
      socket.getOutputStream().flush();
      count = in.read(buffer);
    }
    return null;
  }

  @Test
  void whoComesOneAfterTheOtherIsServed() throws Exception {
    try (SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module = open(simulated, ReceiveMode.AUTO);
        ServerSocket server = module.serverSockets().createServerSocket(0)) {
      for (int i = 0; i < 12; i++) {
        byte[] said = ("caller " + i).getBytes(US_ASCII);
        try (Socket caller = peer(simulated)) {
          caller.getOutputStream().write(said);
          caller.shutdownOutput();
          try (Socket accepted = server.accept()) {
            assertThat(accepted.getInputStream().readAllBytes()).isEqualTo(said);
          }
        }
      }
    }
  }

  @Test
  void aClosedServerIsOneNoMore() throws Exception {
    try (SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module = open(simulated, ReceiveMode.AUTO)) {
      for (int i = 0; i < 3; i++) {
        ServerSocket server = module.serverSockets().createServerSocket(0, 1);
        try (Socket caller = peer(simulated);
            Socket waiting = peer(simulated)) {
          Socket accepted = server.accept();
          server.close();
          assertThat(simulated.listeningPort()).isZero();
          accepted.getOutputStream().write('x');
          accepted.close();
          assertThat(caller.getInputStream().read()).isEqualTo('x');
          assertThat(hasEnded(waiting)).isTrue();
        }
      }
      assertThatThrownBy(() -> module.command(AtCommand.of("AT+CIPSERVER=1,99")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** By an end, or by a reset where the module had not taken it yet. */
  private static boolean hasEnded(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketException e) {
      return true;
    }
  }

  @Test
  void aServerEndsWithTheModule() throws Exception {
    try (SimulatedModule simulated = SimulatedModule.builder().build()) {
      EspAtModule module = open(simulated, ReceiveMode.AUTO);
      ServerSocket server = module.serverSockets().createServerSocket(0);
      assertThat(simulated.listeningPort()).isNotZero();
      module.close();
      assertThat(simulated.listeningPort()).isZero();
      assertThatThrownBy(server::accept).isInstanceOf(ModuleLostException.class);
    }
  }
}
