package io.espat.at;

import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.Firmware;
import io.espat.sim.ScriptedModule;
import io.espat.sim.SimulatedModule;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked of the module before a link is there. */
class ConnectTest {

  @Test
  void anIpv6LiteralIsNotAskedAboutAndConnectsByItsOwnType() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPV6?\r\n")
            .reply("+CIPV6:0\r\n" + OK)
            .expect("AT+SYSSTORE?\r\n")
            .reply("+SYSSTORE:1\r\n" + OK)
            .expect("AT+SYSSTORE=0\r\n")
            .reply(OK)
            .expect("AT+CIPV6=1\r\n")
            .reply(OK)
            .expect("AT+SYSSTORE=1\r\n")
            .reply(OK + "WIFI GOT IPv6 LL\r\n")
            .expect("AT+CIFSR\r\n")
            .reply("+CIFSR:STAIP6LL,\"FE80::1\"\r\n" + OK + "WIFI GOT IPv6 GL\r\n")
            .expect("AT+CIFSR\r\n")
            .reply("+CIFSR:STAIP6GL,\"2001:DB8::1\"\r\n" + OK)
            .expect("AT+CIPSTART=0,\"TCPv6\",\"2001:db8:0:0:0:0:0:1\",25\r\n")
            .reply("0,CONNECT\r\n" + OK)
            .expect("AT+CIPSTART=1,\"TCPv6\",\"fe80:0:0:0:0:0:0:2\",25\r\n") // once a session
            .reply("1,CONNECT\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        Socket socket = module.sockets().createSocket("2001:db8::1", 25)) {
      assertThat(socket.getInetAddress().getHostName()).isEqualTo("2001:db8::1");
      byte[] local = AddressLiteral.parse("x", "fe80::2").orElseThrow().getAddress();
      module.sockets().createSocket(Inet6Address.getByAddress("x", local, 3), 25);
      script.awaitSuccess();
    }
  }

  @Test
  void firmwareWithoutIpv6SaysSo() throws Exception {
    ScriptedModule script = Scripts.broughtUp().expect("AT+CIPV6?\r\n").reply(ERROR);
    try (EspAtModule module = Scripts.open(script)) {
      for (int i = 0; i < 6; i++) { // no link is used up
        assertThatThrownBy(() -> module.sockets().createSocket("2001:db8::1", 25))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("no IPv6");
      }
      script.awaitSuccess();
    }
  }

  @Test
  void ipv6IsPreferredWhereThatIsWantedAndIpv4StillFound() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPV6?\r\n")
            .reply("+CIPV6:1\r\n" + OK)
            .expect("AT+CIPDOMAIN=\"six.test\",3\r\n")
            .reply("+CIPDOMAIN:\"2001:DB8::7\"\r\n" + OK)
            .expect("AT+CIPDOMAIN=\"four.test\",3\r\n")
            .reply(ERROR)
            .expect("AT+CIPDOMAIN=\"four.test\"\r\n")
            .reply("+CIPDOMAIN:\"192.0.2.7\"\r\n" + OK);
    ModuleConfig six = Scripts.QUICK.toBuilder().family(StandardProtocolFamily.INET6).build();
    try (EspAtModule module =
        EspAtModule.open(ByteStream.of(script.input(), script.output()), six)) {
      assertThat(module.resolve("six.test").getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:7");
      assertThat(module.resolve("four.test").getHostAddress()).isEqualTo("192.0.2.7");
      script.awaitSuccess();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Firmware.class,
      names = {"ESP32C5_AT_5", "ESP32_AT_4", "ESP32C3_AT_2_4"})
  void aSimulatedModuleConnectsOverIpv6(Firmware firmware) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("::1"));
        SimulatedModule simulated =
            SimulatedModule.builder()
                .firmware(firmware)
                .host("six.test", InetAddress.getByName("::1"))
                .build();
        EspAtModule module =
            EspAtModule.open(
                ByteStream.of(simulated.input(), simulated.output()),
                ModuleConfig.builder().family(StandardProtocolFamily.INET6).build());
        Socket socket = module.sockets().createSocket("six.test", server.getLocalPort());
        Socket peer = server.accept()) {
      peer.getOutputStream().write('6');
      assertThat(socket.getInputStream().read()).isEqualTo('6');
      assertThat(module.command(AtCommand.of("AT+SYSSTORE?")).value("+SYSSTORE:")).contains("1");
    }
  }

  @Test
  void aSimulatedModuleConnectsByANameOfOverSixtyFourBytes() throws Exception {
    String name = "a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60) + ".test";
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = SimulatedModule.builder().host(name, "127.0.0.1").build();
        EspAtModule module =
            EspAtModule.open(
                ByteStream.of(simulated.input(), simulated.output()), ModuleConfig.defaults());
        Socket socket = module.sockets().createSocket(name, peers.port())) {
      socket.getOutputStream().write('x');
      assertThat(socket.getInputStream().read()).isEqualTo('x');
    }
  }

  @Test
  void aNameTooLongForConnectingIsResolvedFirst() throws Exception {
    String name = "a".repeat(60) + "." + "b".repeat(60) + ".test";
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPDOMAIN=\"" + name + "\"\r\n")
            .reply("+CIPDOMAIN:\"192.0.2.7\"\r\n" + OK)
            .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.7\",25\r\n")
            .reply("0,CONNECT\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        Socket socket = module.sockets().createSocket(name, 25)) {
      assertThat(socket.getInetAddress().getHostName()).isEqualTo(name);
      script.awaitSuccess();
    }
  }

  @Test
  void aNameThatCouldEndTheLineIsNotSent() throws Exception {
    ScriptedModule script = Scripts.broughtUp();
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> module.sockets().createSocket("a.test\r\nAT+RST", 25))
          .isInstanceOf(UnknownHostException.class);
      assertThatThrownBy(() -> module.resolve("a".repeat(300)))
          .isInstanceOf(UnknownHostException.class);
      script.awaitSuccess();
    }
  }

  @Test
  void keepAliveIsAskedForWhenTheLinkIsMade() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25,60\r\n")
            .reply("0,CONNECT\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        Socket socket = module.sockets().createSocket()) {
      socket.setKeepAlive(true);
      socket.connect(InetSocketAddress.createUnresolved("192.0.2.1", 25));
      script.awaitSuccess();
    }
  }

  @Test
  void aSlowLineHasTimeForTheListOfCommands() throws Exception {
    ScriptedModule script =
        new ScriptedModule()
            .expect("+++")
            .expect("AT\r\n")
            .reply(OK)
            .expect("ATE0\r\n")
            .reply(OK)
            .expect("AT+GMR\r\n")
            .reply(OK)
            .expect("AT+CMD?\r\n")
            .expectSilence(Duration.ofMillis(1200)) // twice the command time-out
            .reply("+CMD:0,\"AT\",0,0,0,1\r\n" + OK)
            .expect("AT+CIPMODE=0\r\n")
            .cut();
    ModuleConfig slow = Scripts.QUICK.toBuilder().baud(9600).build();
    try (script) {
      assertThatThrownBy(
              () -> EspAtModule.open(ByteStream.of(script.input(), script.output()), slow))
          .isInstanceOf(ModuleLostException.class);
      script.awaitSuccess();
    }
  }
}
