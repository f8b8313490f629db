package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  @Test
  void commasSeparateEvenInsideQuotesUnlessEscaped() throws Refusal {
    assertThat(Arguments.split("\"a,b\"").count()).isEqualTo(2);
    assertThat(Arguments.split("\"a\\,b\",1").text(0)).isEqualTo("a,b");
    assertThat(Arguments.split("1,,3").given(1)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"\"\"|``", "\"p\\\"a\\\\s\\,s\"|`p\"a\\s,s`", "\"\\n\"|n", "\"plain\"|plain"})
  void aBackslashTakesTheNextByteAsItIs(String raw, String value) throws Refusal {
    assertThat(Arguments.split(raw).text(0)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "\"open", "\"a\"b\"", "\"a\"b", "\"", "\"a\\\""})
  void textMustStandInQuotes(String raw) throws Refusal {
    Arguments arguments = Arguments.split("1," + raw);
    assertThatThrownBy(() -> arguments.text(1))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal ->
                assertThat(refusal.explanation(Firmware.ESP32_AT_4, true))
                    .isEqualTo("ERR CODE:0x01080001\r\n"));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "-1,-1", "0x1F,31", "007,7", "2147483647,2147483647"})
  void numbersAreDecimalOrHexadecimal(String raw, long value) throws Refusal {
    assertThat(Arguments.split(raw).number(0)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"1\"", "1 ", " 1", "+1", "0x", "--1", "1.0", "99999999999", "x"})
  void anythingElseIsNoNumber(String raw) throws Refusal {
    Arguments arguments = Arguments.split(raw);
    assertThatThrownBy(() -> arguments.number(0)).isInstanceOf(Refusal.class);
  }

  @Test
  void sixteenParametersAreTheMost() throws Refusal {
    assertThat(Arguments.split("1,".repeat(15) + "1").count()).isEqualTo(16);
    assertThatThrownBy(() -> Arguments.split("1,".repeat(16) + "1")).isInstanceOf(Refusal.class);
  }

  @Test
  void aLineMayHave256BytesWithItsEnd() throws Refusal {
    String line = "AT+X=" + "1".repeat(Firmware.LINE_LIMIT - 7);
    assertThat(CommandLine.parse(line).name()).isEqualTo("AT+X");
    assertThatThrownBy(() -> CommandLine.parse(line + "1")).isInstanceOf(Refusal.class);
  }
}
