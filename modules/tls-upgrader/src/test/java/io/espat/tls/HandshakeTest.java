package io.espat.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeTest {
  private static final TestAuthority CA = TestAuthority.create("Handshake CA");
  private static final TestCertificate EC = CA.issue("mail.example.test", "127.0.0.1");
  private static final TestCertificate RSA = CA.certificate("mail.example.test").rsa(2048).build();

  private static TlsConfig trusting(TlsVersion version) throws IOException {
    return TlsConfig.builder()
        .trust(CA.certificate())
        .systemTrust(false)
        .versions(version, version)
        .build();
  }

  private static Stream<Arguments> matrix() {
    List<Arguments> all = new ArrayList<>();
    for (TlsVersion version : TlsVersion.values()) {
      all.add(Arguments.of(version, "EC", EC));
      all.add(Arguments.of(version, "RSA", RSA));
      all.add(
          Arguments.of(
              version, "intermediate", CA.intermediate("Below").issue("mail.example.test")));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("matrix")
  void bytesGoThereAndBack(TlsVersion version, String kind, TestCertificate certificate)
      throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(certificate, version, TlsPeer::echo)) {
      try (TlsSocket socket =
          TlsUpgrader.of(trusting(version)).upgrade(peer.dial(), "mail.example.test")) {
        socket.getOutputStream().write("hello".getBytes(US_ASCII));

        assertThat(socket.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
        assertThat(socket.version()).isEqualTo(version);
        assertThat(socket.suite()).contains("_GCM_");
        assertThat(socket.resumed()).isFalse();
        assertThat(socket.getSession().getPeerCertificates()).startsWith(certificate.certificate());
      }
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aFullHandshakeIsTwoWrites(TlsVersion version) throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(EC, version, TlsPeer::echo)) {
      CountingSocket counted = new CountingSocket(peer.dial());
      try (TlsSocket socket =
          TlsUpgrader.of(trusting(version)).upgrade(counted, "mail.example.test")) {
        assertThat(counted.writes()).hasSize(2);
        socket.getOutputStream().write(new byte[16_384]);
        assertThat(counted.writes()).hasSize(3);
        socket.getOutputStream().write(new byte[16_385]);
        assertThat(counted.writes()).hasSize(5);
        socket.getInputStream().readNBytes(2 * 16_384 + 1);
        assertThat(counted.writes()).hasSize(5);
      }
      assertThat(counted.writes()).hasSize(6);
    }
  }

  @Test
  void aLiteralAddressIsCheckedAsOne() throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(EC, TlsVersion.TLS13, TlsPeer::echo);
        TlsSocket socket =
            TlsUpgrader.of(trusting(TlsVersion.TLS13)).upgrade(peer.dial(), "127.0.0.1")) {
      assertThat(socket.getSession().getPeerHost()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void aHelloRetryRequestIsFollowed() throws Exception {
    try (TlsPeer peer = TlsPeer.playing(new BcPeer(EC, TlsVersion.TLS13)::play)) {
      CountingSocket counted = new CountingSocket(peer.dial());
      try (TlsSocket socket =
          TlsUpgrader.of(trusting(TlsVersion.TLS13)).upgrade(counted, "mail.example.test")) {
        assertThat(counted.writes()).as("hello, hello again, Finished").hasSize(3);
        socket.getOutputStream().write('x');
        assertThat(socket.getInputStream().read()).isEqualTo('x');
      }
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void theNameIsSentAndALiteralAddressIsNot(TlsVersion version) throws Exception {
    BlockingQueue<List<SNIServerName>> asked = new LinkedBlockingQueue<>();
    TlsPeer.SecurePart part =
        socket -> asked.add(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames());
    try (TlsPeer peer = TlsPeer.speaking(EC, version, part)) {
      TlsUpgrader upgrader = TlsUpgrader.of(trusting(version));
      upgrader.upgrade(peer.dial(), "MAIL.example.test.").close();
      assertThat(asked.poll(10, TimeUnit.SECONDS))
          .containsExactly(new SNIHostName("mail.example.test"));
      upgrader.upgrade(peer.dial(), "127.0.0.1").close();
      assertThat(asked.poll(10, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void whatJsseCallersDoBeforeAHandshakeDoesNoHarm(TlsVersion version) throws Exception {
    try (TlsPeer peer = TlsPeer.speaking(EC, version, TlsPeer::echo);
        TlsSocket socket =
            TlsUpgrader.of(trusting(version)).upgrade(peer.dial(), "mail.example.test")) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("LDAPS");
      socket.setSSLParameters(parameters);
      socket.setEnabledProtocols(socket.getEnabledProtocols());
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(version.protocol());
      assertThatThrownBy(() -> socket.setEnabledProtocols(new String[] {"TLSv1.1"}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> socket.setEnabledCipherSuites(new String[0]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void keysAreChangedInMidSessionAsOftenAsTheServerAsks() throws Exception {
    BcPeer server = new BcPeer(EC, TlsVersion.TLS13);
    try (TlsPeer peer = TlsPeer.playing(server::playWithNewKeys)) {
      try (TlsSocket socket =
          TlsUpgrader.of(trusting(TlsVersion.TLS13)).upgrade(peer.dial(), "mail.example.test")) {
        for (int i = 0; i < 20; i++) {
          socket.getOutputStream().write(i);
          assertThat(socket.getInputStream().read()).isEqualTo(i);
        }
      }
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  @Test
  void somebodyOnTheWayCannotTakeTheNewestVersionFromTheHello() throws Exception {
    SSLContext context = EC.serverContext();
    TlsPeer.Part part =
        socket -> {
          SSLSocket secure =
              (SSLSocket) context.getSocketFactory().createSocket(socket, null, 0, true);
          secure.setUseClientMode(false);
          secure.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
          secure.startHandshake();
        };
    TlsConfig config = TlsConfig.builder().trust(CA.certificate()).systemTrust(false).build();
    try (TlsPeer peer = TlsPeer.playing(part)) {
      assertThatThrownBy(
              () ->
                  TlsUpgrader.of(config)
                      .upgrade(new HidesVersions(peer.dial()), "mail.example.test"))
          .isInstanceOfSatisfying(
              TlsHandshakeException.class,
              e -> {
                assertThat(e.alert()).isEqualTo("illegal_parameter");
                assertThat(e).hasMessageContaining("gave up with");
              });
    }
  }

  /** Renames supported_versions in what leaves, so that the server sees a client of TLS 1.2. */
  private static final class HidesVersions extends LayeredSocket {
    private static final byte[] VERSIONS = {0, 43, 0, 5, 4, 3, 4, 3, 3};

    HidesVersions(Socket beneath) {
      super(beneath);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
          byte[] changed = Arrays.copyOfRange(bytes, offset, offset + count);
          for (int i = 0; i + VERSIONS.length <= count; i++) {
            int end = i + VERSIONS.length;
            if (Arrays.equals(changed, i, end, VERSIONS, 0, VERSIONS.length)) changed[i] = 0x7a;
          }
          out.write(changed);
        }
      };
    }
  }
}
