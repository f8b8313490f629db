package io.espat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DemoTest {
  @Test
  @Timeout(120)
  void showsTheWholePathAndProvesWhatItSays() {
    Cli.Outcome outcome = new Cli().run("demo");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("HANDSHAKE", "TLSv1.3 TLS_AES_", "STARTTLS", "AUTH TLS", "AT commands")
        .containsPattern("message +SHA-256 .* sent and delivered +ok")
        .containsPattern("attachment +SHA-256 .* sent and delivered +ok")
        .containsPattern("on the server +SHA-256 .* as sent +ok")
        .containsPattern("downloaded +SHA-256 .* as sent +ok")
        .containsPattern("EHLO name +seen once: .* +ok")
        .containsPattern("password +never +ok")
        .contains("data links     2, 2 resumed the session", "all good")
        .doesNotContain("\u001b", "WRONG", "PASS-");
    assertThat(outcome.out().lines().count()).isBetween(40L, 60L);
  }

  @Test
  @Timeout(120)
  void theDialogueHoldsNoSecretEither() {
    Cli.Outcome outcome = new Cli().run("demo", "-vv", "--color", "always");
    assertThat(outcome.code()).isZero();
    for (String marker : List.of("-> EHLO", "~> EHLO", "<- 220", "<~ 250", "*> AT+CIPSTART")) {
      assertThat(outcome.err().replaceAll("\u001b\\[\\d*m", "")).contains(marker);
    }
    assertThat(outcome.all()).contains("********").doesNotContain("PASS-", "UEFTUy");
  }
}
