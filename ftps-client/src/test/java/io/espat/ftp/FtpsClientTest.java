package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.TestAuthority;
import io.espat.tls.CertificateRejectedException;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import io.espat.tls.TlsVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole API against Apache FtpServer. */
class FtpsClientTest {
  @TempDir Path home;
  @TempDir Path local;
  private final LoopbackSockets sockets = new LoopbackSockets();
  private final RecordingListener heard = new RecordingListener();
  private HonestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HonestServer(Servers.AUTHORITY, TlsVersion.TLS13, false, home);
  }

  @AfterEach
  void nothingIsLeftOpen() throws InterruptedException {
    server.close();
    assertThat(sockets.open()).isZero();
    Servers.assertNoThreadLeft();
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void fiveMebibytesComeBackAsTheyWent(TlsVersion version) throws Exception {
    byte[] bytes = random(5 * 1024 * 1024);
    Path file = Files.write(local.resolve("big.bin"), bytes);
    try (HonestServer one = new HonestServer(Servers.AUTHORITY, version, false, home);
        FtpsClient ftp =
            Servers.client(sockets, one.port())
                .tls(Servers.trusting(version, version))
                .listener(heard)
                .open()) {
      Transferred up = ftp.upload(file, "big.bin");
      Transferred down = ftp.download("big.bin", local.resolve("back.bin"));

      assertThat(up.bytes()).isEqualTo(bytes.length);
      assertThat(up.sizeConfirmed()).isTrue();
      assertThat(up.reply()).startsWith("226");
      assertThat(down.bytes()).isEqualTo(bytes.length);
      assertThat(ftp.tlsVersion()).isEqualTo(version);
      assertThat(ftp.suite()).startsWith("TLS_");
      assertThat(ftp.dataConnections()).isEqualTo(2);
      assertThat(sockets.dials())
          .hasSize(3)
          .allMatch(dial -> dial.startsWith(LoopbackSockets.HOST + ":"))
          .first()
          .isEqualTo(LoopbackSockets.HOST + ":" + one.port());
    }
    assertThat(Servers.sha256(Files.readAllBytes(home.resolve("big.bin"))))
        .isEqualTo(Servers.sha256(bytes));
    assertThat(Servers.sha256(Files.readAllBytes(local.resolve("back.bin"))))
        .isEqualTo(Servers.sha256(bytes));
    assertThat(names(home)).containsExactly("big.bin");
    assertThat(names(local)).containsExactly("back.bin", "big.bin");
    int first = heard.progress.indexOf((long) bytes.length);
    assertThat(heard.progress.subList(0, first + 1)).isSorted();
    assertThat(heard.progress.subList(first + 1, heard.progress.size()))
        .isSorted()
        .endsWith((long) bytes.length);
  }

  /**
   * A server that closes behind a file may be gone before our goodbye; before a file it may not.
   */
  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void aGoodbyeThatDoesNotLeaveSpoilsNoDownloadButAnUpload(TlsVersion version) throws Exception {
    byte[] bytes = random(100_000);
    Files.write(home.resolve("a.bin"), bytes);
    try (HonestServer one = new HonestServer(Servers.AUTHORITY, version, false, home);
        FtpsClient ftp = Servers.client(sockets, one.port()).open()) {
      sockets.leaveDataUnsentAtClose();
      ftp.download("a.bin", local.resolve("a.bin"));
      assertThat(local.resolve("a.bin")).hasBinaryContent(bytes);
      assertThat(ftp.list("")).extracting(RemoteFile::name).contains("a.bin");
      assertThatThrownBy(() -> upload(ftp, "b.bin", bytes)).isInstanceOf(FtpsException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  void dataConnectionsResumeTheControlSession(TlsVersion version) throws Exception {
    try (HonestServer one = new HonestServer(Servers.AUTHORITY, version, false, home);
        FtpsClient ftp = Servers.client(sockets, one.port()).open()) {
      for (int i = 0; i < 3; i++) upload(ftp, "f" + i, random(1000 + i));

      assertThat(ftp.dataConnections()).isEqualTo(3);
      assertThat(ftp.resumedConnections()).isEqualTo(3);
    }
  }

  @Test
  void implicitTlsWorksToo() throws Exception {
    try (HonestServer one = new HonestServer(Servers.AUTHORITY, TlsVersion.TLS13, true, home);
        FtpsClient ftp =
            Servers.client(sockets, one.port()).mode(TlsMode.IMPLICIT).listener(heard).open()) {
      upload(ftp, "a.txt", random(100));

      assertThat(download(ftp, "a.txt")).isEqualTo(random(100));
    }
    assertThat(heard.dialogue)
        .isNotEmpty()
        .allMatch(line -> line.startsWith("<~", 0) || line.startsWith(">~", 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 16383, 16384, 16385, 65536})
  void everySizeComesThrough(int size) throws Exception {
    try (FtpsClient ftp = open()) {
      upload(ftp, "f", random(size));

      assertThat(Files.readAllBytes(home.resolve("f"))).isEqualTo(random(size));
      assertThat(download(ftp, "f")).isEqualTo(random(size));
      assertThat(ftp.size("f")).hasValue(size);
    }
  }

  @Test
  void tenFilesGoThroughOneSession() throws Exception {
    try (FtpsClient ftp = open()) {
      for (int i = 0; i < 10; i++) upload(ftp, "file-" + i, random(100 * i));
      for (int i = 0; i < 10; i++)
        assertThat(download(ftp, "file-" + i)).isEqualTo(random(100 * i));

      assertThat(ftp.list("")).hasSize(10);
      assertThat(ftp.dataConnections()).isEqualTo(21);
    }
    assertThat(server.commands())
        .filteredOn(verb -> !List.of("EPSV", "STOR", "SIZE", "RNFR", "RNTO", "RETR").contains(verb))
        .containsExactly("AUTH", "USER", "PASS", "PBSZ", "PROT", "TYPE", "FEAT", "MLSD", "QUIT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"with space.txt", "größe €.txt", "日本語", "-rf", "a;b=c", "%41", "'\"`$(x)"})
  void namesArriveAsTheyAre(String name) throws Exception {
    try (FtpsClient ftp = open()) {
      upload(ftp, name, random(10));

      assertThat(names(home)).containsExactly(name);
      assertThat(ftp.list("")).extracting(RemoteFile::name).containsExactly(name);
      assertThat(download(ftp, name)).isEqualTo(random(10));
      ftp.delete(name);
      assertThat(names(home)).isEmpty();
    }
  }

  @Test
  void directoriesAreMadeListedAndFilesRenamedIntoThem() throws Exception {
    try (FtpsClient ftp = open()) {
      ftp.mkdir("logs");
      upload(ftp, "a.txt", random(3));
      ftp.rename("a.txt", "logs/b.txt");

      assertThat(ftp.list(""))
          .singleElement()
          .matches(RemoteFile::directory)
          .extracting(RemoteFile::name)
          .isEqualTo("logs");
      RemoteFile file = ftp.list("logs").get(0);
      assertThat(file.name()).isEqualTo("b.txt");
      assertThat(file.size()).isEqualTo(3);
      assertThat(file.directory()).isFalse();
      assertThat(file.modified()).isNotNull();
    }
  }

  @Test
  void anUploadReplacesAnExistingFileAndLeavesNothingBeside() throws Exception {
    Files.write(home.resolve("a.txt"), random(500));
    try (FtpsClient ftp = open()) {
      upload(ftp, "a.txt", random(20));
      upload(ftp, "a.txt", random(30));
    }
    assertThat(Files.readAllBytes(home.resolve("a.txt"))).isEqualTo(random(30));
    assertThat(names(home)).containsExactly("a.txt");
  }

  @Test
  void anUploadOverADirectoryIsRefusedAndTheDirectoryStays() throws Exception {
    Files.createDirectories(home.resolve("d/inner"));
    try (FtpsClient ftp = open()) {
      FtpsException e = failure(() -> upload(ftp, "d", random(20)));

      assertThat(e.id()).isEqualTo("E-FTP-CREATE");
      assertThat(e.stage()).isEqualTo(FtpsStage.RENAME);
      assertThat(ftp.isOpen()).isTrue();
    }
    assertThat(home.resolve("d/inner")).isDirectory();
  }

  @Test
  void aStalePartAndAStaleOldFileDoNotStandInTheWay() throws Exception {
    Files.write(home.resolve("a.txt"), random(500));
    Files.write(home.resolve("a.txt.part"), random(9000));
    Files.write(home.resolve("a.txt.espat-old"), random(7));
    try (FtpsClient ftp = open()) {
      upload(ftp, "a.txt", random(20));
    }
    assertThat(Files.readAllBytes(home.resolve("a.txt"))).isEqualTo(random(20));
    assertThat(names(home)).containsExactly("a.txt");
  }

  @Test
  void aMissingRemoteFileIsSaidAndTheSessionGoesOn() throws Exception {
    try (FtpsClient ftp = open()) {
      Path target = local.resolve("x");
      FtpsException e = failure(() -> ftp.download("no such file", target));

      assertThat(e.id()).isEqualTo("E-FTP-MISSING");
      assertThat(e.reply()).startsWith("550");
      assertThat(e.isTransient()).isFalse();
      assertThat(names(local)).isEmpty();
      assertThat(failure(() -> ftp.delete("no such file")).reply()).startsWith("450");
      assertThat(failure(() -> ftp.rename("no", "to")).stage()).isEqualTo(FtpsStage.RENAME);
      assertThat(ftp.size("no such file")).isEmpty();
      upload(ftp, "after", random(5));
    }
    assertThat(names(home)).containsExactly("after");
  }

  @Test
  void aDirectoryThatExistsOrCannotBeWrittenIsSaid() throws Exception {
    Files.createDirectory(home.resolve("d"));
    try (FtpsClient ftp = open()) {
      assertThat(failure(() -> ftp.mkdir("d")).id()).isEqualTo("E-FTP-CREATE");
      FtpsException e = failure(() -> upload(ftp, "no/such/dir/f", random(3)));

      assertThat(e.id()).isEqualTo("E-FTP-CREATE");
      assertThat(ftp.isOpen()).isTrue();
    }
  }

  @Test
  void aMissingLocalFileTouchesNothing() throws Exception {
    try (FtpsClient ftp = open()) {
      assertThatThrownBy(() -> ftp.upload(local.resolve("none"), "x"))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> ftp.download("x", local.resolve("no/dir/x")))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(ftp.isOpen()).isTrue();
    }
    assertThat(server.commands()).doesNotContain("STOR", "RETR");
  }

  @Test
  void aDownloadReplacesAnExistingLocalFile() throws Exception {
    Files.write(home.resolve("a"), random(40));
    Path target = Files.write(local.resolve("a"), random(90));
    try (FtpsClient ftp = open()) {
      ftp.download("a", target);
    }
    assertThat(Files.readAllBytes(target)).isEqualTo(random(40));
    assertThat(names(local)).containsExactly("a");
  }

  @Test
  void aStreamThatGivesAnotherNumberThanAnnouncedGetsNoName() throws Exception {
    Files.write(home.resolve("a"), random(40));
    try (FtpsClient ftp = open()) {
      for (int announced : new int[] {99, 101}) {
        FtpsException e =
            failure(() -> ftp.upload(new ByteArrayInputStream(random(100)), announced, "a"));

        assertThat(e.id()).isEqualTo("E-FTP-SIZE");
      }
      assertThat(ftp.upload(new ByteArrayInputStream(random(100)), -1, "b").bytes()).isEqualTo(100);
    }
    assertThat(Files.readAllBytes(home.resolve("a"))).isEqualTo(random(40));
    assertThat(names(home)).containsExactly("a", "b");
  }

  @Test
  void aFailingLocalStreamClosesTheSessionAndIsThrownAsItIs() throws Exception {
    IOException broken = new IOException("disk on fire");
    InputStream source =
        new InputStream() {
          private int left = 100;

          @Override
          public int read() throws IOException {
            if (left-- > 0) return 'x';
            throw broken;
          }

          @Override
          public int read(byte[] into, int offset, int count) throws IOException {
            into[offset] = (byte) read();
            return 1;
          }
        };
    FtpsClient ftp = open();

    assertThatThrownBy(() -> ftp.upload(source, -1, "a")).isSameAs(broken);

    assertThat(ftp.isOpen()).isFalse();
    assertThatThrownBy(() -> ftp.list("")).hasMessageContaining("closed");
    assertThat(home.resolve("a")).doesNotExist();
  }

  @Test
  void aFailingTargetStreamClosesTheSessionAndIsThrownAsItIs() throws Exception {
    Files.write(home.resolve("a"), random(100_000));
    IOException full = new IOException("disk full");
    FtpsClient ftp = open();

    assertThatThrownBy(
            () ->
                ftp.download(
                    "a",
                    new OutputStream() {
                      @Override
                      public void write(int b) throws IOException {
                        throw full;
                      }
                    }))
        .isSameAs(full);

    assertThat(ftp.isOpen()).isFalse();
  }

  @Test
  void aWrongPasswordIsDeniedAndNowhereTold() throws Exception {
    FtpsException e =
        failure(
            () ->
                Servers.client(sockets, server.port())
                    .login(HonestServer.USER, "planted-wrong-word".toCharArray())
                    .listener(heard)
                    .open());

    assertThat(e.id()).isEqualTo("E-AUTH-DENIED");
    assertThat(e.stage()).isEqualTo(FtpsStage.LOGIN);
    assertThat(e.reply()).startsWith("530");
    assertThat(e.toString() + heard.dialogue + heard.details).doesNotContain("planted");
    assertThat(heard.dialogue).contains(">~ PASS ********");
  }

  @Test
  void aStrangersCertificateEndsItBeforeTheLogin() throws Exception {
    TestAuthority stranger = TestAuthority.create("stranger");
    try (HonestServer one = new HonestServer(stranger, TlsVersion.TLS13, false, home)) {
      assertThatThrownBy(() -> Servers.client(sockets, one.port()).open())
          .isInstanceOf(CertificateRejectedException.class);
      assertThat(one.commands()).containsExactly("AUTH");
    }
  }

  @Test
  void anotherNameThanTheServersIsRefused() {
    assertThatThrownBy(
            () ->
                Servers.client(sockets, server.port())
                    .tls(
                        TlsConfig.builder()
                            .systemTrust(false)
                            .trust(Servers.AUTHORITY.certificate())
                            .name("other.test")
                            .build())
                    .open())
        .isInstanceOf(CertificateRejectedException.class);
    assertThat(server.commands()).containsExactly("AUTH");
  }

  @Test
  void aFactoryOfTlsSocketsIsRefusedBeforeItDials() throws Exception {
    assertThatThrownBy(
            () ->
                Servers.client(sockets, server.port())
                    .sockets(SSLSocketFactory.getDefault())
                    .open())
        .isInstanceOf(java.net.SocketException.class)
        .hasMessageContaining("plain sockets");
    assertThat(server.commands()).isEmpty();
  }

  @Test
  void socketsThatKnowNoAddressAreGivenTheNameAgain() throws Exception {
    sockets.hideAddresses();
    try (FtpsClient ftp = open()) {
      upload(ftp, "a", random(5));
    }
    assertThat(sockets.dials()).hasSize(2);
  }

  @Test
  void stagesAndDialogueAreToldWithoutTheSecret() throws Exception {
    try (FtpsClient ftp = Servers.client(sockets, server.port()).listener(heard).open()) {
      upload(ftp, "a", random(5));
    }
    assertThat(heard.stages)
        .containsExactly(
            FtpsStage.CONNECT,
            FtpsStage.BANNER,
            FtpsStage.AUTH_TLS,
            FtpsStage.HANDSHAKE,
            FtpsStage.LOGIN,
            FtpsStage.PROTECT,
            FtpsStage.DATA,
            FtpsStage.TRANSFER,
            FtpsStage.VERIFY,
            FtpsStage.RENAME);
    assertThat(heard.dialogue).contains("> AUTH TLS", ">~ PASS ********", ">~ PROT P");
    assertThat(String.join("\n", heard.dialogue)).doesNotContain(HonestServer.PASSWORD);
    assertThat(heard.progress).containsExactly(5L);
  }

  @Test
  void misuseIsRefusedBeforeAnythingIsSent() throws Exception {
    FtpsClient.Builder builder = Servers.client(sockets, 21);
    assertThatThrownBy(() -> builder.mode(TlsMode.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.port(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.timeout(java.time.Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    // less than a millisecond would become 0, which is no limit at all
    assertThatThrownBy(() -> builder.timeout(java.time.Duration.ofNanos(999_999)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.connectTimeout(java.time.Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.login("a\nb", new char[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FtpsClient.builder("a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FtpsClient.builder("ftp.test").open())
        .isInstanceOf(IllegalStateException.class);
    try (FtpsClient ftp = open()) {
      int before = server.commands().size();
      for (String path : List.of("a\r\nDELE b", "a\nb", "a\0b")) {
        assertThatThrownBy(() -> ftp.delete(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ftp.list(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ftp.mkdir(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ftp.rename("a", path))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> upload(ftp, path, random(1)))
            .isInstanceOf(IllegalArgumentException.class);
      }
      assertThat(server.commands()).hasSize(before);
      assertThatThrownBy(() -> ftp.delete("half \ud800 a character"))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void closingTwiceIsFine() throws Exception {
    FtpsClient ftp = open();
    ftp.close();
    ftp.close();

    assertThat(ftp.isOpen()).isFalse();
    assertThatThrownBy(() -> ftp.size("a")).hasMessageContaining("closed");
    assertThat(server.commands()).endsWith("QUIT");
  }

  private FtpsClient open() throws IOException {
    return Servers.client(sockets, server.port()).open();
  }

  private static void upload(FtpsClient ftp, String name, byte[] bytes) throws IOException {
    ftp.upload(new ByteArrayInputStream(bytes), bytes.length, name);
  }

  private static byte[] download(FtpsClient ftp, String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ftp.download(name, bytes);
    return bytes.toByteArray();
  }

  private static FtpsException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(FtpsException.class, call);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes); // the seed is the size
    return bytes;
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return new ArrayList<>(files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
