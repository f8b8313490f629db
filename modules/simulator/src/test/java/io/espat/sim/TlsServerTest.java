package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code AT+CIPSERVER} of type SSL against the JDK's TLS client. */
class TlsServerTest {
  private static final TestAuthority AUTHORITY = TestAuthority.create("Test CA");
  private static final TestCertificate SERVER = AUTHORITY.issue("localhost", "127.0.0.1");

  private static SimulatedModule module(TestCertificate own) {
    return SimulatedModule.builder()
        .certificate("server_ca", "server_ca.0", AUTHORITY.pem())
        .certificate("server_cert", "server_cert.0", own.chainPem())
        .certificate("server_key", "server_key.0", own.keyPem())
        .build();
  }

  private static SSLSocket dial(SimulatedModule module, @Nullable TestCertificate own)
      throws Exception {
    SSLContext context = SecurePeer.context(own, AUTHORITY);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getByName("127.0.0.1"), module.listeningPort());
    socket.setSoTimeout((int) HostSide.LIMIT.toMillis());
    return socket;
  }

  private static HostSide serving(SimulatedModule module, String command) throws IOException {
    HostSide host = HostSide.of(module);
    host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n").ask(command, "\r\nOK\r\n");
    return host;
  }

  @Test
  void aClientInTlsIsLetInAndServed() throws Exception {
    for (TestCertificate own :
        new TestCertificate[] {SERVER, AUTHORITY.certificate("localhost").rsa(2048).build()}) {
      try (SimulatedModule module = module(own);
          HostSide host = serving(module, "AT+CIPSERVER=1,4433,\"SSL\"");
          SSLSocket far = dial(module, null)) {
        host.ask("AT+CIPSERVER?", "+CIPSERVER:1,4433,\"SSL\",0\r\n\r\nOK\r\n");
        far.startHandshake();
        assertThat(far.getSession().getPeerCertificates()[0]).isEqualTo(own.certificate());
        host.expect("0,CONNECT\r\n");
        Peer.send(far, "hello");
        host.expect("\r\n+IPD,0,5:hello\r\n");
        host.ask("AT+CIPSEND=0,6", "\r\nOK\r\n\r\n>").send("answer");
        host.expect("\r\nRecv 6 bytes\r\n\r\nSEND OK\r\n");
        assertThat(Peer.receive(far, 6)).isEqualTo("answer");
        far.shutdownOutput(); // close_notify
        host.expect("0,CLOSED\r\n");
      }
    }
  }

  @Test
  void clientsAreCheckedWhereThatIsAsked() throws Exception {
    TestCertificate client = AUTHORITY.certificate("client").forClients().build();
    TestCertificate foreign =
        TestAuthority.create("Other CA").certificate("client").forClients().build();
    try (SimulatedModule module = module(SERVER);
        HostSide host = serving(module, "AT+SYSTIMESTAMP=" + System.currentTimeMillis() / 1000)) {
      host.ask("AT+CIPSERVER=1,4433,\"SSL\",1", "\r\nOK\r\n");
      try (SSLSocket nobody = dial(module, null);
          SSLSocket stranger = dial(module, foreign)) {
        assertThatThrownBy(() -> talk(nobody)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> talk(stranger)).isInstanceOf(IOException.class);
      }
      try (SSLSocket known = dial(module, client)) {
        known.startHandshake();
        host.expect("0,CONNECT\r\n");
      }
    }
  }

  private static void talk(SSLSocket socket) throws IOException {
    socket.startHandshake();
    if (socket.getInputStream().read() < 0) {
      throw new SSLException("closed");
    }
  }

  @Test
  void whoSpeaksNoTlsIsLetGoWithoutAWord() throws Exception {
    try (SimulatedModule module = module(SERVER);
        HostSide host = serving(module, "AT+CIPSERVER=1,4433,\"SSL\"");
        Socket far = new Socket("127.0.0.1", module.listeningPort())) {
      far.setSoTimeout((int) HostSide.LIMIT.toMillis());
      Peer.send(far, "EHLO there\r\n");
      assertThat(far.getInputStream().read()).isEqualTo(-1);
      host.ask("AT+CIPSTATE?", "\r\nOK\r\n");
    }
  }

  @Test
  void withoutACertificateThereIsNoServer() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPMUX=1", "\r\nOK\r\n");
      host.ask("AT+SYSMFG=0,\"server_key\"", "\r\nOK\r\n");
      host.ask("AT+CIPSERVER=1,4433,\"SSL\"", "\r\nERROR\r\n");
      host.ask("AT+CIPSERVER=1,4433,\"TCP\"", "\r\nOK\r\n");
    }
  }
}
