package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiallingTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"TCP\",\"192.0.2.1\",80", // not loopback
        "\"TCP\",\"0.0.0.0\",80",
        "\"TCP\",\"elsewhere.test\",80", // listed, but not loopback
        "\"TCP\",\"unlisted.test\",80", // the JVM's resolver is not asked
        "\"TCP\",\"127.0.0.1.\",80",
        "\"TCP\",\"127.1\",80", // no shorthand
        "\"TCP\",\"::1\",80",
        "\"TCP\",\"\",80",
        "\"TCP\",\"127.0.0.1\",0",
        "\"TCP\",\"127.0.0.1\",65536",
        "\"TCP\",\"127.0.0.1\",80,7201",
        "\"TCP\",\"127.0.0.1\",80,0,\"\",60001",
        "\"TCP\",\"127.0.0.1\",80,0,\"\",1,1",
        "\"tcp\",\"127.0.0.1\",80",
        "\"SSL\",\"127.0.0.1\",443",
        "\"UDP\",\"192.0.2.1\",53",
        "\"UDP\",\"127.0.0.1\",53,0",
        "\"UDP\",\"127.0.0.1\",53,5000,3",
        "\"UDPv6\",\"::1\",53", // not without AT+CIPV6=1
        "\"TCPv6\",\"127.0.0.1\",80",
        "0,\"TCP\",\"127.0.0.1\",80" // an id with CIPMUX=0
      })
  void whatMayNotBeDialledIsAnError(String parameters) throws Exception {
    try (SimulatedModule module =
            SimulatedModule.builder().host("elsewhere.test", "192.0.2.1").build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPSTART=" + parameters, "\r\nERROR\r\n");
    }
  }

  @Test
  void aHostNameMayHave64Characters() throws Exception {
    String name = "n".repeat(64);
    try (SimulatedModule module =
            SimulatedModule.builder().host(name, InetAddress.getLoopbackAddress()).build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet();
      host.ask("AT+CIPSTART=\"TCP\",\"" + name + "n\"," + peer.port(), "\r\nERROR\r\n");
      host.ask(
          "AT+CIPSTART=\"TCP\",\"" + name.toUpperCase() + "\"," + peer.port(),
          "CONNECT\r\n\r\nOK\r\n");
    }
  }

  @Test
  void thereAreFiveLinksAndNoMore() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      String to = "\"TCP\",\"localhost\"," + peer.port();
      List<Socket> far = new ArrayList<>();
      host.ask("AT+CIPSTART=1," + to, "1,CONNECT\r\n\r\nOK\r\n");
      for (int id : new int[] {0, 2, 3, 4}) {
        host.ask("AT+CIPSTARTEX=" + to, id + ",CONNECT\r\n\r\nOK\r\n"); // the lowest that is free
        far.add(peer.accept());
      }
      host.ask("AT+CIPSTARTEX=" + to, "\r\nERROR\r\n");
      host.ask("AT+CIPSTART=5," + to, "\r\nERROR\r\n");
      host.ask("AT+CIPSTART=2," + to, "\r\nERROR\r\n");
      host.ask("AT+CIPMUX=0", "\r\nERROR\r\n");
      host.ask(
          "AT+CIPCLOSE=5",
          "0,CLOSED\r\n1,CLOSED\r\n2,CLOSED\r\n3,CLOSED\r\n4,CLOSED\r\n\r\nOK\r\n");
      host.ask("AT+CIPCLOSE=5", "\r\nOK\r\n");
      host.ask("AT+CIPCLOSE=1", "\r\nERROR\r\n");
      host.ask("AT+CIPCLOSE", "\r\nERROR\r\n");
      for (Socket socket : far) {
        socket.close();
      }
    }
  }

  @Test
  void statusMessagesCanSayMoreAboutALink() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+SYSMSG=2", "\r\nOK\r\n").ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.send("AT+CIPSTART=2,\"TCP\",\"localhost\"," + peer.port() + "\r\n");
      try (Socket far = peer.accept()) {
        host.expect(
            "+LINK_CONN:0,2,\"TCP\",0,\"127.0.0.1\","
                + peer.port()
                + ","
                + far.getPort()
                + "\r\n\r\nOK\r\n");
      }
    }
  }

  @Test
  void aPassthroughModeBlocksOrdinarySendsAndDials() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPMODE=1", "\r\nOK\r\n").ask("AT+CIPMUX=1", "\r\nERROR\r\n");
      host.ask("AT+CIPMODE=0", "\r\nOK\r\n").ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask("AT+CIPSTART=0,\"TCP\",\"localhost\"," + peer.port(), "0,CONNECT\r\n\r\nOK\r\n");
      host.ask("AT+CIPMODE=1", "\r\nOK\r\n");
      host.ask("AT+CIPSEND=0,5", "\r\nERROR\r\n");
      host.ask("AT+CIPSTART=1,\"TCP\",\"localhost\"," + peer.port(), "\r\nERROR\r\n");
      host.ask("AT+CIPSEND", "\r\nERROR\r\n");
    }
  }

  @Test
  void theHostTableTakesLiteralsOnly() {
    SimulatedModule.Builder builder = SimulatedModule.builder();
    for (String wrong :
        new String[] {"b.test", "1.2.3", "", ":", "::g", "::ffff:1.2.3.4", "1::2::3"}) {
      assertThatThrownBy(() -> builder.host("a.test", wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a.test");
    }
  }

  @Test
  void literalsAreParsedWithoutAResolver() {
    assertThat(Resolver.literal("127.0.0.1")).containsExactly(127, 0, 0, 1);
    assertThat(Resolver.literal("256.0.0.1")).isNull();
    assertThat(Resolver.literal("1.2.3")).isNull();
    assertThat(Resolver.literal("1.2.3.4.")).isNull();
    assertThat(Resolver.literal("a.b.c.d")).isNull();
  }
}
