package io.espat.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResumptionTest {
  private static final TestAuthority CA = TestAuthority.create("Resumption CA");
  private static final TestCertificate SERVER = CA.issue("files.example.test");
  private static final String HOST = "files.example.test";

  private static TlsUpgrader upgrader(TlsVersion oldest, TlsVersion newest) throws IOException {
    return TlsUpgrader.of(
        TlsConfig.builder()
            .trust(CA.certificate())
            .systemTrust(false)
            .versions(oldest, newest)
            .build());
  }

  private static void exchange(TlsSocket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    byte[] answer = socket.getInputStream().readNBytes(text.length());
    assertThat(answer).asString(US_ASCII).isEqualTo(text);
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void manyDataConnectionsResumeOneControlSession(TlsVersion version) throws Exception {
    TlsUpgrader upgrader = upgrader(TlsVersion.TLS12, TlsVersion.TLS13);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo);
        TlsSocket control = upgrader.upgrade(peer.dial(), HOST)) {
      exchange(control, "USER");
      assertThat(control.canResume()).isTrue();
      assertThat(control.resumed()).isFalse();

      for (int i = 0; i < 12; i++) {
        try (TlsSocket data = upgrader.upgrade(peer.dial(), HOST, control)) {
          exchange(data, "file " + i);
          assertThat(data.resumed()).as("data connection %d", i).isTrue();
          assertThat(data.version()).isEqualTo(version);
          assertThat(data.getSession().getPeerCertificates())
              .isEqualTo(control.getSession().getPeerCertificates());
        }
        assertThat(peer.outcome()).isEqualTo("ok");
      }
      exchange(control, "QUIT");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aResumedHandshakeIsTwoWrites(TlsVersion version) throws Exception {
    TlsUpgrader upgrader = upgrader(version, version);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo);
        TlsSocket control = upgrader.upgrade(peer.dial(), HOST)) {
      exchange(control, "USER");
      CountingSocket counted = new CountingSocket(peer.dial());
      try (TlsSocket data = upgrader.upgrade(counted, HOST, control)) {
        assertThat(data.resumed()).isTrue();
        assertThat(counted.writes()).hasSize(2);
      }
    }
  }

  @Test
  void ticketsOfTls13ArriveWithTheFirstData() throws Exception {
    TlsUpgrader upgrader = upgrader(TlsVersion.TLS13, TlsVersion.TLS13);
    TlsPeer.SecurePart quiet =
        socket -> {
          socket.getInputStream().read();
          TlsPeer.echo(socket);
        };
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS13, quiet);
        TlsSocket control = upgrader.upgrade(peer.dial(), HOST)) {
      assertThat(control.canResume()).isFalse();
      control.getOutputStream().write('!');
      exchange(control, "USER");
      assertThat(control.canResume()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aServerThatDeclinesIsVerifiedAnew(TlsVersion version) throws Exception {
    TlsUpgrader upgrader = upgrader(version, version);
    TestCertificate stranger = TestAuthority.create("Stranger CA").issue(HOST);
    TestCertificate replaced = CA.issue(HOST);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo);
        TlsPeer renewed = TlsPeer.speaking(replaced, version, TlsPeer::echo);
        TlsPeer other = TlsPeer.speaking(stranger, version, TlsPeer::echo);
        TlsSocket control = upgrader.upgrade(peer.dial(), HOST)) {
      exchange(control, "USER");
      try (TlsSocket data = upgrader.upgrade(renewed.dial(), HOST, control)) {
        exchange(data, "file");
        assertThat(data.resumed()).isFalse();
        assertThat(data.getSession().getPeerCertificates()).startsWith(replaced.certificate());
      }
      Socket beneath = other.dial();
      assertThatThrownBy(() -> upgrader.upgrade(beneath, HOST, control))
          .isInstanceOf(CertificateRejectedException.class);
      assertThat(beneath.isClosed()).isTrue();
    }
  }

  @Test
  void aSessionIsNotResumedWithAnotherHost() throws Exception {
    TlsUpgrader upgrader = upgrader(TlsVersion.TLS12, TlsVersion.TLS13);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS13, TlsPeer::echo);
        TlsSocket control = upgrader.upgrade(peer.dial(), HOST)) {
      exchange(control, "USER");
      Socket beneath = peer.dial();
      assertThatThrownBy(() -> upgrader.upgrade(beneath, "other.example.test", control))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("other.example.test");
      assertThat(beneath.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void anotherPolicyVerifiesForItself(TlsVersion version) throws Exception {
    TlsUpgrader careless =
        TlsUpgrader.of(TlsConfig.builder().systemTrust(false).insecure().build());
    TlsUpgrader careful =
        TlsUpgrader.of(TlsConfig.builder().systemTrust(false).versions(version, version).build());
    try (TlsPeer peer = TlsPeer.speaking(SERVER, version, TlsPeer::echo);
        TlsSocket control = careless.upgrade(peer.dial(), HOST)) {
      exchange(control, "USER");
      assertThat(control.canResume()).isTrue();
      assertThatThrownBy(() -> careful.upgrade(peer.dial(), HOST, control))
          .isInstanceOf(CertificateRejectedException.class);
    }
  }

  @Test
  void nothingCanBeResumedAfterTheControlConnectionIsClosed() throws Exception {
    TlsUpgrader upgrader = upgrader(TlsVersion.TLS12, TlsVersion.TLS12);
    try (TlsPeer peer = TlsPeer.speaking(SERVER, TlsVersion.TLS12, TlsPeer::echo)) {
      TlsSocket control = upgrader.upgrade(peer.dial(), HOST);
      control.close();
      assertThat(control.canResume()).isFalse();
      try (TlsSocket data = upgrader.upgrade(peer.dial(), HOST, control)) {
        assertThat(data.resumed()).isFalse();
      }
    }
  }

  @Test
  void aSessionIsResumedByItsIdWhereThereAreNoTickets() throws Exception {
    TlsUpgrader upgrader = upgrader(TlsVersion.TLS12, TlsVersion.TLS13);
    try (TlsPeer peer = TlsPeer.playing(new BcPeer(SERVER, TlsVersion.TLS12)::play);
        TlsSocket control = upgrader.upgrade(peer.dial(), HOST)) {
      assertThat(control.canResume()).isTrue();
      for (int i = 0; i < 3; i++) {
        try (TlsSocket data = upgrader.upgrade(peer.dial(), HOST, control)) {
          exchange(data, "x");
          assertThat(data.resumed()).as("data connection %d", i).isTrue();
        }
        assertThat(peer.outcome()).isEqualTo("ok");
      }
      exchange(control, "x");
    }
  }

  @Test
  void aSessionThatIsNotBoundToItsHandshakeIsNotResumed() throws Exception {
    TlsUpgrader upgrader = upgrader(TlsVersion.TLS12, TlsVersion.TLS12);
    BcPeer old = new BcPeer(SERVER, TlsVersion.TLS12).withoutExtendedMasterSecret();
    try (TlsPeer peer = TlsPeer.playing(old::play);
        TlsSocket control = upgrader.upgrade(peer.dial(), HOST)) {
      assertThat(control.canResume()).isFalse();
      try (TlsSocket data = upgrader.upgrade(peer.dial(), HOST, control)) {
        exchange(data, "x");
        assertThat(data.resumed()).isFalse();
      }
      exchange(control, "x");
    }
  }
}
