package io.espat.bench;

import io.espat.at.ByteStream;
import io.espat.at.EspAtModule;
import io.espat.at.FlowControl;
import io.espat.at.ModuleConfig;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** espat's own engine on a simulated module. */
final class EngineHost implements Host {
  private final EspAtModule module;

  EngineHost(SimulatedModule simulated, int baud) throws IOException {
    module =
        EspAtModule.open(
            ByteStream.of(simulated.input(), simulated.output()),
            ModuleConfig.builder().baud(baud).flow(FlowControl.RTS_CTS).build());
  }

  @Override
  public String name() {
    return "espat";
  }

  EspAtModule module() {
    return module;
  }

  @Override
  public Channel open(int port) throws IOException {
    Socket socket = module.sockets().createSocket("127.0.0.1", port);
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    return new Channel() {
      @Override
      public void send(byte[] bytes) throws IOException {
        out.write(bytes);
        socket.shutdownOutput(); // returns with the verdict on the last byte
      }

      @Override
      public void receive(int count, Peer.Progress progress) throws IOException {
        Peer.check(in, count, progress);
      }

      @Override
      public void ask(byte[] question) throws IOException {
        out.write(question);
        in.readNBytes(question.length);
      }
    };
  }

  @Override
  public void close() {
    module.close();
  }
}
