package io.espat.at;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.Fault;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever has been told that a link failed does not wait for the module when closing it. */
class FailedLinkCloseTest {

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS) // twice the send time-out is 40 s
  void closingAFailedLinkDoesNotWaitForTheModuleToFindBack() throws IOException {
    try (SimulatedModule simulated = SimulatedModule.builder().build();
        ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ModuleConfig config = ModuleConfig.builder().commandTimeout(Duration.ofMillis(300)).build();
      try (EspAtModule module =
          EspAtModule.open(ByteStream.of(simulated.input(), simulated.output()), config)) {
        try (Socket socket = module.sockets().createSocket("127.0.0.1", peer.getLocalPort())) {
          simulated.inject(Fault.STALL_BEFORE_PROMPT);
          socket.getOutputStream().write(1);
          assertThatThrownBy(() -> socket.getInputStream().read())
              .isInstanceOf(SocketException.class)
              .hasMessageContaining("no prompt");
        }
      }
    }
  }
}
