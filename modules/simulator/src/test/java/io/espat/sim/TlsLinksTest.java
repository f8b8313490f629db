package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** SSL links of the module against the JDK's TLS. */
class TlsLinksTest {
  private static final TestAuthority AUTHORITY = TestAuthority.create("Test CA");
  private static final TestCertificate SERVER =
      AUTHORITY.issue("server.example", "*.wild.example", "127.0.0.1");
  private static final long NOW = System.currentTimeMillis() / 1000;

  private static String dial(String host, int port) {
    return "AT+CIPSTART=\"SSL\",\"" + host + "\"," + port;
  }

  private static SimulatedModule module() {
    return SimulatedModule.builder()
        .host("server.example", "127.0.0.1")
        .host("other.example", "127.0.0.1")
        .host("a.wild.example", "127.0.0.1")
        .certificate("client_ca", "client_ca.0", AUTHORITY.pem())
        .build();
  }

  @Test
  void aLinkInTlsSendsAndReceives() throws Exception {
    try (SimulatedModule module = module();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(SERVER)) {
      host.quiet().send(dial("localhost", peer.port()) + "\r\n");
      try (SSLSocket far = peer.accept()) {
        host.expect("CONNECT\r\n\r\nOK\r\n");
        assertThat(far.getSession().getProtocol()).isEqualTo("TLSv1.2");
        host.ask("AT+CIPSEND=5", "\r\nOK\r\n\r\n>").send("hello");
        host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(far, 5)).isEqualTo("hello");
        Peer.send(far, "from tls");
        host.expect("\r\n+IPD,8:from tls\r\n");
        host.ask("AT+CIPCLOSE", "CLOSED\r\n\r\nOK\r\n");
        assertThat(far.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  private interface Talk {
    void with(HostSide host, SecurePeer peer) throws Exception;
  }

  private static void verified(TestCertificate certificate, Talk talk) throws Exception {
    try (SimulatedModule module = module();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(certificate)) {
      host.quiet().ask("AT+SYSLOG=1", "\r\nOK\r\n").ask("AT+CIPSSLCCONF=2,0,0", "\r\nOK\r\n");
      host.ask("AT+SYSTIMESTAMP=" + NOW, "\r\nOK\r\n");
      talk.with(host, peer);
    }
  }

  private static void accepted(HostSide host, SecurePeer peer, String name) throws Exception {
    host.send(dial(name, peer.port()) + "\r\n");
    peer.accept().close();
    assertThat(host.until("OK\r\n")).startsWith("CONNECT\r\n");
    host.expect("CLOSED\r\n");
  }

  private static void refused(HostSide host, SecurePeer peer, String name, int flags, String alert)
      throws IOException {
    host.send(dial(name, peer.port()) + "\r\n");
    assertThatThrownBy(peer::accept)
        .isInstanceOf(SSLHandshakeException.class)
        .hasMessageContaining(alert);
    host.expect("+ERRNO:0x" + Integer.toHexString(flags) + "\r\n\r\nERROR\r\n");
  }

  @Test
  void theNameIsTheSetOneOrTheHosts() throws Exception {
    verified(
        SERVER,
        (host, peer) -> {
          accepted(host, peer, "server.example");
          accepted(host, peer, "a.wild.example");
          accepted(host, peer, "127.0.0.1"); // a literal is no name: nothing is compared
          refused(host, peer, "other.example", 0x4, "bad_certificate");
          host.ask("AT+CIPSSLCSNI=\"server.example\"", "\r\nOK\r\n");
          accepted(host, peer, "other.example");
          host.ask("AT+CIPSSLCCN=\"third.example\"", "\r\nOK\r\n");
          refused(host, peer, "server.example", 0x4, "bad_certificate");
        });
  }

  @Test
  void everyFaultOfACertificateIsAFlag() throws Exception {
    String name = "server.example";
    verified(
        TestAuthority.create("Other CA").issue(name),
        (host, peer) -> refused(host, peer, name, 0x8, "unknown_ca"));
    verified(
        AUTHORITY.certificate(name).expired().build(),
        (host, peer) -> refused(host, peer, name, 0x1, "certificate_expired"));
    verified(
        AUTHORITY.certificate(name).notYetValid().build(),
        (host, peer) -> refused(host, peer, name, 0x200, "certificate_unknown"));
    verified(
        AUTHORITY.certificate(name).forClients().build(),
        (host, peer) -> refused(host, peer, name, 0x1000, "unsupported_certificate"));
    verified(
        SERVER,
        (host, peer) -> {
          host.ask("AT+SYSTIMESTAMP=0", "\r\nOK\r\n");
          refused(host, peer, name, 0x200, "certificate_unknown");
        });
  }

  @Test
  void intermediatesAndCommonNamesCount() throws Exception {
    verified(
        AUTHORITY.intermediate("Between CA").issue("server.example"),
        (host, peer) -> accepted(host, peer, "server.example"));
    verified(
        AUTHORITY.certificate("server.example").commonNameOnly().rsa(2048).build(),
        (host, peer) -> {
          accepted(host, peer, "server.example");
          refused(host, peer, "other.example", 0x4, "bad_certificate");
        });
  }

  @Test
  void olderBuildsCompareOnlyASetName() throws Exception {
    try (SimulatedModule module =
            SimulatedModule.builder()
                .firmware(Firmware.ESP32_AT_3)
                .host("other.example", "127.0.0.1")
                .certificate("client_ca", "client_ca.0", AUTHORITY.pem())
                .build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(SERVER)) {
      host.until("GOT IP\r\n");
      host.ask("ATE0", "ATE0\r\n\r\nOK\r\n").ask("AT+CIPSSLCCONF=2,0,0", "\r\nOK\r\n");
      host.ask("AT+SYSTIMESTAMP=" + NOW, "\r\nOK\r\n");
      accepted(host, peer, "other.example");
      host.ask("AT+CIPSSLCCN=\"other.example\"", "\r\nOK\r\n");
      host.send(dial("other.example", peer.port()) + "\r\n");
      assertThatThrownBy(peer::accept).hasMessageContaining("bad_certificate");
      host.expect("\r\nERROR\r\n");
    }
  }

  @Test
  void nameProtocolsAndSuitesReachThePeer() throws Exception {
    try (SimulatedModule module = module();
        HostSide host = HostSide.of(module);
        SecurePeer peer = new SecurePeer(SERVER)) {
      host.quiet().ask("AT+CIPSSLCSNI=\"server.example\"", "\r\nOK\r\n");
      host.ask("AT+CIPSSLCALPN=2,\"ftp\",\"imap\"", "\r\nOK\r\n");
      host.ask("AT+CIPSSLCCIPHER=1,0xC02B", "\r\nOK\r\n");
      host.send(dial("localhost", peer.port()) + "\r\n");
      peer.with(parameters -> parameters.setApplicationProtocols(new String[] {"imap", "x"}));
      try (SSLSocket far = peer.accept()) {
        host.expect("CONNECT\r\n\r\nOK\r\n");
        assertThat(far.getApplicationProtocol()).isEqualTo("imap");
        ExtendedSSLSession session = (ExtendedSSLSession) far.getSession();
        assertThat(session.getRequestedServerNames())
            .isEqualTo(List.of(new SNIHostName("server.example")));
        assertThat(session.getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
      }
    }
  }
}
