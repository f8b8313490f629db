package io.espat.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a@b\r\nDATA",
        "a@b\n",
        "a@b\rx",
        "a\0@b",
        "a@b> SIZE=1",
        "<a@b>",
        "Me <a@b>",
        "a b@c",
        "a@b ",
        "\"a@b",
        "\"a\\\"@b",
        "\"a\r\nb\"@c",
        "a\u007f@b",
        "a\u0085@b",
        "a\u2028@b",
        "a\u200b@b",
        "a\uff20b",
        "\uff41@b",
        "a@b\uff0ec",
        "a\ud800@b",
        "a@b,c@d",
        "a@b;c@d",
        "@b",
        "a@"
      })
  void whatCouldEndACommandOrMisleadIsRefused(String address) {
    assertThatThrownBy(() -> new Envelope("me@here", List.of("ok@x", address)).check())
        .isInstanceOfSatisfying(
            SmtpException.class,
            e -> {
              assertThat(e.id()).isEqualTo("E-SMTP-ADDRESS");
              assertThat(e.stage()).isEqualTo(SmtpStage.PREPARE);
              assertThat(e.getMessage()).doesNotContain("\r", "\n", "\0");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a@b",
        "postmaster",
        "a.b+c=d{e}@x-y.example",
        "\"john doe\"@x",
        "\"doe, john; <jd>\"@x",
        "\"a\\\"b\"@x",
        "a@[192.0.2.1]",
        "j\u00fcrgen@b\u00fccher.example",
        "\u7528\u6237@\u4f8b\u5b50.example",
        "u\u0308@x"
      })
  void realAddressesPass(String address) {
    assertThatCode(() -> new Envelope(address, List.of(address)).check())
        .doesNotThrowAnyException();
  }

  @Test
  void theSenderMayBeNobodyButTheRecipientsNot() {
    assertThatCode(() -> new Envelope("", List.of("a@b")).check()).doesNotThrowAnyException();
    assertThatThrownBy(() -> new Envelope("a@b", List.of()).check())
        .hasMessageContaining("no recipient");
  }

  @Test
  void aRecipientNamedTwiceIsOne() {
    assertThat(new Envelope("", List.of("a@b", "c@d", "a@b")).to()).containsExactly("a@b", "c@d");
  }
}
