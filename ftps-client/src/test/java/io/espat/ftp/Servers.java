package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.TestAuthority;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsVersion;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/** What the tests of this package share: one authority, trust in it, and the signs of a leak. */
final class Servers {
  static final TestAuthority AUTHORITY = TestAuthority.create("ftps-client tests");

  private Servers() {}

  static TlsConfig trusting(TlsVersion min, TlsVersion max) throws IOException {
    return TlsConfig.builder()
        .systemTrust(false)
        .trust(AUTHORITY.certificate())
        .versions(min, max)
        .handshakeTimeout(Duration.ofSeconds(10))
        .closeTimeout(Duration.ofSeconds(2))
        .build();
  }

  static FtpsClient.Builder client(LoopbackSockets sockets, int port) throws IOException {
    return FtpsClient.builder(LoopbackSockets.HOST)
        .port(port)
        .sockets(sockets)
        .tls(trusting(TlsVersion.TLS12, TlsVersion.TLS13))
        .login(HonestServer.USER, HonestServer.PASSWORD.toCharArray())
        .connectTimeout(Duration.ofSeconds(10))
        .timeout(Duration.ofSeconds(10));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Every watch ends with its session. */
  static void assertNoThreadLeft() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.getName().startsWith("espat-ftp")) continue;
      thread.join(10_000);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
  }
}
