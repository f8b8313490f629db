package io.espat.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Messages that end too early inside a record, which Bouncy Castle tells as the end of a file. */
class MalformedMessageTest {
  private static final TestAuthority CA = TestAuthority.create("Malformed CA");
  private static final String HOST = "mail.example.test";
  private static final TestCertificate SERVER = CA.issue(HOST);

  private static TlsSocket open(Socket beneath) throws IOException {
    return TlsUpgrader.of(TlsConfig.builder().trust(CA.certificate()).systemTrust(false).build())
        .upgrade(beneath, HOST);
  }

  @Test
  void inMidSessionItIsNoEndOfTheStream() throws Exception {
    BcPeer server = new BcPeer(SERVER, TlsVersion.TLS13);
    byte[] shortTicket = {4, 0, 0, 2, 0, 0};
    try (TlsPeer peer = TlsPeer.playing(socket -> server.playWithMessage(socket, shortTicket));
        TlsSocket socket = open(peer.dial())) {
      assertThat(socket.getInputStream().read()).isEqualTo('A');
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> socket.getInputStream().read())
            .isInstanceOf(SSLException.class)
            .hasMessageContainingAll(HOST, "malformed");
      }
      assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void inTheHandshakeItIsExplained() throws Exception {
    TlsPeer.Part part =
        socket -> {
          socket.getOutputStream().write(new byte[] {22, 3, 3, 0, 6, 2, 0, 0, 2, 3, 3});
          socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        };
    try (TlsPeer peer = TlsPeer.playing(part)) {
      assertThatThrownBy(() -> open(peer.dial()))
          .isInstanceOf(TlsHandshakeException.class)
          .hasMessageContainingAll(HOST, "malformed");
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }
}
