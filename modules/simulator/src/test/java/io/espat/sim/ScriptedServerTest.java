package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

class ScriptedServerTest {
  private static final TestAuthority AUTHORITY = TestAuthority.create("scripted");

  @Test
  void closingEndsThePlayerThatWaitsForMoreOfTheScript() throws Exception {
    ScriptedServer server = new ScriptedServer();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      server.send("x");
      assertThat(client.getInputStream().read()).isEqualTo('x');
      String name = "scripted-server-" + server.port();
      assertThat(running(name)).isTrue();
      server.close();
      HostSide.eventually("the end of " + name, () -> !running(name));
    }
  }

  private static boolean running(String name) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(name));
  }

  @Test
  void playsTheConversationInOrder() throws IOException {
    try (ScriptedServer server = new ScriptedServer();
        Socket client = dial(server)) {
      server.send("220 hello\r\n").expectLine("EHLO .*").send("250 ok\r\n").awaitClose();

      assertThat(line(client)).isEqualTo("220 hello");
      say(client, "EHLO me\r\n");
      assertThat(line(client)).isEqualTo("250 ok");
      client.shutdownOutput();

      server.awaitSuccess();
      assertThat(server.heard()).isEqualTo("EHLO me\r\n").isEqualTo(server.heardInClear());
    }
  }

  @Test
  void tellsTheTestWhatWasHeardInstead() throws IOException {
    try (ScriptedServer server = new ScriptedServer().expectLine("EHLO .*");
        Socket client = dial(server)) {
      say(client, "HELO me\r\n");
      assertThatThrownBy(server::awaitSuccess)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("EHLO .*")
          .hasMessageContaining("HELO me");
    }
  }

  @Test
  void aClientThatLeavesEarlyFailsTheScript() throws IOException {
    try (ScriptedServer server = new ScriptedServer().expectLine("EHLO .*")) {
      dial(server).close();
      assertThatThrownBy(server::awaitSuccess).hasMessageContaining("left");
    }
  }

  @Test
  void aByteBehindTheEndFailsAwaitClose() throws IOException {
    try (ScriptedServer server = new ScriptedServer().awaitClose()) {
      try (Socket client = dial(server)) {
        say(client, "x");
      }
      assertThatThrownBy(server::awaitSuccess).hasMessageContaining("1 bytes");
    }
  }

  @Test
  void keepsApartWhatWasSaidInClearAndInsideTls() throws Exception {
    ScriptedServer server = new ScriptedServer();
    try (server;
        Socket raw = dial(server)) {
      server.expectLine("STARTTLS").send("220 go\r\n").startTls(context()).expectLine("secret");
      server.send("250 ok\r\n").hangUp();

      say(raw, "STARTTLS\r\n");
      assertThat(line(raw)).isEqualTo("220 go");
      Socket tls = trusting().getSocketFactory().createSocket(raw, "mail.test", 1, true);
      say(tls, "secret\r\n");
      assertThat(line(tls)).isEqualTo("250 ok");
      assertThat(tls.getInputStream().read()).isEqualTo(-1);

      server.awaitSuccess();
      assertThat(server.heardInClear()).isEqualTo("STARTTLS\r\n");
      assertThat(server.heard()).isEqualTo("STARTTLS\r\nsecret\r\n");
    }
  }

  @Test
  void onlyACutInsideTlsLeavesWithoutCloseNotify() throws Exception {
    assertThat(octetBehindTheLastLine(new ScriptedServer().startTls(context()), true))
        .isEqualTo(-1);
    assertThat(octetBehindTheLastLine(new ScriptedServer().startTls(context()), false))
        .as("content type of the record with close_notify")
        .isEqualTo(23);
  }

  private static int octetBehindTheLastLine(ScriptedServer script, boolean cut) throws Exception {
    try (ScriptedServer server = script.send("250 ok\r\n");
        Socket raw = dial(server)) {
      Socket tls = trusting().getSocketFactory().createSocket(raw, "mail.test", 1, true);
      if (cut) server.cut();
      else server.hangUp();
      assertThat(line(tls)).isEqualTo("250 ok");
      int octet = raw.getInputStream().read();
      tls.close();
      server.awaitSuccess();
      return octet;
    }
  }

  @Test
  void aRefusedCertificateIsWhatStartTlsRefusedWantsToSee() throws Exception {
    ScriptedServer server = new ScriptedServer().startTlsRefused(context());
    try (server;
        Socket raw = dial(server)) {
      Socket tls =
          SSLContext.getDefault().getSocketFactory().createSocket(raw, "mail.test", 1, true);
      assertThatThrownBy(() -> say(tls, "x")).isInstanceOf(SSLException.class);
      tls.close();
      server.awaitSuccess();
    }
  }

  @Test
  void dripsUntilTheClientLeaves() throws IOException {
    try (ScriptedServer server = new ScriptedServer().drip("220 x\r\n", Duration.ofMillis(1));
        Socket client = dial(server)) {
      assertThat(line(client)).isEqualTo("220 x");
      server.awaitSuccess();
    }
  }

  @Test
  void takesOneClientAfterTheOther() throws IOException {
    ScriptedServer server = new ScriptedServer().send("one\n").nextClient().send("two\n");
    try (server;
        Socket first = dial(server);
        Socket second = dial(server)) {
      assertThat(line(first)).isEqualTo("one");
      assertThat(line(second)).isEqualTo("two");
      server.awaitSuccess();
    }
  }

  private static SSLContext context() {
    return AUTHORITY.issue("mail.test").serverContext();
  }

  private static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, null);
    return context;
  }

  private static Socket dial(ScriptedServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String line(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = socket.getInputStream().read();
        octet >= 0 && octet != '\n';
        octet = socket.getInputStream().read()) {
      if (octet != '\r') line.append((char) octet);
    }
    return line.toString();
  }

  /** The script is under test here, not the certificate. */
  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }
}
