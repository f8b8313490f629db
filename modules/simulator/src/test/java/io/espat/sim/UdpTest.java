package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Links of datagrams. */
class UdpTest {
  private static DatagramSocket peer() throws IOException {
    DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    socket.setSoTimeout((int) HostSide.LIMIT.toMillis());
    return socket;
  }

  private static int freePort() throws IOException {
    try (DatagramSocket probe = peer()) {
      return probe.getLocalPort();
    }
  }

  private static void send(DatagramSocket from, int port, String text) throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName("127.0.0.1"), port));
  }

  private static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[9000], 9000);
    socket.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
  }

  private static void say(HostSide host, String text, int size) throws IOException {
    host.ask("AT+CIPSEND=1," + text.length(), "\r\nOK\r\n\r\n>").send(text, size);
    host.expect("\r\nRecv " + text.length() + " bytes\r\n\r\nSEND OK\r\n");
  }

  static IntStream sizes() {
    return IntStream.rangeClosed(1, 140);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void oneSendIsOneDatagramAndOneDatagramOneFrame(int size) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        DatagramSocket peer = peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.send("AT+CIPSTART=1,\"UDP\",\"localhost\"," + peer.getLocalPort() + "\r\n", size);
      host.expect("1,CONNECT\r\n\r\nOK\r\n");
      String text = "datagram ".repeat(30);
      say(host, text, size);
      DatagramPacket got = receive(peer);
      assertThat(text(got)).isEqualTo(text);
      send(peer, got.getPort(), "one");
      send(peer, got.getPort(), "two");
      host.expect("\r\n+IPD,1,3:one\r\n\r\n+IPD,1,3:two\r\n");
      host.ask(
          "AT+CIPSTATE?",
          "+CIPSTATE:1,\"UDP\",\"127.0.0.1\","
              + peer.getLocalPort()
              + ","
              + got.getPort()
              + ",0\r\n\r\nOK\r\n");
      send(peer, got.getPort(), ""); // as recorded
      host.expect("1,CLOSED\r\n");
      host.ask("AT+CIPCLOSE=1", "\r\nERROR\r\n");
    }
  }

  @Test
  void theModeSaysWhoIsAnswered() throws Exception {
    for (int mode = 0; mode <= 2; mode++) {
      try (SimulatedModule module = SimulatedModule.builder().build();
          HostSide host = HostSide.of(module);
          DatagramSocket first = peer();
          DatagramSocket second = peer()) {
        host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
        int port = freePort();
        host.ask(
            "AT+CIPSTART=1,\"UDP\",\"127.0.0.1\"," + first.getLocalPort() + "," + port + "," + mode,
            "1,CONNECT\r\n\r\nOK\r\n");
        send(second, port, "here");
        host.expect("\r\n+IPD,1,4:here\r\n");
        say(host, "a", 1);
        assertThat(text(receive(mode == 0 ? first : second))).isEqualTo("a");
        send(first, port, "there");
        host.expect("\r\n+IPD,1,5:there\r\n");
        say(host, "b", 1);
        assertThat(text(receive(mode == 1 ? second : first))).isEqualTo("b");
        host.ask("AT+CIPCLOSE=1", "1,CLOSED\r\n\r\nOK\r\n");
      }
    }
  }

  @Test
  void aSendMayNameItsHost() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        DatagramSocket usual = peer();
        DatagramSocket other = peer()) {
      host.quiet();
      host.ask(
          "AT+CIPSTART=\"UDP\",\"127.0.0.1\"," + usual.getLocalPort(), "CONNECT\r\n\r\nOK\r\n");
      String there = ",\"localhost\"," + other.getLocalPort();
      host.ask("AT+CIPSEND=5" + there, "\r\nOK\r\n\r\n>").send("other");
      host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
      host.ask("AT+CIPSEND=5", "\r\nOK\r\n\r\n>").send("usual");
      host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
      assertThat(text(receive(other))).isEqualTo("other");
      assertThat(text(receive(usual))).isEqualTo("usual");
      host.ask("AT+CIPSEND=5,\"192.0.2.1\",53", "\r\nERROR\r\n");
      host.ask("AT+CIPMUX=1", "\r\nERROR\r\n");
    }
  }

  @Test
  void datagramsAreLostWhileTheNetworkIsDead() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        DatagramSocket peer = peer()) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask(
          "AT+CIPSTART=1,\"UDP\",\"localhost\"," + peer.getLocalPort(), "1,CONNECT\r\n\r\nOK\r\n");
      say(host, "before", 9);
      int port = receive(peer).getPort();
      module.network(false);
      say(host, "lost", 9);
      send(peer, port, "lost too");
      host.ask("AT", "\r\nOK\r\n");
      module.network(true);
      say(host, "after", 9);
      assertThat(text(receive(peer))).isEqualTo("after");
      send(peer, port, "back");
      assertThat(host.until("back\r\n")).endsWith("\r\n+IPD,1,4:back\r\n");
    }
  }

  @Test
  void aDatagramThatIsCancelledTakesItsAddressAlong() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        DatagramSocket usual = peer();
        DatagramSocket other = peer()) {
      String dial = "AT+CIPSTART=\"UDP\",\"localhost\"," + usual.getLocalPort();
      host.quiet().ask(dial, "CONNECT\r\n\r\nOK\r\n");
      String prompt = "\r\nOK\r\n\r\n>";
      host.ask("AT+CIPSEND=5,\"localhost\"," + other.getLocalPort(), prompt).send("+++");
      host.expect("\r\nSEND Canceled\r\n").ask("AT+CIPSEND=5", prompt).send("usual");
      host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
      assertThat(text(receive(usual))).isEqualTo("usual");
    }
  }
}
