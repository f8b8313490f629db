package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {
  private final SecretSource source = new SecretSource(Duration.ofSeconds(20));
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"s3crét ", "s3crét \n", "s3crét \r\n", "s3crét \nsecond line\n"})
  void theFirstLineIsTheSecretWithItsSpaces(String content) throws Exception {
    try (Secret secret = source.ofFile(file(content, "rw-------"))) {
      assertThat(secret.chars()).isEqualTo("s3crét ".toCharArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw----r--", "rwxrwxrwx"})
  void aFileThatOthersMayReadIsRefused(String permissions) throws IOException {
    Path file = file("s3cret\n", permissions);
    assertThatThrownBy(() -> source.ofFile(file))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> {
              assertThat(FailureText.of(e.failure()))
                  .contains("is not private", "chmod 600 ", "[E-FILE-READ]")
                  .doesNotContain("s3cret");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void anEmptyFirstLineIsNoSecret(String content) throws IOException {
    Path file = file(content, "rw-------");
    assertThatThrownBy(() -> source.ofFile(file)).hasMessageContaining("gave no secret");
  }

  @Test
  void aLineThatNeverEndsIsCutOff() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    assertThatThrownBy(() -> source.ofDescriptor(0, endless)).hasMessageContaining("no secret");
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    InputStream latin1 = new ByteArrayInputStream("é\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> source.ofDescriptor(0, latin1))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().why()).contains("not UTF-8"));
  }

  @Test
  void aSourceThatSaysNothingDoesNotHoldTheCommand() throws IOException {
    SecretSource impatient = new SecretSource(Duration.ofMillis(50));
    try (PipedOutputStream silent = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(silent)) {
      assertThatThrownBy(() -> impatient.ofDescriptor(0, in))
          .isInstanceOfSatisfying(
              FailureException.class, e -> assertThat(e.failure().why()).contains("nothing came"));
    }
  }

  @Test
  void aProgramGivesItsFirstLine() throws Exception {
    try (Secret secret = source.ofCommand("echo s3cret; echo more", false)) {
      assertThat(secret.chars()).isEqualTo("s3cret".toCharArray());
    }
  }

  @Test
  void aProgramThatFailsGivesNone() {
    assertThatThrownBy(() -> source.ofCommand("echo s3cret; exit 3", false))
        .isInstanceOfSatisfying(
            FailureException.class,
            e ->
                assertThat(FailureText.of(e.failure()))
                    .contains("it ended with status 3")
                    .doesNotContain("s3cret"));
  }

  @Test
  void aProgramThatNeverEndsIsEnded() {
    SecretSource impatient = new SecretSource(Duration.ofMillis(300));
    assertThatThrownBy(() -> impatient.ofCommand("exec tail -f /dev/null", false))
        .hasMessageContaining("gave no secret");
  }

  @Test
  void outputsAreNoSources() {
    assertThatThrownBy(() -> source.ofDescriptor(2, InputStream.nullInputStream()))
        .hasMessageContaining("is an output");
    assertThatThrownBy(() -> source.ofDescriptor(9999, InputStream.nullInputStream()))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().why()).contains("it is not open"));
  }

  /** Java gives a number that was closed when it started to the next file that it opens. */
  @Test
  void aFileThatJavaOpenedItselfIsNoSource() throws IOException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    int number = -1;
    for (int i = 3; i < 100 && number < 0; i++) {
      Path link = Path.of("/proc/self/fd/" + i);
      boolean javas = Files.isSymbolicLink(link) && Files.readSymbolicLink(link).startsWith(home);
      if (javas) number = i;
    }
    assumeTrue(number > 0, "no such file is seen here");
    int javas = number;
    assertThatThrownBy(() -> source.ofDescriptor(javas, InputStream.nullInputStream()))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().why()).contains("it is not open"));
  }

  @Test
  void aClosedSecretIsWipedAndNeverShown() {
    char[] chars = "s3cret".toCharArray();
    Secret secret = new Secret(chars);
    assertThat(secret).hasToString("********");
    secret.close();
    assertThat(chars).containsOnly('\0');
  }

  private Path file(String content, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
