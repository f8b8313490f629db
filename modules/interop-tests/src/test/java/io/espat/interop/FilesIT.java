package io.espat.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.interop.EspatCommand.Finished;
import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files through the command line, a module on TCP, and the real FTP servers. */
@Timeout(180)
class FilesIT {
  private static final Duration LIMIT = Duration.ofSeconds(80);
  private static final int LARGE = 5 * 1024 * 1024;

  @TempDir private static Path folder;
  private static TestAuthority ca;
  private static Path authority;
  private static Simulator simulator;

  @BeforeAll
  static void start() throws IOException {
    ca = TestAuthority.create("espat test CA");
    authority = ca.writePem(folder.resolve("ca.pem"));
    simulator = Simulator.start("files.test");
  }

  @AfterAll
  static void stop() throws IOException {
    simulator.close();
  }

  static Stream<Arguments> serversAndVersions() {
    return FtpSoftware.all()
        .flatMap(each -> Stream.of("1.2", "1.3").map(version -> Arguments.of(each, version)));
  }

  @ParameterizedTest
  @MethodSource("serversAndVersions")
  void aLargeFileGoesUpAndComesBackUnchanged(FtpSoftware software, String version)
      throws Exception {
    Path file = random(folder.resolve("large.bin"), LARGE, 11);
    Path back = folder.resolve("back.bin");
    Files.deleteIfExists(back);
    try (FtpServer server = FtpServer.start(software, ca.issue("files.test"))) {
      succeeds(simulator.device(), server, version, "upload", file.toString());
      assertThat(server.home().resolve("large.bin")).hasSameBinaryContentAs(file);
      succeeds(simulator.device(), server, version, "download", "large.bin", back.toString());
      assertThat(back).hasSameBinaryContentAs(file);
      assertThat(filesIn(server.home())).containsExactly("large.bin");
      assertReused(software, server, version, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("serversAndVersions")
  void tenFilesGoUpInOneSession(FtpSoftware software, String version) throws Exception {
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      arguments.add(random(folder.resolve("file" + i), 10_000 + i, i).toString());
    }
    try (FtpServer server = FtpServer.start(software, ca.issue("files.test"));
        MeteredWire wire = new MeteredWire(simulator.port())) {
      Files.createDirectory(server.home().resolve("incoming"));
      Files.setAttribute(server.home().resolve("incoming"), "unix:uid", 4711);
      arguments.add(0, "upload");
      arguments.add("incoming/");
      succeeds(wire.device(), server, version, arguments.toArray(String[]::new));
      for (int i = 0; i < 10; i++) {
        assertThat(server.home().resolve("incoming/file" + i))
            .hasSameBinaryContentAs(folder.resolve("file" + i));
      }
      assertThat(filesIn(server.home().resolve("incoming"))).hasSize(10);
      assertThat(controlConnections(wire, server)).hasSize(1);
      assertThat(wire.heard()).doesNotContain(server.account().password(), "pump", "file0");
      assertReused(software, server, version, 10);
    }
  }

  private static void assertReused(
      FtpSoftware software, FtpServer server, String version, int count) {
    if (!software.demandsReuse()) return;
    assertThat(server.dataSessions())
        .as(server.logs())
        .hasSize(count)
        .allMatch(FtpSoftware.DataSession::reused, "reused the control connection's session")
        .allMatch(each -> each.version().equals("TLSv" + version), "TLS " + version);
  }

  private static List<String> controlConnections(MeteredWire wire, FtpServer server) {
    return Pattern.compile("AT\\+CIPSTART=[^\r]*," + server.port() + "\\b")
        .matcher(wire.heard())
        .results()
        .map(MatchResult::group)
        .toList();
  }

  private static void succeeds(String device, FtpServer server, String version, String... words)
      throws IOException {
    Path password = server.account().writePassword(folder.resolve("password"));
    String[] options = {
      "-d",
      device,
      "--server",
      "files.test:" + server.port(),
      "--cacert",
      authority.toString(),
      "--user",
      server.account().user(),
      "--password-file",
      password.toString(),
      "--tls-min",
      version,
      "--tls-max",
      version
    };
    Finished command = EspatCommand.run(LIMIT, EspatCommand.join(words, options));
    assertThat(command.exit()).as(() -> command.printed() + server.logs()).isZero();
  }

  private static List<String> filesIn(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  private static Path random(Path file, int length, long seed) throws IOException {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return Files.write(file, bytes);
  }
}
