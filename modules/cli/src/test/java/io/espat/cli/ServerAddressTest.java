package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.tls.TlsMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
  @ParameterizedTest
  @CsvSource({
    "mail.test,                MAIL,  mail.test,  587, STARTTLS",
    "mail.test:465,            MAIL,  mail.test,  465, IMPLICIT",
    "mail.test:25,             MAIL,  mail.test,  25,  STARTTLS",
    "smtp://mail.test,         MAIL,  mail.test,  587, STARTTLS",
    "SMTPS://mail.test/,       MAIL,  mail.test,  465, IMPLICIT",
    "smtps://mail.test:2525,   MAIL,  mail.test,  2525, IMPLICIT",
    "files.test,               FILES, files.test, 21,  STARTTLS",
    "ftp://files.test,         FILES, files.test, 21,  STARTTLS",
    "ftps://files.test,        FILES, files.test, 990, IMPLICIT",
    "files.test:990,           FILES, files.test, 990, IMPLICIT",
    "192.0.2.1:21,             FILES, 192.0.2.1,  21,  STARTTLS",
    "[2001:db8::1]:587,        MAIL,  2001:db8::1, 587, STARTTLS",
    "[2001:db8::1],            MAIL,  2001:db8::1, 587, STARTTLS"
  })
  void readsEveryForm(String spec, Protocol protocol, String host, int port, TlsMode mode)
      throws FailureException {
    assertThat(ServerAddress.parse(spec, protocol, null, null))
        .isEqualTo(new ServerAddress(host, port, mode));
  }

  @ParameterizedTest
  @CsvSource({
    ",     STARTTLS, 587,  STARTTLS",
    ",     IMPLICIT, 465,  IMPLICIT",
    ",     NONE,     25,   NONE",
    "465,  ,         465,  IMPLICIT",
    "465,  STARTTLS, 465,  STARTTLS",
    "2525, ,         2525, STARTTLS"
  })
  void portAndModeFollowEachOther(
      @Nullable String port, @Nullable TlsMode mode, int expectedPort, TlsMode expectedMode)
      throws FailureException {
    assertThat(ServerAddress.parse("mail.test", Protocol.MAIL, port, mode))
        .isEqualTo(new ServerAddress("mail.test", expectedPort, expectedMode));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":587",
        "mail test",
        "mail.test:",
        "mail.test:0",
        "mail.test:65536",
        "mail.test:58x",
        "mail.test:1:2",
        "2001:db8::1",
        "http://mail.test",
        "ftp://mail.test",
        "smtp://mail.test/path",
        "a@mail.test",
        "smtp://a:b@mail.test",
        "smtp://mail.test/@b",
        "mail.test\r\nRCPT",
        "mäil.test"
      })
  void refusesTheRest(String spec) {
    assertThatThrownBy(() -> ServerAddress.parse(spec, Protocol.MAIL, null, null))
        .isInstanceOfSatisfying(
            FailureException.class, e -> assertThat(e.failure().code()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void anAddressOfTheSixthVersionIsToldItsBrackets() {
    assertThatThrownBy(() -> ServerAddress.parse("2001:db8::1", Protocol.MAIL, null, null))
        .isInstanceOfSatisfying(
            FailureException.class,
            e -> assertThat(e.failure().remedy()).contains("[2001:db8::1]"));
  }

  @Test
  void twoPortsOrModesThatContradictAreRefused() {
    assertThatThrownBy(() -> ServerAddress.parse("mail.test:25", Protocol.MAIL, "587", null))
        .hasMessageContaining("--port says 587");
    assertThatThrownBy(
            () -> ServerAddress.parse("smtps://mail.test", Protocol.MAIL, null, TlsMode.STARTTLS))
        .hasMessageContaining("--tls says otherwise");
  }
}
