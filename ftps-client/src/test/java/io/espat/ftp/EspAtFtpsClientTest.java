package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.tls.TlsUpgrader;
import io.espat.tls.TlsVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.net.SocketFactory;
import org.apache.commons.net.PrintCommandListener;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Existing code, written for Commons Net's FTPSClient, against Apache FtpServer. */
class EspAtFtpsClientTest {
  @TempDir Path home;
  private final LoopbackSockets sockets = new LoopbackSockets();
  private final StringWriter printed = new StringWriter();
  private HonestServer server;
  private EspAtFtpsClient ftp;

  @BeforeEach
  void start() throws Exception {
    server = new HonestServer(Servers.AUTHORITY, TlsVersion.TLS12, false, home);
    ftp =
        new EspAtFtpsClient(
            sockets, TlsUpgrader.of(Servers.trusting(TlsVersion.TLS12, TlsVersion.TLS13)));
    ftp.addProtocolCommandListener(new PrintCommandListener(new PrintWriter(printed)));
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    ftp.disconnect();
    server.close();
    assertThat(sockets.open()).isZero();
    Servers.assertNoThreadLeft();
  }

  @Test
  void stockCodeRunsUnchanged() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    FTPSClient stock = ftp;

    stock.setConnectTimeout(10_000);
    stock.connect(LoopbackSockets.HOST, server.port());
    assertThat(FTPReply.isPositiveCompletion(stock.getReplyCode())).isTrue();
    stock.setSoTimeout(10_000);
    assertThat(stock.login(HonestServer.USER, HonestServer.PASSWORD)).isTrue();
    stock.execPBSZ(0);
    stock.execPROT("P");
    stock.enterLocalPassiveMode();
    assertThat(stock.setFileType(FTP.BINARY_FILE_TYPE)).isTrue();
    assertThat(stock.storeFile("a b.bin", new ByteArrayInputStream(bytes))).isTrue();
    ByteArrayOutputStream back = new ByteArrayOutputStream();
    assertThat(stock.retrieveFile("a b.bin", back)).isTrue();
    FTPFile[] listed = stock.listFiles();
    FTPFile[] facts = stock.mlistDir();
    assertThat(stock.listNames()).containsExactly("a b.bin");
    assertThat(stock.rename("a b.bin", "c.bin")).isTrue();
    assertThat(stock.deleteFile("c.bin")).isTrue();
    assertThat(stock.deleteFile("c.bin")).isFalse();
    assertThat(stock.retrieveFile("c.bin", back)).isFalse();
    assertThat(stock.logout()).isTrue();

    assertThat(back.toByteArray()).isEqualTo(bytes);
    assertThat(listed).extracting(FTPFile::getName).containsExactly("a b.bin");
    assertThat(facts).extracting(FTPFile::getSize).contains(300_000L);
    assertThat(ftp.dataConnections()).isEqualTo(5);
    assertThat(ftp.resumedConnections()).isEqualTo(5);
    assertThat(sockets.dials()).hasSize(7); // one for the file that is missing
    assertThat(printed.toString()).contains("PASS ********").doesNotContain(HonestServer.PASSWORD);
  }

  @Test
  void codeThatForgetsPbszAndProtIsProtectedAllTheSame() throws Exception {
    connect();
    ftp.enterLocalActiveMode();

    assertThat(ftp.storeFile("a", new ByteArrayInputStream("x\ny\r\n".getBytes()))).isTrue();

    assertThat(server.commands()).contains("PBSZ", "PROT", "TYPE", "EPSV");
    assertThat(server.commands()).doesNotContain("PORT", "EPRT");
    assertThat(Files.readString(home.resolve("a"))).isEqualTo("x\ny\r\n");
  }

  @Test
  void streamsEndInOrder() throws Exception {
    connect();
    try (OutputStream out = ftp.storeFileStream("a")) {
      out.write("hello".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(ftp.completePendingCommand()).isTrue();
    byte[] back;
    try (InputStream in = ftp.retrieveFileStream("a")) {
      back = in.readAllBytes();
    }
    assertThat(ftp.completePendingCommand()).isTrue();
    assertThat(new String(back, StandardCharsets.UTF_8)).isEqualTo("hello");
  }

  @Test
  void aRestartOffsetIsHonoured() throws Exception {
    Files.writeString(home.resolve("a"), "0123456789");
    connect();
    ftp.setRestartOffset(4);
    ByteArrayOutputStream back = new ByteArrayOutputStream();

    assertThat(ftp.retrieveFile("a", back)).isTrue();
    assertThat(back.toString(StandardCharsets.UTF_8)).isEqualTo("456789");
  }

  @Test
  void keepAliveWhileAFileIsFetchedIsAnswered() throws Exception {
    Files.write(home.resolve("a"), new byte[200_000]);
    connect();
    ftp.setControlKeepAliveTimeout(java.time.Duration.ofMillis(1));

    assertThat(ftp.retrieveFile("a", OutputStream.nullOutputStream())).isTrue();
    assertThat(ftp.deleteFile("a")).isTrue();
  }

  @Test
  void itCanConnectAgain() throws Exception {
    connect();
    assertThat(ftp.storeFile("a", new ByteArrayInputStream(new byte[3]))).isTrue();
    ftp.disconnect();
    assertThatThrownBy(() -> ftp.noop()).isInstanceOf(IOException.class);
    connect();

    assertThat(ftp.storeFile("b", new ByteArrayInputStream(new byte[3]))).isTrue();
    assertThat(ftp.dataConnections()).isEqualTo(1);
  }

  @Test
  void anAddressWithANameConnectsToThatName() throws Exception {
    InetAddress address = InetAddress.getByAddress(LoopbackSockets.HOST, new byte[] {127, 0, 0, 1});
    ftp.connect(address, server.port());

    assertThat(ftp.login(HonestServer.USER, HonestServer.PASSWORD)).isTrue();
    assertThat(ftp.getRemotePort()).isEqualTo(server.port());
    assertThat(ftp.isAvailable()).isTrue();
  }

  @Test
  void whatWouldLeaveThePathIsRefused() throws Exception {
    assertThatThrownBy(() -> ftp.setSocketFactory(SocketFactory.getDefault()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ftp.setProxy(Proxy.NO_PROXY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ftp.setAuthValue("SSL")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                ftp.connect(
                    LoopbackSockets.HOST, server.port(), InetAddress.getLoopbackAddress(), 0))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ftp.login("u", "p")).isInstanceOf(IOException.class);
    connect();
    assertThatThrownBy(() -> ftp.execPROT("C")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ftp.execCCC()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ftp.reinitialize()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ftp.sendCommand("STOR a\r\nDELE b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ftp.setFileType(FTP.ASCII_FILE_TYPE)).isFalse();
    assertThat(ftp.sendNoOp()).isTrue();
    assertThat(server.commands()).containsExactly("AUTH", "USER", "PASS", "NOOP");
  }

  @Test
  void aTransferThatBreaksThrowsAndClosesTheSession() throws Exception {
    Files.write(home.resolve("a"), new byte[500_000]);
    connect();
    sockets.breakAt(new LoopbackSockets.Break(1, 12, true, false));

    assertThatThrownBy(() -> ftp.retrieveFile("a", OutputStream.nullOutputStream()))
        .isInstanceOf(FtpsException.class)
        .hasMessageContaining("fetching a")
        .extracting(e -> ((FtpsException) e).stage())
        .isEqualTo(FtpsStage.TRANSFER);
    assertThatThrownBy(() -> ftp.noop()).hasMessageContaining("closed");
  }

  private void connect() throws IOException {
    ftp.connect(LoopbackSockets.HOST, server.port());
    assertThat(ftp.login(HonestServer.USER, HonestServer.PASSWORD)).isTrue();
  }
}
