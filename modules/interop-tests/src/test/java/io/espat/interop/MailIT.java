package io.espat.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.espat.interop.EspatCommand.Finished;
import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mail through the command line, a module on TCP or on a pseudo-terminal, and a real postfix. */
class MailIT {
  private static final Duration LIMIT = Duration.ofSeconds(50);

  @TempDir private static Path folder;
  private static PostfixServer postfix;
  private static Simulator simulator;
  private static Path authority;
  private static Path password;

  @BeforeAll
  static void start() throws IOException {
    TestAuthority ca = TestAuthority.create("espat test CA");
    authority = ca.writePem(folder.resolve("ca.pem"));
    postfix = PostfixServer.start(ca.issue("mail.test"));
    password = postfix.account().writePassword(folder.resolve("password"));
    simulator = Simulator.start("mail.test");
  }

  @AfterAll
  static void stop() throws IOException {
    Closing.all(simulator, postfix);
  }

  @Test
  void arrivesByteForByteThroughASerialDevice() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.to(simulator.port())) {
      arrives(terminal.device(), Letter.of(20_000, 3));
    }
  }

  @Test
  void arrivesByteForByteThroughTcpAndNothingOfItCrossesTheWireInClear() throws Exception {
    try (MeteredWire wire = new MeteredWire(simulator.port())) {
      arrives(wire.device(), Letter.of(20_000, 4));
      Account account = postfix.account();
      String plain = "\0" + account.user() + "\0" + account.password();
      assertThat(wire.heard())
          .contains("EHLO ", "STARTTLS")
          .doesNotContain(account.password(), "AUTH PLAIN", "AUTH LOGIN")
          .doesNotContain(Base64.getEncoder().encodeToString(plain.getBytes(US_ASCII)))
          .doesNotContain(Letter.FROM, Letter.TO, "pump 7 hot", "From the start of a line");
    }
  }

  @Test
  void aLongMailArrivesByteForByte() throws Exception {
    arrives(simulator.device(), Letter.of(1_500_000, 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "1.3"})
  void speaksTheTlsVersionAskedFor(String version) throws Exception {
    int known = postfix.log().length();
    arrives(simulator.device(), Letter.of(2_000, 6), "--tls-min", version, "--tls-max", version);
    assertThat(postfix.log().substring(known))
        .contains("TLS connection established from unknown[127.0.0.1]: TLSv" + version + " ");
  }

  @Test
  void aWrongPasswordIsRefusedAfterOneAttempt() throws Exception {
    int known = postfix.log().length();
    Path wrong = Account.fresh().writePassword(folder.resolve("wrong"));
    Letter letter = Letter.of(500, 7);
    Finished command = EspatCommand.run(LIMIT, line(simulator.device(), letter, wrong));
    assertThat(command.exit()).as(command.printed()).isEqualTo(77);
    assertThat(command.err()).contains("[E-AUTH-DENIED]").contains("535 5.7.8");
    assertThat(postfix.log().substring(known).split("authentication failed", -1)).hasSize(2);
  }

  private void arrives(String device, Letter letter, String... more) throws Exception {
    int known = postfix.delivered().size();
    String[] line = line(device, letter, password, more);
    Finished command = EspatCommand.run(LIMIT, line);
    assertThat(command.exit()).as(command.printed() + postfix.log()).isZero();
    assertThat(command.out()).startsWith("sent");
    assertThat(postfix.awaitMessage()).isEqualTo(letter.bytes());
    assertThat(postfix.delivered()).hasSize(known + 1);
  }

  private static String[] line(String device, Letter letter, Path password, String... more)
      throws IOException {
    String[] line =
        postfix.submission(device, authority, password, letter.write(folder.resolve("letter.eml")));
    return EspatCommand.join(line, more);
  }
}
