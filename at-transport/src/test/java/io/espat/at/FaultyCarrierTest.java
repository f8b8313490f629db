package io.espat.at;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A carrier of somebody else's that throws what it should not: nobody may wait for ever. */
class FaultyCarrierTest {

  /** Reads well until told otherwise. */
  private static final class Carrier implements ByteStream {
    private final ByteStream stream;
    private volatile boolean broken;

    Carrier(ByteStream stream) {
      this.stream = stream;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      int read = stream.read(buffer, offset, count);
      if (broken) {
        throw new IllegalStateException("the carrier is confused");
      }
      return read;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      stream.write(bytes, offset, count);
    }

    @Override
    public void timeout(Duration timeout) {
      stream.timeout(timeout);
    }

    @Override
    public String name() {
      return "carrier";
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  @Test
  void whatItThrowsIsTheCauseOfTheLoss() throws IOException {
    try (SimulatedModule simulated = SimulatedModule.builder().build();
        ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Carrier carrier = new Carrier(ByteStream.of(simulated.input(), simulated.output()));
      try (EspAtModule module = EspAtModule.open(carrier, ModuleConfig.defaults())) {
        Socket socket = module.sockets().createSocket("127.0.0.1", peer.getLocalPort());
        carrier.broken = true;
        assertThatThrownBy(() -> module.command(AtCommand.of("AT")))
            .isInstanceOf(ModuleLostException.class)
            .hasMessageContaining("the carrier is confused");
        assertThatThrownBy(() -> socket.getInputStream().read())
            .isInstanceOf(ModuleLostException.class);
      }
    }
  }
}
