package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code AT+CIPSERVER}: peers dial the module. */
class ServerTest {
  private static Socket dial(SimulatedModule module) throws IOException {
    Socket socket = new Socket("127.0.0.1", module.listeningPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) HostSide.LIMIT.toMillis());
    return socket;
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }

  static IntStream sizes() {
    return IntStream.rangeClosed(1, 140);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void aPeerIsAcceptedAndTalkedTo(int size) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      talk(host, size, "AT+CIPMUX=1", "\r\nOK\r\n");
      assertThat(module.listeningPort()).isZero();
      talk(host, size, "AT+CIPSERVER=1,8080", "\r\nOK\r\n");
      talk(host, size, "AT+CIPSERVER?", "+CIPSERVER:1,8080,\"TCP\",0\r\n\r\nOK\r\n");
      try (Socket peer = dial(module)) {
        host.expect("0,CONNECT\r\n");
        Peer.send(peer, "hello");
        host.expect("\r\n+IPD,0,5:hello\r\n");
        talk(host, size, "AT+CIPSEND=0,5", "\r\nOK\r\n\r\n>");
        host.send("world", size);
        host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(peer, 5)).isEqualTo("world");
        String state = "+CIPSTATE:0,\"TCP\",\"127.0.0.1\"," + peer.getLocalPort() + ",";
        talk(host, size, "AT+CIPSTATE?", state + module.listeningPort() + ",1\r\n\r\nOK\r\n");
      }
      host.expect("0,CLOSED\r\n");
      talk(host, size, "AT+CIPSERVER=0", "\r\nOK\r\n");
      assertThat(module.listeningPort()).isZero();
    }
  }

  private static void talk(HostSide host, int size, String command, String answer)
      throws IOException {
    host.send(command + "\r\n", size);
    host.expect(answer);
  }

  @Test
  void theNamedPortIsTakenWhereItIsFree() throws Exception {
    int free = freePort();
    try (SimulatedModule first = SimulatedModule.builder().build();
        SimulatedModule second = SimulatedModule.builder().build();
        HostSide one = HostSide.of(first);
        HostSide two = HostSide.of(second)) {
      one.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSERVER=1," + free, "\r\nOK\r\n");
      two.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSERVER=1," + free, "\r\nOK\r\n");
      assertThat(first.listeningPort()).isEqualTo(free);
      assertThat(second.listeningPort()).isPositive().isNotEqualTo(free);
      two.ask("AT+CIPSERVER?", "+CIPSERVER:1," + free + ",\"TCP\",0\r\n\r\nOK\r\n");
    }
  }

  @Test
  void whatCannotBeIsRefused() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPSERVER=1,8080", "\r\nERROR\r\n"); // needs AT+CIPMUX=1
      host.ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSERVER=0", "\r\nERROR\r\n");
      for (String wrong : new String[] {"1,0", "1,65536", "2", "1,80,\"UDP\"", "1,80,TCP"}) {
        host.ask("AT+CIPSERVER=" + wrong, "\r\nERROR\r\n");
      }
      host.ask("AT+CIPSERVERMAXCONN=0", "\r\nERROR\r\n");
      host.ask("AT+CIPSERVERMAXCONN=6", "\r\nERROR\r\n");
      host.ask("AT+CIPSERVERMAXCONN?", "+CIPSERVERMAXCONN:5\r\n\r\nOK\r\n");
      host.ask("AT+CIPSERVER=1", "\r\nOK\r\n").ask("AT+CIPSERVER=1", "\r\nERROR\r\n");
      host.ask("AT+CIPSERVER?", "+CIPSERVER:1,333,\"TCP\",0\r\n\r\nOK\r\n");
      host.ask("AT+CIPSERVERMAXCONN=1", "\r\nERROR\r\n").ask("AT+CIPMUX=0", "\r\nERROR\r\n");
      host.ask("AT+CIPSTO=7201", "\r\nERROR\r\n").ask("AT+CIPSTO=7200", "\r\nOK\r\n");
      host.ask("AT+CIPSTO?", "+CIPSTO:7200\r\n\r\nOK\r\n");
    }
  }

  @Test
  void onlySoManyAreAcceptedAndDialledLinksKeepTheirIds() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+SYSMSG=2", "\r\nOK\r\n");
      host.ask("AT+CIPSERVERMAXCONN=2", "\r\nOK\r\n").ask("AT+CIPSERVER=1,8080", "\r\nOK\r\n");
      host.send("AT+CIPSTART=0,\"TCP\",\"localhost\"," + peer.port() + "\r\n");
      host.expect("+LINK_CONN:0,0,\"TCP\",0,\"127.0.0.1\"," + peer.port() + ",");
      host.until("\r\n\r\nOK\r\n");
      try (Socket one = dial(module)) {
        host.expect("+LINK_CONN:0,1,\"TCP\",1,\"127.0.0.1\"," + one.getLocalPort());
        host.expect("," + module.listeningPort() + "\r\n");
        try (Socket two = dial(module);
            Socket three = dial(module)) {
          host.expect("+LINK_CONN:0,2,\"TCP\",1,\"127.0.0.1\"," + two.getLocalPort());
          host.expect("," + module.listeningPort() + "\r\n");
          assertThat(three.getInputStream().read()).isEqualTo(-1); // accepted and let go
          host.ask("AT+CIPSERVER=0,1", "1,CLOSED\r\n2,CLOSED\r\n\r\nOK\r\n");
          assertThat(one.getInputStream().read()).isEqualTo(-1);
          assertThat(two.getInputStream().read()).isEqualTo(-1);
        }
      }
      host.ask("AT+CIPCLOSE=0", "0,CLOSED\r\n\r\nOK\r\n");
    }
  }

  @Test
  void anIdleLinkIsClosed() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSTO=1", "\r\nOK\r\n");
      host.ask("AT+CIPSERVER=1,8080", "\r\nOK\r\n");
      try (Socket peer = dial(module)) {
        host.expect("0,CONNECT\r\n0,CLOSED\r\n");
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void aRestartEndsTheServer() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSERVER=1,8080", "\r\nOK\r\n");
      try (Socket peer = dial(module)) {
        host.expect("0,CONNECT\r\n").send("AT+RST\r\n");
        host.until("ready\r\n");
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
        assertThat(module.listeningPort()).isZero();
      }
    }
  }

  @Test
  void aPassthroughCanServeOnePeerAfterTheOther() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask("AT+CIPSERVERMAXCONN=1", "\r\nOK\r\n");
      host.ask("AT+CIPSERVER=1,8080", "\r\nOK\r\n").ask("AT+CIPMODE=1", "\r\nOK\r\n");
      host.ask("AT+CIPSEND", "\r\nERROR\r\n"); // nobody there yet
      try (Socket peer = dial(module)) {
        host.expect("0,CONNECT\r\n").ask("AT+CIPSEND", "\r\nOK\r\n\r\n>").send("raw");
        assertThat(Peer.receive(peer, 3)).isEqualTo("raw");
        Peer.send(peer, "back");
        host.expect("back");
      }
      try (Socket peer = dial(module)) {
        Peer.send(peer, "next");
        host.expect("next").send("mine");
        assertThat(Peer.receive(peer, 4)).isEqualTo("mine");
      }
    }
  }
}
