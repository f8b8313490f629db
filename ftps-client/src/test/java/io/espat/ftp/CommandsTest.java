package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"AUTH TLS", "CCC", "ccc", "REIN", "PROT C", "PROT", "prot c", "TYPE A", "TYPE"})
  void nothingLeavesEncryptionOrTheBinaryType(String line) {
    assertThatThrownBy(() -> Commands.check(verb(line), line, true))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"USER u", "FEAT", "QUIT", "AUTH SSL", "AUTH TLS-C", "AUTH", "STOR x"})
  void nothingButAuthTlsIsSaidInClear(String line) {
    assertThatThrownBy(() -> Commands.check(verb(line), line, false))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"STOR a\r\nDELE b", "STOR a\nb", "STOR a\rb", "STOR a\0b"})
  void aLineEndInACommandIsRefused(String line) {
    assertThatThrownBy(() -> Commands.check("STOR", line, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRestIsSaid() {
    assertThatCode(() -> Commands.check("AUTH", "AUTH TLS", false)).doesNotThrowAnyException();
    assertThatCode(() -> Commands.check("PROT", "prot p", true)).doesNotThrowAnyException();
    assertThatCode(() -> Commands.check("TYPE", "TYPE I", true)).doesNotThrowAnyException();
    assertThatCode(() -> Commands.check("STOR", "STOR ä ö", true)).doesNotThrowAnyException();
  }

  @Test
  void aSecretIsNeverQuoted() {
    assertThatThrownBy(() -> Commands.checkSecret("hush\nhush".toCharArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "dir/", "a\r\nb"})
  void aFilePathNamesAFile(String path) {
    assertThatThrownBy(() -> Commands.checkFile(path)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String verb(String line) {
    return (line + " ").substring(0, (line + " ").indexOf(' ')).toUpperCase(java.util.Locale.ROOT);
  }
}
