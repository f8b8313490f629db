package io.espat.at;

import static io.espat.at.Scripts.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is asked of the module before a link is there. */
class ConnectTest {

  @Test
  void anIpv6LiteralIsNotAskedAboutAndConnectsByItsOwnType() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+CIPSTART=0,\"TCPv6\",\"2001:db8:0:0:0:0:0:1\",25\r\n")
            .reply("0,CONNECT\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        Socket socket = module.sockets().createSocket("2001:db8::1", 25)) {
      assertThat(socket.getInetAddress().getHostName()).isEqualTo("2001:db8::1");
      script.awaitSuccess();
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
