package io.espat.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.ftp.FtpsClient;
import io.espat.ftp.RemoteFile;
import io.espat.ftp.Transferred;
import io.espat.sim.TestAuthority;
import io.espat.smtp.SmtpClient;
import io.espat.smtp.SmtpReceipt;
import io.espat.tls.CertificateRejectedException;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a mail and a file may expect of any carrier: the same tests over the host's sockets, the
 * simulated module and a serial device, against servers in process and real ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PathContract {
  private Path folder;
  private Peers peers;
  private Carrier carrier;

  abstract Peers startPeers(Path serverFolder) throws IOException;

  abstract Carrier openCarrier() throws IOException;

  @BeforeAll
  void open(@TempDir Path temporary) throws IOException {
    folder = temporary;
    peers = startPeers(Files.createDirectory(folder.resolve("server")));
    carrier = openCarrier();
  }

  @AfterAll
  void close() throws IOException {
    Closing.all(carrier, peers);
  }

  @ParameterizedTest
  @EnumSource
  void aMailArrivesAsItWasSent(TlsVersion version) throws Exception {
    Letter letter = Letter.of(30_000, 41);
    TlsConfig tls = trusting(peers.authority()).versions(version, version).build();
    try (SmtpClient client = mail(tls)) {
      SmtpReceipt receipt = send(client, letter);
      assertThat(receipt.reply()).startsWith("250");
      assertThat(receipt.tlsVersion()).isEqualTo(version);
      assertThat(receipt.recipients()).hasSize(1).allMatch(each -> each.accepted());
    }
    assertThat(peers.awaitMail()).isEqualTo(letter.bytes());
  }

  @Test
  void oneClientSendsSeveralMails() throws Exception {
    try (SmtpClient client = mail(trusting(peers.authority()).build())) {
      for (int i = 0; i < 6; i++) {
        Letter letter = Letter.of(600, i);
        send(client, letter);
        assertThat(peers.awaitMail()).isEqualTo(letter.bytes());
      }
    }
  }

  @Test
  void aServerOfAnUnknownAuthorityGetsNothing() throws Exception {
    TlsConfig tls = trusting(TestAuthority.create("somebody else")).build();
    try (SmtpClient client = mail(tls)) {
      assertThatThrownBy(() -> send(client, Letter.of(500, 42)))
          .isInstanceOf(CertificateRejectedException.class);
    }
    assertThatThrownBy(() -> files(tls)).isInstanceOf(CertificateRejectedException.class);
  }

  @ParameterizedTest
  @EnumSource
  void aFileGoesUpIsSeenComesBackAndGoes(TlsVersion version) throws Exception {
    Path file = Files.write(folder.resolve("log"), Letter.of(200_000, 43).bytes());
    Path back = folder.resolve("back-" + version);
    TlsConfig tls = trusting(peers.authority()).versions(version, version).build();
    try (FtpsClient client = files(tls)) {
      assertThat(client.tlsVersion()).isEqualTo(version);
      client.mkdir("logs-" + version);
      Transferred up = client.upload(file, "logs-" + version + "/log");
      assertThat(up.bytes()).isEqualTo(Files.size(file));
      assertThat(up.sizeConfirmed()).isTrue();
      assertThat(client.list("logs-" + version))
          .extracting(RemoteFile::name, RemoteFile::size)
          .containsExactly(org.assertj.core.api.Assertions.tuple("log", Files.size(file)));
      client.rename("logs-" + version + "/log", "logs-" + version + "/old");
      client.download("logs-" + version + "/old", back);
      assertThat(back).hasSameBinaryContentAs(file);
      client.delete("logs-" + version + "/old");
      assertThat(client.list("logs-" + version)).isEmpty();
    }
  }

  @Test
  void aMailLeavesWhileAFileGoesUp() throws Exception {
    Path file = Files.write(folder.resolve("big"), Letter.of(1_000_000, 44).bytes());
    TlsConfig tls = trusting(peers.authority()).build();
    ExecutorService beside = Executors.newSingleThreadExecutor();
    try (FtpsClient client = files(tls);
        SmtpClient mail = mail(tls)) {
      Future<Transferred> upload = beside.submit(() -> client.upload(file, "big"));
      Letter letter = Letter.of(20_000, 45);
      send(mail, letter);
      assertThat(peers.awaitMail()).isEqualTo(letter.bytes());
      assertThat(upload.get(40, TimeUnit.SECONDS).bytes()).isEqualTo(Files.size(file));
    } finally {
      beside.shutdownNow();
    }
  }

  private SmtpReceipt send(SmtpClient client, Letter letter) throws IOException {
    Path file = letter.write(folder.resolve("letter.eml"));
    return client.send(file, Letter.FROM, List.of(Letter.TO));
  }

  private SmtpClient mail(TlsConfig tls) {
    return SmtpClient.builder("mail.test")
        .port(peers.mailPort())
        .tls(tls)
        .sockets(carrier.sockets())
        .login(peers.mailAccount().user(), peers.mailAccount().password().toCharArray())
        .build();
  }

  private FtpsClient files(TlsConfig tls) throws IOException {
    return FtpsClient.builder("files.test")
        .port(peers.filesPort())
        .tls(tls)
        .sockets(carrier.sockets())
        .login(peers.filesAccount().user(), peers.filesAccount().password().toCharArray())
        .open();
  }

  private static TlsConfig.Builder trusting(TestAuthority authority) {
    return TlsConfig.builder().systemTrust(false).trust(authority.certificate());
  }
}
