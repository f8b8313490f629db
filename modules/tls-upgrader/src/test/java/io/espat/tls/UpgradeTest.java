package io.espat.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The switch in mid-session, and what must not be between the go-ahead and TLS. */
class UpgradeTest {
  private static final TestAuthority CA = TestAuthority.create("Upgrade CA");
  private static final TestCertificate SERVER = CA.issue("mail.example.test");
  private static final String HOST = "mail.example.test";
  private static final String GO_AHEAD = "220 go ahead\r\n";
  private static final String GLUED = "250 AUTH PLAIN\r\n";

  private static TlsUpgrader upgrader() throws IOException {
    return TlsUpgrader.of(TlsConfig.builder().trust(CA.certificate()).systemTrust(false).build());
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      line.append((char) c);
      if (c == '\n') break;
    }
    return line.toString();
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aSessionSwitchesInTheMiddle(TlsVersion version) throws Exception {
    SSLContext context = SERVER.serverContext();
    TlsPeer.Part part =
        socket -> {
          say(socket, "220 hello\r\n");
          assertThat(line(socket.getInputStream())).isEqualTo("STARTTLS\r\n");
          say(socket, GO_AHEAD);
          TlsPeer.echo(TlsPeer.secure(context, socket, version));
        };
    try (TlsPeer peer = TlsPeer.playing(part)) {
      UpgradableSocket clear = upgrader().upgradable(peer.dial());
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(clear.getInputStream(), US_ASCII));
      assertThat(reader.readLine()).isEqualTo("220 hello");
      say(clear, "STARTTLS\r\n");
      assertThat(reader.readLine()).isEqualTo("220 go ahead");
      try (TlsSocket secure = upgrader().upgrade(clear, HOST)) {
        say(secure, "EHLO me\r\n");
        assertThat(line(secure.getInputStream())).isEqualTo("EHLO me\r\n");
      }
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  @Test
  void theStreamsOfTheClearPhaseAreDeadAfterwards() throws Exception {
    SSLContext context = SERVER.serverContext();
    TlsPeer.Part part =
        socket -> {
          say(socket, GO_AHEAD);
          TlsPeer.echo(TlsPeer.secure(context, socket, TlsVersion.TLS13));
        };
    try (TlsPeer peer = TlsPeer.playing(part)) {
      UpgradableSocket clear = upgrader().upgradable(peer.dial());
      InputStream in = clear.getInputStream();
      OutputStream out = clear.getOutputStream();
      line(in);
      try (TlsSocket secure = upgrader().upgrade(clear, HOST)) {
        assertThatThrownBy(() -> out.write('x')).isInstanceOf(SocketException.class);
        assertThatThrownBy(out::flush).isInstanceOf(SocketException.class);
        assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
        assertThatThrownBy(in::available).isInstanceOf(SocketException.class);
        assertThatThrownBy(clear::getOutputStream).isInstanceOf(SocketException.class);
        say(secure, "x");
        assertThat(secure.getInputStream().read()).isEqualTo('x');
      }
    }
  }

  @Test
  void bytesBehindTheGoAheadEndTheSessionWhereverTheyAreSplit() throws Exception {
    byte[] all = (GO_AHEAD + GLUED).getBytes(US_ASCII);
    for (int split = 0; split <= all.length; split++) {
      int cut = split;
      TlsPeer.Part part =
          socket -> {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(all, 0, cut);
            socket.getOutputStream().flush();
            socket.getOutputStream().write(all, cut, all.length - cut);
            assertThat(isSilent(socket)).as("no client hello").isTrue();
          };
      try (TlsPeer peer = TlsPeer.playing(part)) {
        Socket beneath = peer.dial();
        UpgradableSocket clear = upgrader().upgradable(beneath);
        assertThat(line(clear.getInputStream())).isEqualTo(GO_AHEAD);
        awaitBytes(beneath, clear, GLUED.length());
        PlaintextInjectionException e =
            catchThrowableOfType(
                PlaintextInjectionException.class, () -> upgrader().upgrade(clear, HOST));
        assertThat(e).as("split at %d", split).isNotNull();
        assertThat(e.bytes()).isEqualTo(GLUED.length());
        assertThat(e.id()).isEqualTo("E-STARTTLS-INJECT");
        assertThat(beneath.isClosed()).isTrue();
        assertThat(peer.outcome()).isEqualTo("ok");
      }
    }
  }

  /** Whether the client says nothing more; bytes left unread at its side make it a reset. */
  private static boolean isSilent(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Until the glued bytes are there, held or waiting beneath. */
  private static void awaitBytes(Socket beneath, UpgradableSocket clear, int count)
      throws IOException {
    while (clear.held() + beneath.getInputStream().available() < count) Thread.onSpinWait();
  }

  @Test
  void aLibraryThatReadsAheadCannotHideThem() throws Exception {
    try (TlsPeer peer =
        TlsPeer.playing(
            socket -> {
              say(socket, GO_AHEAD + GLUED);
              isSilent(socket);
            })) {
      UpgradableSocket clear = upgrader().upgradable(peer.dial());
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(clear.getInputStream(), US_ASCII));
      assertThat(reader.readLine()).isEqualTo("220 go ahead");
      assertThat(reader.ready()).isFalse();
      assertThatThrownBy(() -> upgrader().upgrade(clear, HOST))
          .isInstanceOf(PlaintextInjectionException.class);
    }
  }

  @Test
  void aSecondGateCannotHideThem() throws Exception {
    try (TlsPeer peer =
        TlsPeer.playing(
            socket -> {
              say(socket, GO_AHEAD + GLUED);
              isSilent(socket);
            })) {
      UpgradableSocket clear = upgrader().upgradable(upgrader().upgradable(peer.dial()));
      assertThat(line(clear.getInputStream())).isEqualTo(GO_AHEAD);
      assertThatThrownBy(() -> upgrader().upgrade(clear, HOST))
          .isInstanceOf(PlaintextInjectionException.class)
          .hasMessageContaining(GLUED.length() + " bytes");
    }
  }

  @Test
  void aLoneCarriageReturnCannotHideThemEither() throws Exception {
    try (TlsPeer peer =
        TlsPeer.playing(
            socket -> {
              say(socket, "220 go ahead\r250 AUTH PLAIN\r\n");
              assertThat(isSilent(socket)).as("no client hello").isTrue();
            })) {
      UpgradableSocket clear = upgrader().upgradable(peer.dial());
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(clear.getInputStream(), US_ASCII));
      assertThat(reader.readLine()).isEqualTo("220 go ahead");
      PlaintextInjectionException e =
          catchThrowableOfType(
              PlaintextInjectionException.class, () -> upgrader().upgrade(clear, HOST));
      assertThat(e).isNotNull();
      assertThat(e.bytes()).isEqualTo(GLUED.length());
      assertThat(peer.outcome()).isEqualTo("ok");
    }
  }

  @Test
  void clearTextThatArrivesLaterIsAnInjectionToo() throws Exception {
    TlsPeer.Part part =
        socket -> {
          say(socket, GO_AHEAD);
          socket.getInputStream().read(new byte[1000]); // the client hello
          say(socket, "4\r");
          socket.getInputStream().read();
        };
    try (TlsPeer peer = TlsPeer.playing(part)) {
      Socket beneath = peer.dial();
      UpgradableSocket clear = upgrader().upgradable(beneath);
      line(clear.getInputStream());
      PlaintextInjectionException e =
          catchThrowableOfType(
              PlaintextInjectionException.class, () -> upgrader().upgrade(clear, HOST));
      assertThat(e).isNotNull();
      assertThat(e.bytes()).isPositive();
      assertThat(beneath.isClosed()).isTrue();
    }
  }

  @Test
  void clearTextOnAnImplicitPortIsExplained() throws Exception {
    TlsPeer.Part part =
        socket -> {
          say(socket, "220 mail.example.test ESMTP\r\n");
          socket.getInputStream().read();
        };
    try (TlsPeer peer = TlsPeer.playing(part)) {
      Socket beneath = peer.dial();
      assertThatThrownBy(() -> upgrader().upgrade(beneath, HOST))
          .isInstanceOf(TlsHandshakeException.class)
          .hasMessageContainingAll("STARTTLS", "220");
      assertThat(beneath.isClosed()).isTrue();
    }
  }

  @Test
  void aRequestForAnUnusableNameClosesTheSocket() throws Exception {
    try (TlsPeer peer = TlsPeer.playing(socket -> socket.getInputStream().read())) {
      Socket beneath = peer.dial();
      assertThatThrownBy(() -> upgrader().upgrade(beneath, "no name"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(beneath.isClosed()).isTrue();
    }
  }
}
