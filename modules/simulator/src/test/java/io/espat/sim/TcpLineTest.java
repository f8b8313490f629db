package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class TcpLineTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static int serve(SimulatedModule module) throws IOException {
    return module.serve(new InetSocketAddress(LOOPBACK, 0));
  }

  private static HostSide client(Socket socket) throws IOException {
    return new HostSide(socket.getInputStream(), socket.getOutputStream());
  }

  @Test
  void linksAndModesOutliveAClient() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        Peer peer = new Peer()) {
      int port = serve(module);
      Socket far;
      try (Socket socket = new Socket(LOOPBACK, port)) {
        HostSide host = client(socket).quiet();
        host.ask("AT+CIPMUX=1", "\r\nOK\r\n");
        host.ask("AT+CIPSTART=4,\"TCP\",\"127.0.0.1\"," + peer.port(), "4,CONNECT\r\n\r\nOK\r\n");
        far = peer.accept();
      }
      try (Socket socket = new Socket(LOOPBACK, port)) {
        HostSide host = client(socket);
        host.ask("AT+CIPMUX?", "+CIPMUX:1\r\n\r\nOK\r\n"); // and the echo is still off
        Peer.send(far, "news");
        host.expect("\r\n+IPD,4,4:news\r\n");
        host.ask("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
      } finally {
        far.close();
      }
    }
  }

  @Test
  void aClientIsServedHoweverSoonItComesAfterAnother() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build()) {
      int port = serve(module);
      try (Socket first = new Socket(LOOPBACK, port)) {
        client(first).quiet();
      }
      for (int i = 0; i < 300; i++) {
        try (Socket socket = new Socket(LOOPBACK, port)) {
          client(socket).ask("AT", "\r\nOK\r\n");
        }
      }
    }
  }

  @Test
  void aSecondClientIsClosedAndTheFirstLosesNothing() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build()) {
      int port = serve(module);
      try (Socket first = new Socket(LOOPBACK, port)) {
        HostSide host = client(first).quiet();
        host.send("AT+GM");
        try (Socket second = new Socket(LOOPBACK, port)) {
          second.setSoTimeout((int) HostSide.LIMIT.toMillis());
          assertThat(second.getInputStream().read()).isEqualTo(-1);
        }
        host.send("R\r\n");
        assertThat(host.until("\r\nOK\r\n")).startsWith("AT version:4.2.0.0");
      }
    }
  }

  @Test
  void aClientThatEndsItsSideFirstStillHearsTheAnswer() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build()) {
      int port = serve(module);
      try (Socket socket = new Socket(LOOPBACK, port)) {
        client(socket).quiet();
      }
      for (int i = 0; i < 50; i++) {
        try (Socket socket = new Socket(LOOPBACK, port)) {
          HostSide host = client(socket);
          host.send("AT\r\n");
          socket.shutdownOutput();
          host.expect("\r\nOK\r\n");
          assertThat(host.awaitEnd()).isTrue();
        }
      }
    }
  }

  @Test
  void theLastBytesOfAClientCountEvenWhenItTakesNoMore() throws Exception {
    String payload = "p".repeat(8192);
    try (SimulatedModule module = SimulatedModule.builder().build();
        Peer peer = new Peer()) {
      int port = serve(module);
      try (Socket socket = new Socket(LOOPBACK, port)) {
        client(socket).quiet();
      }
      for (int i = 0; i < 20; i++) {
        Socket far;
        try (Socket socket = new Socket(LOOPBACK, port)) {
          HostSide host = client(socket);
          host.ask("AT+CIPSTART=\"TCP\",\"localhost\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
          far = peer.accept();
          host.ask("AT+CIPSEND=8192", "\r\nOK\r\n\r\n>");
          Peer.send(far, "x".repeat(20_000)); // so that the module has something to say
          host.send(payload);
        }
        assertThat(Peer.receive(far, payload.length())).isEqualTo(payload);
        far.close();
        try (Socket socket = new Socket(LOOPBACK, port)) {
          HostSide host = client(socket);
          HostSide.eventually("no link", () -> unlinked(host));
        }
      }
    }
  }

  private static boolean unlinked(HostSide host) {
    try {
      host.send("AT+CIPSTATUS\r\n");
      host.until("STATUS:");
      return host.until("\r\nOK\r\n").startsWith("4");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsSaidToNobodyIsKeptUpToALimitInWholeMessages() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        Peer peer = new Peer()) {
      int port = serve(module);
      Socket far;
      try (Socket socket = new Socket(LOOPBACK, port)) {
        HostSide host = client(socket).quiet();
        host.ask("AT+CIPSTART=\"TCP\",\"127.0.0.1\"," + peer.port(), "CONNECT\r\n\r\nOK\r\n");
        far = peer.accept();
      }
      long before = module.bytesToHost();
      // one frame at a time, so that the client is known to be gone when the last ones come
      for (int i = 1; i <= 60; i++) {
        Peer.send(far, "x".repeat(1000));
        long wanted = i * 1000L;
        HostSide.eventually("frame " + i, () -> module.bytesFromPeers() == wanted);
      }
      assertThat(module.bytesToHost() - before).isLessThan(60_000);
      try (Socket socket = new Socket(LOOPBACK, port)) {
        HostSide host = client(socket);
        host.send("AT\r\n");
        String kept = host.until("\r\nOK\r\n");
        assertThat(kept.length()).isLessThanOrEqualTo(Uart.KEPT_FOR_NOBODY + 6);
        assertThat(kept).matches("(?s)(\r\n\\+IPD,1000:x{1000}\r\n){0,4}\r\nOK\r\n");
      } finally {
        far.close();
      }
    }
  }

  @Test
  void oneModuleHasOneLine() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build()) {
      serve(module);
      assertThatThrownBy(module::input).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> serve(module)).isInstanceOf(IllegalStateException.class);
    }
    try (SimulatedModule module = SimulatedModule.builder().build();
        ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      assertThatThrownBy(() -> module.serve(new InetSocketAddress(LOOPBACK, taken.getLocalPort())))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
      module.output();
      assertThatThrownBy(() -> serve(module)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closingTheModuleEndsItsClient() throws Exception {
    SimulatedModule module = SimulatedModule.builder().build();
    int port = serve(module);
    try (Socket socket = new Socket(LOOPBACK, port)) {
      HostSide host = client(socket).quiet();
      module.close();
      assertThat(host.awaitEnd()).isTrue();
    }
    assertThatThrownBy(() -> new Socket(LOOPBACK, port).close()).isInstanceOf(IOException.class);
  }
}
