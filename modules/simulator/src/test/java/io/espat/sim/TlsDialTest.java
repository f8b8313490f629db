package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** SSL dials that go wrong, and several at once. */
class TlsDialTest {
  private static final String OK = "\r\nOK\r\n";
  private static final TestCertificate SERVER = TestAuthority.create("Test CA").issue("localhost");

  private static String dial(int port) {
    return "AT+CIPSTART=\"SSL\",\"127.0.0.1\"," + port;
  }

  private interface Talk {
    void with(HostSide host, Peer peer) throws Exception;
  }

  private static void talk(Talk talk) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      talk.with(host.quiet().ask("AT+SYSLOG=1", OK), peer);
    }
  }

  @Test
  void failuresHaveTheNumbersOfTheLibraryBelow() throws Exception {
    talk(
        (host, peer) -> {
          host.send(dial(peer.port()) + "\r\n");
          try (Socket far = peer.accept()) {
            Peer.send(far, "220 ready\r\n");
            host.expect("+ERRNO:0x7200\r\n" + "\r\nERROR\r\n"); // no record
          }
          host.send(dial(peer.port()) + "\r\n");
          peer.accept().close();
          assertThat(host.until("ERROR\r\n")).matches("\\+ERRNO:0x(7280|50)\r\n\r\nERROR\r\n");
          int port = peer.port();
          peer.close();
          host.ask(dial(port), "+ERRNO:0x8004\r\n\r\nERROR\r\n"); // nobody there
          host.ask("AT+CIPSTATE?", OK);
        });
  }

  @Test
  void aPeerThatKnowsOnlyNewerTlsIsRefused() throws Exception {
    talk(
        (host, plain) -> {
          try (SecurePeer peer =
              new SecurePeer(SERVER)
                  .with(parameters -> parameters.setProtocols(new String[] {"TLSv1.3"}))) {
            host.send(dial(peer.port()) + "\r\n");
            assertThatThrownBy(peer::accept).isInstanceOf(IOException.class);
            host.expect("+ERRNO:0x7780\r\n\r\nERROR\r\n");
          }
        });
  }

  @Test
  void aDialIsBusyUntilItsHandshakeEnds() throws Exception {
    talk(
        (host, peer) -> {
          host.send(dial(peer.port()) + "\r\n");
          try (Socket far = peer.accept()) {
            assertThat(far.getInputStream().read()).isEqualTo(0x16); // the hello is out
            host.ask("AT", "ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n");
            host.send("AT+RST\r\n");
            host.expect("\r\nWill force to restart!!!\r\n" + OK + "WIFI DISCONNECT\r\n");
            host.until("WIFI GOT IP\r\n");
            far.getInputStream().transferTo(OutputStream.nullOutputStream()); // it is closed
            host.ask("AT+CIPSTATE?", "AT+CIPSTATE?\r\n" + OK);
          }
        });
  }

  @Test
  void fiveLinksInTlsKeepTheirBytesApart() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(SERVER)) {
      host.quiet().ask("AT+CIPMUX=1", OK);
      List<SSLSocket> all = new ArrayList<>();
      for (int id = 0; id < 5; id++) {
        host.send("AT+CIPSTART=" + id + ",\"SSL\",\"127.0.0.1\"," + peer.port() + "\r\n");
        all.add(peer.accept());
        host.expect(id + ",CONNECT\r\n" + OK);
      }
      host.send("AT+CIPSTATE?\r\n");
      assertThat(host.until(OK).split("\"SSL\"", -1)).hasSize(6);
      for (int id = 4; id >= 0; id--) {
        Peer.send(all.get(id), "to link " + id);
        host.expect("\r\n+IPD," + id + ",9:to link " + id + "\r\n");
        host.ask("AT+CIPSEND=" + id + ",9", OK + "\r\n>").send("by link " + id);
        host.expect("\r\nRecv 9 bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(all.get(id), 9)).isEqualTo("by link " + id);
      }
      host.ask(
          "AT+CIPCLOSE=5", "0,CLOSED\r\n1,CLOSED\r\n2,CLOSED\r\n3,CLOSED\r\n4,CLOSED\r\n" + OK);
      for (SSLSocket each : all) {
        assertThat(each.getInputStream().read()).isEqualTo(-1);
        each.close();
      }
    }
  }

  @Test
  void leavingTheNetworkKeepsWhatIsUnread() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(SERVER)) {
      host.quiet().ask("AT+CIPRECVMODE=1", OK).send(dial(peer.port()) + "\r\n");
      try (SSLSocket far = peer.accept()) {
        host.expect("CONNECT\r\n" + OK);
        Peer.send(far, "unread");
        host.expect("\r\n+IPD,6\r\n");
        host.ask("AT+CWQAP", "WIFI DISCONNECT\r\n" + OK);
        host.ask("AT+CIPRECVDATA=9", "+CIPRECVDATA:6,unread" + OK + "CLOSED\r\n");
      }
    }
  }

  private static Peer overIpv6() {
    try {
      return new Peer(Family.V6.loopback());
    } catch (IOException e) {
      Assumptions.abort("no IPv6 on this computer: " + e.getMessage());
      throw new AssertionError(e);
    }
  }

  @Test
  void aLinkInTlsOverIpv6() throws Exception {
    try (Peer plain = overIpv6();
        SimulatedModule module =
            SimulatedModule.builder().host("six.test", Family.V6.loopback()).build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(plain, SERVER.serverContext())) {
      host.quiet().ask("AT+CIPV6=1", OK + "WIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
      host.send("AT+CIPSTART=\"SSLv6\",\"six.test\"," + peer.port() + "\r\n");
      try (SSLSocket far = peer.accept()) {
        host.expect("CONNECT\r\n" + OK).send("AT+CIPSTATE?\r\n");
        assertThat(host.until(OK)).startsWith("+CIPSTATE:0,\"SSLv6\",\"");
        Peer.send(far, "over six");
        host.expect("\r\n+IPD,8:over six\r\n");
      }
    }
  }
}
