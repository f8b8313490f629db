package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassivePortTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "229 Entering Extended Passive Mode (,,,6446,) | 6446",
        "229 ok (!!!1!) | 1",
        "229 (see 1) ok (###65535#). | 65535",
      })
  void extendedRepliesGiveThePort(String line, int port) throws ProtocolException {
    assertThat(PassivePort.ofExtended(reply(line))).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "229 ok",
        "229 (|||0|)",
        "229 (|||65536|)",
        "229 (|||99999|)",
        "229 (|||123456|)",
        "229 (||123|)",
        "229 (|||12x|)",
        "229 (|||-12|)",
        "229 (||!123|)",
        "229 (111123 1)",
        "229"
      })
  void whatHoldsNoPortIsRefused(String line) {
    assertThatThrownBy(() -> PassivePort.ofExtended(reply(line)))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "227 Entering Passive Mode (10,0,0,1,4,1) | 1025",
        "227 =127,0,0,1,255,255 | 65535",
      })
  void passiveRepliesGiveThePort(String line, int port) throws ProtocolException {
    assertThat(PassivePort.ofPassive(reply(line))).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"227 ok", "227 (1,2,3,4,5)", "227 (1,2,3,4,256,1)", "227 (1,2,3,4,0,0)", "227"})
  void whatHoldsNoPassivePortIsRefused(String line) {
    assertThatThrownBy(() -> PassivePort.ofPassive(reply(line)))
        .isInstanceOf(ProtocolException.class);
  }

  private static FtpReply reply(String line) {
    return new FtpReply(Integer.parseInt(line.substring(0, 3)), List.of(line));
  }
}
