package io.espat.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the module proves itself on SSL links: by certificate or by a shared key. */
class TlsIdentityTest {
  private static final String OK = "\r\nOK\r\n";
  private static final TestAuthority AUTHORITY = TestAuthority.create("Test CA");
  private static final TestCertificate SERVER = AUTHORITY.issue("localhost");
  private static final TestCertificate CLIENT =
      AUTHORITY.certificate("module.example").forClients().build();

  private static String dial(int port) {
    return "AT+CIPSTART=\"SSL\",\"127.0.0.1\"," + port + "\r\n";
  }

  private static void presented(TestCertificate client, String keyPem) throws Exception {
    try (SimulatedModule module =
            SimulatedModule.builder()
                .certificate("client_cert", "client_cert.1", client.chainPem())
                .certificate("client_key", "client_key.1", keyPem)
                .build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = SecurePeer.checking(SERVER, AUTHORITY)) {
      host.quiet().ask("AT+CIPSSLCCONF=1,1,0", OK).send(dial(peer.port()));
      try (SSLSocket far = peer.accept()) {
        host.expect("CONNECT\r\n" + OK);
        assertThat(far.getSession().getPeerCertificates()[0]).isEqualTo(client.certificate());
      }
      host.expect("CLOSED\r\n");
    }
  }

  @Test
  void theChosenCertificateIsPresented() throws Exception {
    presented(CLIENT, CLIENT.keyPem());
    TestCertificate below =
        AUTHORITY.intermediate("Between CA").certificate("module").forClients().build();
    presented(below, below.keyPem());
    TestCertificate rsa = AUTHORITY.certificate("module").forClients().rsa(2048).build();
    presented(rsa, rsa.keyPem());
  }

  /** PKCS#1 and SEC 1, as OpenSSL's older commands write keys. */
  @Test
  void keysMayBeOfTheOlderForms() throws Exception {
    presented(CLIENT, traditional(CLIENT));
    TestCertificate rsa = AUTHORITY.certificate("module").forClients().rsa(2048).build();
    presented(rsa, traditional(rsa));
  }

  private static String traditional(TestCertificate certificate) throws IOException {
    if (certificate.key() instanceof java.security.interfaces.ECPrivateKey key) {
      ECPrivateKey sec1 = new ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1);
      return TestAuthority.pem("EC PRIVATE KEY", sec1.getEncoded());
    }
    PrivateKeyInfo pkcs8 = PrivateKeyInfo.getInstance(certificate.key().getEncoded());
    byte[] pkcs1 = pkcs8.parsePrivateKey().toASN1Primitive().getEncoded();
    return TestAuthority.pem("RSA PRIVATE KEY", pkcs1);
  }

  @Test
  void withoutOneThePeerRefuses() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        SecurePeer peer = SecurePeer.checking(SERVER, AUTHORITY)) {
      host.quiet().ask("AT+SYSLOG=1", OK).send(dial(peer.port()));
      assertThatThrownBy(peer::accept).isInstanceOf(SSLHandshakeException.class);
      host.expect("+ERRNO:0x7780\r\n\r\nERROR\r\n"); // an alert came
      host.ask("AT+CIPSSLCCONF=1,0,0", OK); // the example's, which this peer does not trust
      host.send(dial(peer.port()));
      assertThatThrownBy(peer::accept).isInstanceOf(SSLHandshakeException.class);
      host.expect("+ERRNO:0x7780\r\n\r\nERROR\r\n");
    }
  }

  @Test
  void aKeyThatCannotBeReadDialsNobody() throws Exception {
    try (SimulatedModule module =
            SimulatedModule.builder()
                .certificate("client_key", "client_key.0", "-----BEGIN PRIVATE KEY-----\nx\n")
                .certificate("client_ca", "client_ca.0", "no PEM at all")
                .build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPSSLCCONF=1,0,0", OK);
      host.ask(dial(9).strip(), "\r\nERROR\r\n");
      host.ask("AT+CIPSSLCCONF=2,0,0", OK);
      host.ask(dial(9).strip(), "\r\nERROR\r\n");
      host.ask("AT", OK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AT+CIPSSLCPSK=\"secret key\",\"me\"",
        "AT+CIPSSLCPSKHEX=\"736563726574206B6579\",\"me\""
      })
  void aSharedKeyIsEnough(String command) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask(command, OK).send(dial(peer.port()));
      try (Socket socket = peer.accept()) {
        TlsServerProtocol far =
            new SharedKeyPeer("me".getBytes(US_ASCII), "secret key".getBytes(US_ASCII))
                .over(socket);
        host.expect("CONNECT\r\n" + OK);
        host.ask("AT+CIPSEND=5", OK + "\r\n>").send("hello");
        host.expect("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
        assertThat(new String(far.getInputStream().readNBytes(5), US_ASCII)).isEqualTo("hello");
        far.getOutputStream().write("answer".getBytes(US_ASCII));
        host.expect("\r\n+IPD,6:answer\r\n");
        far.close();
        host.expect("CLOSED\r\n");
      }
    }
  }

  @Test
  void aWrongSharedKeyIsRefused() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module);
        Peer peer = new Peer()) {
      host.quiet().ask("AT+CIPSSLCPSK=\"other key\",\"me\"", OK).send(dial(peer.port()));
      try (Socket socket = peer.accept()) {
        SharedKeyPeer far =
            new SharedKeyPeer("me".getBytes(US_ASCII), "secret key".getBytes(US_ASCII));
        assertThatThrownBy(() -> far.over(socket)).isInstanceOf(TlsFatalAlert.class);
      }
      host.expect("\r\nERROR\r\n");
    }
  }
}
