package io.espat.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.interop.EspatCommand.Finished;
import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command in a network namespace in which no interface is up, with an empty hosts table for its
 * JVM: all that it has is the pseudo-terminal.
 */
class IsolatedIT {
  private static final Duration LIMIT = Duration.ofSeconds(50);

  @TempDir private static Path folder;
  private static TestAuthority ca;
  private static Path authority;
  private static Path noHosts;

  @BeforeAll
  static void prepare() throws IOException {
    ca = TestAuthority.create("espat test CA");
    authority = ca.writePem(folder.resolve("ca.pem"));
    noHosts = Files.createFile(folder.resolve("hosts"));
  }

  @Test
  void aMailLeavesThroughTheSerialDeviceAlone() throws Exception {
    Letter letter = Letter.of(5_000, 21);
    try (PostfixServer postfix = PostfixServer.start(ca.issue("mail.test"));
        Simulator simulator = Simulator.start("mail.test");
        PseudoTerminal terminal = PseudoTerminal.to(simulator.port())) {
      Finished command = isolated(mail(terminal.device(), postfix, letter));
      assertThat(command.exit()).as(command.printed()).isZero();
      assertThat(postfix.awaitMessage()).isEqualTo(letter.bytes());
    }
  }

  @Test
  void aFileLeavesThroughTheSerialDeviceAlone() throws Exception {
    Path file = Files.write(folder.resolve("log.bin"), Letter.of(100_000, 22).bytes());
    try (FtpServer server = FtpServer.start(new Vsftpd(), ca.issue("files.test"));
        Simulator simulator = Simulator.start("files.test");
        PseudoTerminal terminal = PseudoTerminal.to(simulator.port())) {
      Path password = server.account().writePassword(folder.resolve("password"));
      Finished command =
          isolated(
              "upload",
              "-d",
              terminal.device(),
              "--server",
              "files.test:" + server.port(),
              "--cacert",
              authority.toString(),
              "--user",
              server.account().user(),
              "--password-file",
              password.toString(),
              file.toString());
      assertThat(command.exit()).as(() -> command.printed() + server.logs()).isZero();
      assertThat(server.home().resolve("log.bin")).hasSameBinaryContentAs(file);
    }
  }

  /** The control: what reaches the module by the host's network cannot work in there. */
  @Test
  void theSameCommandFailsWhenTheDeviceIsOnTheNetwork() throws Exception {
    try (PostfixServer postfix = PostfixServer.start(ca.issue("mail.test"));
        Simulator simulator = Simulator.start("mail.test")) {
      Finished command = isolated(mail(simulator.device(), postfix, Letter.of(500, 23)));
      assertThat(command.exit()).as(command.printed()).isEqualTo(72);
      assertThat(postfix.delivered()).isEmpty();
    }
  }

  private static String[] mail(String device, PostfixServer postfix, Letter letter)
      throws IOException {
    Path password = postfix.account().writePassword(folder.resolve("password"));
    return postfix.submission(
        device, authority, password, letter.write(folder.resolve("letter.eml")));
  }

  private static Finished isolated(String... arguments) throws IOException {
    try (EspatCommand command =
        EspatCommand.start(
            List.of("unshare", "--net"),
            List.of("-Djdk.net.hosts.file=" + noHosts),
            List.of(arguments))) {
      return command.finish(LIMIT);
    }
  }
}
