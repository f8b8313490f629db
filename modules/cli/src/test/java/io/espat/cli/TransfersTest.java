package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that succeed, against the demonstration's servers and through a simulated module. */
class TransfersTest {
  private static final String SECRET = "hunter2-Zk9mQ";

  @TempDir Path folder;
  private Path remote;
  private DemoServers servers;
  private Path ca;
  private Path password;

  @BeforeEach
  void start() throws IOException {
    remote = Files.createDirectory(folder.resolve("remote"));
    servers = new DemoServers(remote, SECRET);
    ca = servers.authority().writePem(folder.resolve("ca.pem"));
    password = Files.writeString(folder.resolve("password"), SECRET);
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
  }

  @AfterEach
  void stop() {
    servers.close();
  }

  private List<String> command(String name, String host, int port, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                name,
                "-d",
                Peers.DEVICE,
                "-S",
                host + ":" + port,
                "--cacert",
                ca.toString(),
                "-u",
                "pump7",
                "--password-file",
                password.toString()));
    all.addAll(List.of(more));
    return all;
  }

  private List<String> send(String... more) {
    return command("send", "mail.test", servers.mailPort(), more);
  }

  private List<String> files(String name, String... more) {
    return command(name, "files.test", servers.filesPort(), more);
  }

  @Test
  void aComposedMailArrivesWhole() throws Exception {
    Path csv = Files.writeString(folder.resolve("läg.csv"), "a;b\n1;2\n");
    Cli.Outcome outcome =
        new Cli()
            .input("83 °C\n.\nbye\n")
            .run(
                send(
                    "-f",
                    "Pump 7 <pump7@espat.test>",
                    "--to",
                    "ops@espat.test, Chef <c@espat.test>",
                    "--bcc",
                    "secret@espat.test",
                    "-s",
                    "heiß",
                    "--header",
                    "X-Pump: 7",
                    "-a",
                    csv + ";type=text/csv"));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .matches("sent  <[0-9a-f-]{36}@espat\\.test>  3 recipients  TLSv1\\.3  \\S+ m?s\n");
    String message = new String(servers.delivered(), StandardCharsets.UTF_8);
    assertThat(message)
        .contains("From: Pump 7 <pump7@espat.test>", "Subject: =?UTF-8?", "X-Pump: 7\r\n")
        .contains("multipart/mixed", "text/csv", "attachment", "YTtiCjE7Mgo=")
        .doesNotContain("secret@espat.test")
        .doesNotContainPattern("(?<!\r)\n");
  }

  @Test
  void aFileThatDoesNotGetThroughStandardOutputIsNotDownloaded() throws Exception {
    for (int size : List.of(1, 300_000)) {
      Files.write(remote.resolve("log.bin"), new byte[size]);
      Cli.Outcome outcome = new Cli().unwritableOutput().run(files("download", "log.bin", "-"));
      assertThat(outcome.code()).isEqualTo(73);
      assertThat(outcome.err()).contains("[E-FILE-WRITE]", "not the whole file");
    }
  }

  @Test
  void aFolderGivenAsTheMessageIsNamed() {
    Cli.Outcome outcome =
        new Cli().run(send("-f", "a@b.test", "--to", "c@d.test", "--message", folder.toString()));
    assertThat(outcome.code()).isEqualTo(66);
    assertThat(outcome.err()).contains("the message cannot be read", folder + ": ");
  }

  @Test
  void theReportForProgramsHoldsTheWholeStory() throws Exception {
    Cli.Outcome outcome =
        new Cli().run(send("-f", "a@espat.test", "--to", "b@espat.test", "--body", "x", "--json"));
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out().lines()).hasSize(1);
    assertThat(outcome.out())
        .startsWith("{\"schema\":1,\"command\":\"send\",\"status\":\"sent\",\"messageId\":\"<")
        .contains("\"recipients\":[{\"address\":\"b@espat.test\",\"status\":\"accepted\"")
        .contains("\"host\":\"mail.test\",\"port\":" + servers.mailPort())
        .contains("\"address\":\"127.0.0.1\"")
        .contains("\"mode\":\"starttls\",\"version\":\"TLSv1.3\",\"suite\":\"TLS_")
        .contains("\"peer\":\"CN=mail.test\",\"notAfter\":\"20", "\"spki\":\"sha256//")
        .contains("\"handshake\":", "\"total\":", "\"tx\":", "\"error\":null}");
  }

  @Test
  void aFinishedMessageGoesUnchangedButForBcc() throws Exception {
    String text = "From: a@espat.test\r\nTo: b@espat.test\r\nBcc: c@espat.test\r\n\r\n..dot\r\n";
    Path message = Files.writeString(folder.resolve("m.eml"), text);
    Cli.Outcome outcome = new Cli().run(send("-t", "--message", message.toString()));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("2 recipients");
    assertThat(new String(servers.delivered(), StandardCharsets.UTF_8))
        .isEqualTo(text.replace("Bcc: c@espat.test\r\n", ""));
    Cli.Outcome piped = new Cli().input(text).run(send("-t", "--message", "-", "-q"));
    assertThat(piped.code()).isZero();
    assertThat(piped.all()).isEmpty();
  }

  @Test
  void aDryRunShowsThePlanAndTouchesNothing() {
    Cli.Outcome outcome =
        new Cli()
            .run(
                "send",
                "-n",
                "-d",
                "nothing:here",
                "-S",
                "mail.test",
                "-u",
                "pump7",
                "-f",
                "a@espat.test",
                "--to",
                "b@espat.test",
                "--bcc",
                "hidden@espat.test",
                "--body",
                "hi");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err())
        .isEqualTo(
            """
            device   nothing:here
            server   mail.test:587, starttls
            login    pump7
            from     a@espat.test
            to       b@espat.test, hidden@espat.test
            nothing was sent: this is a dry run
            """);
    assertThat(outcome.out())
        .contains("To: b@espat.test\r\n", "\r\n\r\nhi")
        .doesNotContain("hidden@");
  }

  @Test
  void filesGoThereAndComeBack() throws Exception {
    byte[] content = new byte[300_000];
    new Random(7).nextBytes(content);
    Path local = Files.write(folder.resolve("log.bin"), content);
    Files.createDirectory(remote.resolve("in"));
    Cli.Outcome up = new Cli().run(files("upload", local.toString(), ca.toString(), "in/"));
    assertThat(up.err()).isEmpty();
    assertThat(up.code()).isZero();
    assertThat(up.out())
        .containsPattern("log\\.bin -> in/log\\.bin   300 kB  .*/s  size verified\n")
        .contains("ca.pem -> in/ca.pem");
    assertThat(remote.resolve("in/log.bin")).hasBinaryContent(content);

    Cli.Outcome list = new Cli().run(files("ls", "--long", "in"));
    assertThat(list.out()).containsPattern(" 300000  \\d{4}-\\d\\d-\\d\\d .*Z  log\\.bin\n");

    Path back = folder.resolve("back.bin");
    Cli.Outcome down = new Cli().run(files("download", "in/log.bin", back.toString(), "--json"));
    assertThat(down.code()).isZero();
    assertThat(down.out())
        .contains("\"status\":\"downloaded\"", "\"bytes\":300000")
        .contains("\"peer\":\"CN=files.test\",\"notAfter\":\"", "\"sha256//");
    assertThat(back).hasBinaryContent(content);
  }

  @Test
  void aRemoteFileThatIsMissingLeavesNothingBehind() {
    Path local = folder.resolve("none.bin");
    Cli.Outcome outcome = new Cli().run(files("download", "none.bin", local.toString()));
    assertThat(outcome.code()).isEqualTo(66);
    assertThat(outcome.err()).contains("[E-FTP-MISSING]");
    assertThat(local).doesNotExist();
  }

  @Test
  void aWrongPasswordIsDenied() {
    Cli.Outcome outcome =
        new Cli()
            .environment("ESPAT_PASSWORD", "wrong-" + SECRET)
            .run(
                "ls",
                "-d",
                Peers.DEVICE,
                "-S",
                "files.test:" + servers.filesPort(),
                "--cacert",
                ca.toString(),
                "-u",
                "pump7",
                "-vv");
    assertThat(outcome.code()).isEqualTo(77);
    assertThat(outcome.err()).contains("[E-AUTH-DENIED]", "~> PASS ********");
    assertThat(outcome.all()).doesNotContain(SECRET);
  }

  @Test
  void oneFileThatFailsDoesNotStopTheOthersAndIsNotForgotten() throws Exception {
    Path good = Files.writeString(folder.resolve("good.txt"), "good");
    Path clash = Files.writeString(folder.resolve("clash"), "clash");
    Files.createDirectory(remote.resolve("clash.part"));
    Cli.Outcome outcome =
        new Cli().run(files("upload", clash.toString(), good.toString(), "--json"));
    assertThat(outcome.code()).isNotZero();
    assertThat(outcome.out()).contains("\"status\":\"partial\"", "\"id\":\"E-FTP-");
    assertThat(remote.resolve("good.txt")).hasContent("good");
  }

  @Test
  void thePromptAsksOnATerminalOnly() {
    Cli.Outcome outcome =
        new Cli()
            .terminal(question -> question.contains("pump7") ? SECRET.toCharArray() : null)
            .run(
                "ls",
                "-d",
                Peers.DEVICE,
                "-S",
                "files.test:" + servers.filesPort(),
                "--cacert",
                ca.toString(),
                "-u",
                "pump7");
    assertThat(outcome.code()).isZero();
    Cli.Outcome forbidden =
        new Cli()
            .terminal(question -> SECRET.toCharArray())
            .run("ls", "-d", Peers.DEVICE, "-S", "files.test", "-u", "pump7", "--no-input");
    assertThat(forbidden.code()).isEqualTo(64);
  }

  @Test
  void aModuleThatIsInNoNetworkSaysSo() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().joined(false).build()) {
      int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String device = "tcp://127.0.0.1:" + port;
      Cli.Outcome info = new Cli().run("info", "-d", device);
      assertThat(info.code()).isZero();
      assertThat(info.out()).contains("Wi-Fi     not joined\n", "do        espat wifi join");
      Cli.Outcome list = new Cli().run("ls", "-d", device, "-S", "files.test");
      assertThat(list.code()).isEqualTo(75);
      assertThat(list.err()).contains("[E-WIFI-ABSENT]", "espat wifi join");
    }
  }

  @Test
  void theModuleOnATcpPortIsAsGoodAsAnother() throws Exception {
    Cli simulator = new Cli();
    Main main = simulator.main();
    CompletableFuture<Integer> running =
        CompletableFuture.supplyAsync(
            () -> main.run("simulate", "--listen", "127.0.0.1:0", "--host", "mail.test=127.0.0.1"));
    try {
      String device = "tcp://" + port(simulator);
      Cli.Outcome info = new Cli().environment("ESPAT_DEVICE", device).run("info");
      assertThat(info.err()).isEmpty();
      assertThat(info.out()).contains("chip      ESP32\n", "Wi-Fi     joined espat");
      Cli.Outcome sent =
          new Cli()
              .run(
                  "send",
                  "-d",
                  device,
                  "-S",
                  "mail.test:" + servers.mailPort(),
                  "--cacert",
                  ca.toString(),
                  "-u",
                  "pump7",
                  "--password-file",
                  password.toString(),
                  "-f",
                  "a@espat.test",
                  "--to",
                  "b@espat.test",
                  "--body",
                  "x");
      assertThat(sent.err()).isEmpty();
      assertThat(sent.code()).isZero();
    } finally {
      main.interrupt();
    }
    assertThat(running.get(10, TimeUnit.SECONDS)).isEqualTo(130);
  }

  private static String port(Cli simulator) throws InterruptedException {
    String text = simulator.awaitOut("interrupt to end it");
    int start = text.indexOf("serial line on ") + "serial line on ".length();
    return text.substring(start, text.indexOf('\n', start));
  }
}
