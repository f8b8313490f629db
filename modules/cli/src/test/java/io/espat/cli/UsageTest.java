package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong arguments: exit code 64, one message, no secret in it. */
class UsageTest {
  private static final String SECRET = "hunter2-Zk9";
  private static final List<String> SEND =
      List.of("send", "-d", "sim:", "-S", "mail.test", "-f", "a@b.test", "--to", "c@d.test");

  @Test
  void aPasswordInTheArgumentsIsRefusedWithTheSources() {
    assertRefused(new Cli().run(SEND, "--password", SECRET), "a password may not stand in the arg");
    assertRefused(new Cli().run(SEND, "--password=" + SECRET), "a password may not stand in the a");
    assertRefused(new Cli().run("upload", "--pass", SECRET, "x"), "a password may not stand in th");
    assertRefused(new Cli().run(SEND, "-u", "name:" + SECRET), "NAME:PASSWORD is refused");
    assertRefused(
        new Cli().run("ls", "-S", "ftp://name:" + SECRET + "@files.test"),
        "--server may not carry a user name or a password");
  }

  private static void assertRefused(Cli.Outcome outcome, String words) {
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err())
        .contains(words, "[E-USAGE]", "--password-file", "--password-cmd", "--password-fd")
        .contains("ESPAT_PASSWORD");
    assertThat(outcome.all()).doesNotContain(SECRET);
  }

  @Test
  void whatFollowsAnUnknownOptionIsNotRepeated() {
    assertThat(new Cli().run(SEND, "--passwort=" + SECRET).all())
        .contains("there is no option --passwort")
        .doesNotContain(SECRET);
    assertThat(new Cli().run(SEND, "--secret", SECRET).all())
        .contains("there is no option --secret")
        .doesNotContain(SECRET);
    assertThat(new Cli().run(SEND, "-p" + SECRET).all())
        .contains("there is no option -p")
        .doesNotContain(SECRET);
    assertThat(new Cli().run(SEND, SECRET).all()).doesNotContain(SECRET);
    assertThat(new Cli().run(SEND, "-u", "a", "--password-fd", SECRET).all())
        .contains("it takes the number of an open descriptor")
        .doesNotContain(SECRET);
  }

  @Test
  void aRemoteNameGivenAsAFileIsExplained() {
    Cli.Outcome outcome = new Cli().run("upload", "-d", "sim:", "-S", "files.test", "new-name");
    assertThat(outcome.code()).isEqualTo(66);
    assertThat(outcome.err()).contains("new-name: no such file", "ends in /", "-T FILE NAME");
  }

  @Test
  void anAddressThatSomebodyElseListensOnIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String taken = "127.0.0.1:" + other.getLocalPort();
      Cli.Outcome outcome = new Cli().run("simulate", "--listen", taken);
      assertThat(outcome.code()).isEqualTo(69);
      assertThat(outcome.err()).contains("[E-NET-LISTEN]", taken, "another port with --listen");
      Cli.Outcome portOnly = new Cli().run("simulate", "--listen", "" + other.getLocalPort());
      assertThat(portOnly.err()).contains("on " + taken + ": ");
    }
  }

  @Test
  void aDeviceGivenAsPortIsUnderstood() {
    for (String device : List.of("COM3", "/dev/ttyUSB0", "ttyUSB0")) {
      Cli.Outcome outcome = new Cli().run(SEND, "--port", device);
      assertThat(outcome.code()).isEqualTo(64);
      assertThat(outcome.err()).contains("did you mean --device?", "-d " + device);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--oauth2-token-cmd", "--queue", "--trace", "--dsn-notify", "--pin-only", "-P"})
  void whatIsNotThereYetIsNotAcceptedInSilence(String option) {
    Cli.Outcome outcome = new Cli().run(SEND, option, "x");
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("there is no option " + option);
  }

  @Test
  void optionsBeforeTheCommandAreToldTheirPlace() {
    Cli.Outcome outcome = new Cli().run("-d", "/dev/ttyUSB0", "info");
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("option -d stands before the command");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--flow        | on      | --flow takes auto, rts-cts or none, not on",
        "--reset       | hard    | --reset takes none, at or line, not hard",
        "--color       | red     | --color takes auto, always or never, not red",
        "--switch-baud | fast    | --switch-baud takes a whole number, not fast",
        "--baud        | 0       | write a speed of 80 to 5000000, or auto",
        "--baud        | 5000001 | write a speed of 80 to 5000000, or auto",
        "--baud        | fast    | write a speed of 80 to 5000000, or auto",
        "--switch-baud | 79      | write a speed of 80 to 5000000",
        "--switch-baud | -5      | write a speed of 80 to 5000000",
      })
  void aValueThatCannotBeIsAnsweredWithThoseThatCan(String option, String value, String said) {
    Cli.Outcome outcome = new Cli().run("info", "-d", "sim:", option, value);
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("[E-USAGE]", option, said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1:3333             | write tcp://127.0.0.1:3333",
        "serial:                    | no port is named",
        "tcp://no-such-host.invalid:1 | the host is not known here",
      })
  void aDeviceThatIsNoneSaysWhat(String device, String said) {
    Cli.Outcome outcome = new Cli().run("info", "-d", device);
    assertThat(outcome.code()).isEqualTo(72);
    assertThat(outcome.err()).contains("[E-DEV-MISSING]", said);
  }

  @Test
  void aFolderIsNoDevice() {
    Cli.Outcome outcome = new Cli().run("info", "-d", System.getProperty("java.io.tmpdir"));
    assertThat(outcome.code()).isEqualTo(72);
    assertThat(outcome.err()).contains("[E-DEV-MISSING]", "it is not a serial port");
  }

  @Test
  void aProgramGetsItsDocumentEvenThen() {
    Cli.Outcome outcome = new Cli().run("wifi", "join", "--json");
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.out())
        .startsWith("{\"schema\":1,\"command\":\"wifi join\",\"status\":\"failed\",\"error\":{")
        .contains("\"id\":\"E-USAGE\",\"code\":64");
  }

  @Test
  void anUnknownCommandIsToldWhichThereAre() {
    Cli.Outcome outcome = new Cli().run("sned");
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("there is no such command", "demo, send, upload");
  }

  @Test
  void noCommandAtAllShowsTheHelp() {
    Cli.Outcome outcome = new Cli().run();
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("Commands:");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void clearTextMustBeAskedForByNameAndNeverCarriesALogin() {
    assertThat(new Cli().run(SEND, "--tls", "none").err()).contains("--allow-cleartext");
    Cli.Outcome withLogin =
        new Cli()
            .environment("ESPAT_PASSWORD", SECRET)
            .run(SEND, "--tls", "none", "--allow-cleartext", "-u", "a");
    assertThat(withLogin.code()).isEqualTo(64);
    assertThat(withLogin.err()).contains("a password is never sent in clear");
    assertThat(new Cli().run("ls", "-S", "files.test", "--tls", "none", "--allow-cleartext").err())
        .contains("files are never moved without TLS");
  }

  @Test
  void aUserWithoutAPasswordIsToldTheSources() {
    Cli.Outcome outcome = new Cli().run(SEND, "-u", "a", "--body", "x");
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("no password for user a", "--password-file FILE");
  }

  @Test
  void aPasswordSourceWithoutAUserMakesNoSense() {
    Cli.Outcome outcome = new Cli().run(SEND, "--password-cmd", "true");
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("a password without a user name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1s", "5x", "soon", "99999999999"})
  void aDurationThatIsNoneIsRefused(String text) {
    Cli.Outcome outcome = new Cli().run(SEND, "--timeout=" + text);
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("--timeout", "duration").doesNotContain("java.");
  }

  @Test
  void theMessageIsTheOneThatIsMeant() {
    assertThat(new Cli().run("send", "-S", "mail.test").err())
        .isEqualTo(
            """
            espat: the mail has no sender                                           [E-USAGE]
              do      add --from ADDRESS
            """);
    assertThat(new Cli().run(SEND, "--subjet", "x").err())
        .isEqualTo(
            """
            espat: there is no option --subjet                                      [E-USAGE]
              do      did you mean --subject?
                      see espat send --help
            """);
  }

  @Test
  void anEnvironmentThatCannotBeReadIsNamed() {
    Cli.Outcome outcome =
        new Cli().environment("ESPAT_BAUD", "fast").run("info", "-d", "/dev/none");
    assertThat(outcome.code()).isEqualTo(64);
    assertThat(outcome.err()).contains("ESPAT_BAUD cannot be fast", "write a speed of");
  }

  @Test
  void aSpeedIsANumberOrAuto() {
    assertThat(new Cli().run("info", "-d", "sim:", "-b", "fast").err())
        .contains("--baud cannot be fast");
    assertThat(new Cli().run("info", "-d", "sim:", "-b", "79").code()).isEqualTo(64);
    assertThat(new Cli().run("info", "-d", "sim:", "--switch-baud", "79").code()).isEqualTo(64);
    Cli.Outcome found = new Cli().run("info", "-d", "sim:", "-b", "auto");
    assertThat(found.out()).contains("found by trying the usual speeds");
  }

  @Test
  void whatTheLineCannotDoIsNamed() {
    Cli.Outcome flow = new Cli().run("info", "-d", "sim:", "--flow", "rts-cts");
    assertThat(flow.code()).isEqualTo(72);
    assertThat(flow.err()).contains("[E-DEV-LINE]", "wire RTS and CTS both ways");
    assertThat(new Cli().run("info", "-d", "sim:").out()).contains("RTS/CTS   not in use: ");
    assertThat(new Cli().run("help", "E-DEV-LINE").code()).isZero();
  }

  @Test
  void aFailureWithJsonIsADocumentAndAMessage() {
    Cli.Outcome outcome = new Cli().run("info", "-d", "nothing:here", "--json");
    assertThat(outcome.code()).isEqualTo(72);
    assertThat(outcome.out())
        .startsWith("{\"schema\":1,\"command\":\"info\",\"status\":\"failed\"")
        .contains("\"id\":\"E-DEV-MISSING\"", "\"code\":72");
    assertThat(outcome.err()).contains("[E-DEV-MISSING]");
  }
}
