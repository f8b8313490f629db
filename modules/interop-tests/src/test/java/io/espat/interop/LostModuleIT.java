package io.espat.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.interop.EspatCommand.Finished;
import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The module's power cut ({@code kill -9} of the simulator) at ten points of a mail and of an
 * upload, by the bytes that have passed on its serial line in a run that went well.
 */
@Timeout(120)
class LostModuleIT {
  /** The command's own time-outs, and what a JVM takes to start on a busy machine. */
  private static final Duration LIMIT = Duration.ofSeconds(10 + 10);

  private static final Letter LETTER = Letter.of(4_000, 31);
  private static final byte[] OLD = "the report of yesterday".getBytes();
  private static final byte[] NEW = Letter.of(6_000, 32).bytes();

  @TempDir private static Path folder;
  private static Path authority;
  private static PostfixServer postfix;
  private static FtpServer vsftpd;
  private static long mailBytes;
  private static long uploadBytes;
  private static int unknown;

  /** How a command ended, and how many bytes had passed on the serial line. */
  private record Outcome(Finished command, long passed) {}

  @BeforeAll
  static void measureWhatGoesWell() throws IOException {
    TestAuthority ca = TestAuthority.create("espat test CA");
    authority = ca.writePem(folder.resolve("ca.pem"));
    LETTER.write(folder.resolve("letter.eml"));
    Files.write(folder.resolve("report"), NEW);
    postfix = PostfixServer.start(ca.issue("mail.test"));
    vsftpd = FtpServer.start(new Vsftpd(), ca.issue("files.test"));
    Outcome mail = cutAfter(Long.MAX_VALUE, mail());
    assertThat(mail.command().exit()).as(mail.command().printed()).isZero();
    assertThat(postfix.awaitMessage()).isEqualTo(LETTER.bytes());
    Outcome upload = cutAfter(Long.MAX_VALUE, upload());
    assertThat(upload.command().exit()).as(upload.command().printed()).isZero();
    mailBytes = mail.passed();
    uploadBytes = upload.passed();
  }

  @AfterAll
  static void stop() throws IOException {
    List<byte[]> delivered = postfix.delivered();
    Closing.all(vsftpd, postfix);
    assertThat(delivered.size() - 1)
        .as("mails delivered although the command did not leave that open")
        .isLessThanOrEqualTo(unknown);
    assertThat(delivered)
        .allSatisfy(each -> assertThat(PostfixServer.withoutTrace(each)).isEqualTo(LETTER.bytes()));
  }

  /** In percent of the bytes of a whole run; the goodbyes after the verdict begin beyond 95. */
  @ParameterizedTest
  @ValueSource(ints = {3, 12, 22, 32, 42, 52, 62, 72, 82, 92})
  void aMailEndsWithAnHonestError(int percent) throws Exception {
    Finished command = cutAfter(mailBytes * percent / 100, mail()).command();
    tell("mail", percent, command);
    assertThat(command.exit()).as(command.printed()).isIn(74, 75);
    assertThat(command.out()).doesNotContain("sent");
    assertThat(command.err()).doesNotContainPattern("(?m)^sent").containsPattern("\\[E-[A-Z-]+]");
    if (command.err().contains("[E-SMTP-UNKNOWN]")) unknown++;
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 12, 22, 32, 42, 52, 62, 72, 82, 92})
  void anUploadLeavesTheOldFileOrTheWholeNewOne(int percent) throws Exception {
    Path remote = vsftpd.home().resolve("report");
    Files.write(remote, OLD);
    Files.setAttribute(remote, "unix:uid", 4711);
    Finished command = cutAfter(uploadBytes * percent / 100, upload()).command();
    tell("upload", percent, command);
    assertThat(command.exit()).as(command.printed()).isIn(74, 75);
    assertThat(command.out()).doesNotContain("verified");
    assertThat(command.err()).containsPattern("\\[E-[A-Z-]+]");
    assertThat(Files.readAllBytes(remote)).isIn(OLD, NEW);
  }

  /** For the log: which stages the ten points met. */
  private static void tell(String what, int percent, Finished command) {
    String words = command.err().replaceAll("\\s+", " ");
    System.out.printf("%s cut at %d %%: exit %d, %s%n", what, percent, command.exit(), words);
  }

  private static Outcome cutAfter(long bytes, String... words) throws IOException {
    AtomicReference<Simulator> module = new AtomicReference<>();
    try (Simulator simulator = Simulator.start("mail.test", "files.test");
        MeteredWire wire = new MeteredWire(simulator.port(), bytes, () -> module.get().kill())) {
      module.set(simulator);
      String[] device = {"-d", wire.device(), "--timeout", "10s", "--connect-timeout", "10s"};
      Finished command = EspatCommand.run(LIMIT, EspatCommand.join(words, device));
      assertThat(wire.reached()).as(command.printed()).isEqualTo(bytes < Long.MAX_VALUE);
      return new Outcome(command, wire.passed());
    }
  }

  private static String[] mail() throws IOException {
    return new String[] {
      "send",
      "--server",
      "mail.test:" + postfix.port(),
      "--cacert",
      authority.toString(),
      "--user",
      postfix.account().user(),
      "--password-file",
      postfix.account().writePassword(folder.resolve("mail-password")).toString(),
      "--from",
      Letter.FROM,
      "--to",
      Letter.TO,
      "--message",
      folder.resolve("letter.eml").toString()
    };
  }

  private static String[] upload() throws IOException {
    return new String[] {
      "upload",
      "--server",
      "files.test:" + vsftpd.port(),
      "--cacert",
      authority.toString(),
      "--user",
      vsftpd.account().user(),
      "--password-file",
      vsftpd.account().writePassword(folder.resolve("file-password")).toString(),
      folder.resolve("report").toString()
    };
  }
}
