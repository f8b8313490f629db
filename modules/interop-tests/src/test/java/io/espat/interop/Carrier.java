package io.espat.interop;

import io.espat.at.ByteStream;
import io.espat.at.EspAtModule;
import io.espat.at.ModuleConfig;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * What carries the bytes of a client to a server; {@code mail.test} and {@code files.test} are
 * known.
 */
interface Carrier extends Closing, AutoCloseable {
  SocketFactory sockets();

  @Override
  void close() throws IOException;

  /** The host's own sockets, which take every name for 127.0.0.1. */
  static Carrier hostSockets() {
    return of(new LoopbackSockets(), () -> {});
  }

  /** A simulated module in this process. */
  static Carrier simulatedModule() throws IOException {
    SimulatedModule simulated = simulated();
    try {
      EspAtModule module =
          EspAtModule.open(
              ByteStream.of(simulated.input(), simulated.output()), ModuleConfig.defaults());
      return of(module.sockets(), () -> Closing.all(module::close, simulated::close));
    } catch (IOException e) {
      simulated.close();
      throw e;
    }
  }

  /** A simulated module behind a pseudo-terminal, opened as a serial device. */
  static Carrier pseudoTerminal() throws IOException {
    SimulatedModule simulated = simulated();
    try {
      int port = simulated.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      PseudoTerminal terminal = PseudoTerminal.to(port);
      EspAtModule module = EspAtModule.open(terminal.device());
      return of(
          module.sockets(), () -> Closing.all(module::close, terminal::close, simulated::close));
    } catch (IOException e) {
      simulated.close();
      throw e;
    }
  }

  private static SimulatedModule simulated() {
    return SimulatedModule.builder()
        .host("mail.test", "127.0.0.1")
        .host("files.test", "127.0.0.1")
        .build();
  }

  private static Carrier of(SocketFactory sockets, Closing closing) {
    return new Carrier() {
      @Override
      public SocketFactory sockets() {
        return sockets;
      }

      @Override
      public void close() throws IOException {
        closing.close();
      }
    };
  }

  /** Takes every name for 127.0.0.1 without asking anybody. */
  final class LoopbackSockets extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new Socket() {
        @Override
        public void connect(SocketAddress address, int timeout) throws IOException {
          int port = ((InetSocketAddress) address).getPort();
          super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout);
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      Socket socket = createSocket();
      socket.connect(InetSocketAddress.createUnresolved(host, port));
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      Socket socket = createSocket();
      socket.connect(new InetSocketAddress(host, port));
      return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return createSocket(host, port);
    }
  }
}
