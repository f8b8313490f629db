package io.espat.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScriptedModuleTest {
  @Test
  void aConversationInOrderSucceeds() throws IOException {
    ScriptedModule script =
        new ScriptedModule()
            .expect("AT\r\n")
            .expectSilence(Duration.ofMillis(20))
            .reply("\r\nOK\r\n")
            .expect("AT+GMR\r\n");
    script.output().write("AT\r\n".getBytes(US_ASCII));
    assertThat(script.input().readNBytes(6)).isEqualTo("\r\nOK\r\n".getBytes(US_ASCII));
    script.output().write("AT+GMR\r\n".getBytes(US_ASCII));
    script.awaitSuccess();
  }

  @Test
  void theFirstMismatchIsShownSideBySide() throws IOException {
    ScriptedModule script = new ScriptedModule().expect("AT+CIPSEND=0,5\r\n").reply("\r\nOK\r\n");
    script.output().write("AT+CIPSEND=0,6\r\n".getBytes(US_ASCII));
    assertThatThrownBy(script::awaitSuccess)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expected \"AT+CIPSEND=0,5\\r\\n\"")
        .hasMessageContaining("heard    \"AT+CIPSEND=0,6\\r\\n\"");
    assertThat(script.input().read()).isEqualTo(-1);
  }

  @Test
  void bytesInASilenceAreAMismatch() throws IOException {
    ScriptedModule script = new ScriptedModule().expectSilence(Duration.ofSeconds(5));
    script.output().write('x');
    assertThatThrownBy(script::awaitSuccess).hasMessageContaining("expected silence");
  }

  @Test
  void bytesAfterTheEndAreAMismatch() throws IOException {
    ScriptedModule script = new ScriptedModule().expect("a");
    script.output().write("ab".getBytes(US_ASCII));
    assertThatThrownBy(script::awaitSuccess).hasMessageContaining("after the end of the script");
  }

  @Test
  void aCutEndsTheWireAfterTheKeptBytes() throws IOException {
    ScriptedModule script = new ScriptedModule().cutAfter(3, "\r\nOK\r\n".getBytes(US_ASCII));
    assertThat(script.input().readAllBytes()).isEqualTo("\r\nO".getBytes(US_ASCII));
    script.awaitSuccess();
    assertThatThrownBy(() -> script.output().write('x')).isInstanceOf(IOException.class);
  }

  @Test
  void closingEndsAWaitingScript() {
    ScriptedModule script = new ScriptedModule().expect("never");
    script.output();
    script.close();
    assertThatThrownBy(script::awaitSuccess).hasMessageContaining("the wire was closed");
  }
}
