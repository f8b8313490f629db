package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTextTest {
  @Test
  void theMessageHasTheFormOfTheConventions() {
    Failure failure =
        new Failure(
            ErrorId.TLS_NAME,
            "server certificate is for another name",
            "STARTTLS handshake with mail.example.org:587 (192.0.2.25)",
            "CN=mx1.provider.example\nnames: mx1.provider.example, *.mx.provider.example",
            "none of the names matches mail.example.org",
            "use the provider's name (--server mx1.provider.example:587), or, if this is your own"
                + " server, --tls-name mx1.provider.example");
    assertThat(FailureText.of(failure))
        .isEqualTo(
            """
            espat: server certificate is for another name                           [E-TLS-NAME]
              stage   STARTTLS handshake with mail.example.org:587 (192.0.2.25)
              server  CN=mx1.provider.example
                      names: mx1.provider.example, *.mx.provider.example
              why     none of the names matches mail.example.org
              do      use the provider's name (--server mx1.provider.example:587), or, if this is your own
                      server, --tls-name mx1.provider.example
            """);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(FailureText.of(Failure.of(ErrorId.NET_LOST, null)))
        .isEqualTo(
            """
            espat: the connection was lost                                          [E-NET-LOST]
              do      try again
            """);
  }

  @Test
  void aServerCannotWriteToTheTerminal() {
    Failure failure =
        Failure.of(ErrorId.SMTP_REJECTED, null)
            .server("550 \u001b[2J\u0007 \u202e gone\r\n550 x\u0000");
    assertThat(FailureText.of(failure))
        .contains("550 \\x1b[2J\\x07 \\u202e gone\n          550 x\\x00");
  }

  @Test
  void aLongWordStaysWhole() {
    String path = "/" + "x".repeat(200);
    assertThat(FailureText.of(Failure.of(ErrorId.FILE_READ, "reading " + path + " failed")))
        .contains("\n          " + path + "\n          failed\n");
  }
}
