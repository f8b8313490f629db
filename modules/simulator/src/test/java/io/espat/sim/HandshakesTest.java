package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandshakesTest {
  @Test
  void aPeerThatSaysNothingIsGivenUpAfterItsTime() throws Exception {
    EventLoop loop = new EventLoop();
    Handshakes handshakes = new Handshakes(loop, Duration.ofMillis(200));
    CompletableFuture<TlsTrouble> verdict = new CompletableFuture<>();
    try (Peer peer = new Peer();
        SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", peer.port()));
        Socket far = peer.accept()) {
      socket.configureBlocking(false);
      TcpChannel plain =
          new TcpChannel(socket, loop.watch(socket, 0, () -> {}), Firmware.ESP32_AT_4);
      LinkSecurity security =
          new LinkSecurity(Firmware.ESP32_AT_4, new Memory(Settings.UartSetting.FACTORY));
      handshakes.begin(
          plain, security.client(0, "localhost"), (channel, why) -> verdict.complete(why));
      CompletableFuture<Void> running = CompletableFuture.runAsync(() -> run(loop, handshakes));
      TlsTrouble why = verdict.get(HostSide.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(why.refusal().explanation(Firmware.ESP32_AT_4, true))
          .isEqualTo("+ERRNO:0x8006\r\n");
      assertThat(far.getInputStream().readAllBytes()).startsWith(0x16, 3); // the hello, and closed
      loop.end();
      running.get(HostSide.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(handshakes.count()).isZero();
    } finally {
      loop.close();
    }
  }

  private static void run(EventLoop loop, Handshakes handshakes) {
    try {
      loop.run(
          () -> {
            handshakes.serve();
            handshakes.want();
            return false;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
