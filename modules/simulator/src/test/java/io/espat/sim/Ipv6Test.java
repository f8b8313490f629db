package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code AT+CIPV6=1}: names, links and addresses of the other family. */
class Ipv6Test {
  private static final InetAddress HERE = Family.V6.loopback();

  /** A server on ::1; where this computer has no IPv6 the test says so and is skipped. */
  private static ServerSocket listen() {
    try {
      ServerSocket server = new ServerSocket();
      server.setSoTimeout((int) HostSide.LIMIT.toMillis());
      server.bind(new InetSocketAddress(HERE, 0));
      return server;
    } catch (IOException e) {
      Assumptions.abort("no IPv6 on this computer: " + e.getMessage());
      throw new AssertionError(e);
    }
  }

  private static void six(HostSide host) throws IOException {
    host.quiet().ask("AT+CIPV6=1", "\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    host.ask("AT+CIPMUX=1", "\r\nOK\r\n");
  }

  static IntStream sizes() {
    return IntStream.rangeClosed(1, 140);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void aLinkOverIpv6(int size) throws Exception {
    try (ServerSocket server = listen();
        SimulatedModule module =
            SimulatedModule.builder().host("six.test", HERE).host("six.test", "127.0.0.1").build();
        HostSide host = HostSide.of(module)) {
      six(host);
      host.send("AT+CIPSTART=0,\"TCPv6\",\"six.test\"," + server.getLocalPort() + "\r\n", size);
      host.expect("0,CONNECT\r\n\r\nOK\r\n");
      try (Socket far = server.accept()) {
        assertThat(far.getInetAddress()).isInstanceOf(Inet6Address.class);
        host.ask("AT+CIPSEND=0,4", "\r\nOK\r\n\r\n>").send("ping", size);
        host.expect("\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(far, 4)).isEqualTo("ping");
        host.ask("AT+CIPDINFO=1", "\r\nOK\r\n");
        Peer.send(far, "pong");
        host.expect("\r\n+IPD,0,4,\"::1\"," + server.getLocalPort() + ":pong\r\n");
        host.send("AT+CIPSTATE?\r\n");
        host.expect("+CIPSTATE:0,\"TCPv6\",\"::1\"," + server.getLocalPort() + ",");
        host.until("\r\n\r\nOK\r\n");
      }
      host.expect("0,CLOSED\r\n");
    }
  }

  @Test
  void typeAndLiteralMustBeOfOneFamily() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().host("four.test", "127.0.0.1").build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPV6?", "+CIPV6:0\r\n\r\nOK\r\n");
      host.ask("AT+CIPSTART=\"TCPv6\",\"::1\",80", "\r\nERROR\r\n");
      host.ask("AT+CIPDOMAIN=\"localhost\",3", "\r\nERROR\r\n");
      host.ask("AT+CIPV6=1", "\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
      host.ask("AT+CIPV6?", "+CIPV6:1\r\n\r\nOK\r\n").ask("AT+CIPV6=2", "\r\nERROR\r\n");
      host.ask("AT+CIPSTART=\"TCPv6\",\"127.0.0.1\",80", "\r\nERROR\r\n");
      host.ask("AT+CIPSTART=\"TCP\",\"::1\",80", "\r\nERROR\r\n");
      host.ask("AT+CIPSTART=\"TCPv6\",\"four.test\",80", "\r\nERROR\r\n");
      host.ask("AT+CIPSTART=\"TCPv6\",\"2001:db8::1\",80", "\r\nERROR\r\n"); // not loopback
    }
  }

  @Test
  void namesHaveAddressesOfBothFamilies() throws Exception {
    try (SimulatedModule module =
            SimulatedModule.builder()
                .host("both.test", "2001:db8::1")
                .host("both.test", "192.0.2.7")
                .host("six.test", "2001:db8:0:1::2")
                .build();
        HostSide host = HostSide.of(module)) {
      six(host);
      host.ask("AT+CIPDOMAIN=\"both.test\"", "+CIPDOMAIN:\"192.0.2.7\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPDOMAIN=\"both.test\",2", "+CIPDOMAIN:\"192.0.2.7\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPDOMAIN=\"both.test\",3", "+CIPDOMAIN:\"2001:DB8::1\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPDOMAIN=\"six.test\",1", "+CIPDOMAIN:\"2001:DB8:0:1::2\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPDOMAIN=\"six.test\",2", "\r\nERROR\r\n");
      host.ask("AT+CIPDOMAIN=\"localhost\",3", "+CIPDOMAIN:\"::1\"\r\n\r\nOK\r\n");
    }
  }

  @Test
  void theStationListsItsAddresses() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      six(host);
      host.send("AT+CIPSTA?\r\n");
      assertThat(host.until("OK\r\n"))
          .contains("\"255.255.255.0\"\r\n+CIPSTA:ip6ll:\"FE80::1201:FF:FEC4:A24\"\r\n")
          .contains("+CIPSTA:ip6gl:\"2001:DB8::1201:FF:FEC4:A24\"\r\n\r\nOK\r\n");
      host.send("AT+CIFSR\r\n");
      assertThat(host.until("OK\r\n")).contains("STAIP6LL,\"FE80:").contains("STAIP6GL,\"2001:");
      host.send("AT+RST\r\n");
      host.until("WIFI GOT IP\r\n");
      host.expect("WIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n"); // it was stored
    }
  }

  @Test
  void aServerCanListenOverIpv6() throws Exception {
    listen().close();
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      six(host);
      host.ask("AT+CIPSERVER=1,8080,\"TCPv6\"", "\r\nOK\r\n");
      try (Socket peer = new Socket(HERE, module.listeningPort())) {
        host.expect("0,CONNECT\r\n");
        Peer.send(peer, "six");
        host.expect("\r\n+IPD,0,3:six\r\n");
      }
      host.expect("0,CLOSED\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0:0:0:0:0:0:0:0, ::",
    "0:0:0:0:0:0:0:1, ::1",
    "1:0:0:0:0:0:0:0, 1::",
    "2001:db8:0:0:1:0:0:1, 2001:DB8::1:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
    "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
    "1:0:3:4:5:6:7:8, 1:0:3:4:5:6:7:8",
  })
  void addressesAreShortened(String literal, String text) {
    InetAddress address = Family.literal(literal);
    assertThat(address).isNotNull();
    assertThat(Family.text(address)).isEqualTo(text);
    assertThat(Family.literal(text)).isEqualTo(address);
  }
}
