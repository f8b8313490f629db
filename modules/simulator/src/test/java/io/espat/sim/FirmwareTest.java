package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FirmwareTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByItsTitle(Firmware firmware) {
    assertThat(Firmware.of(firmware.title())).contains(firmware);
    assertThat(Firmware.of(firmware.title().toUpperCase(java.util.Locale.ROOT))).contains(firmware);
    assertThat(Firmware.of("esp8266-3")).isEmpty();
  }

  @Test
  void titlesAreStable() {
    assertThat(Arrays.stream(Firmware.values()).map(Firmware::title))
        .containsExactly(
            "esp32c5-5",
            "esp32-4",
            "esp32-3",
            "esp32c3-2.4",
            "esp32-2.1",
            "esp8266-2",
            "esp8266-nonos");
  }

  @ParameterizedTest
  @CsvSource({ // command, which builds in the order of Firmware have it
    "AT+CIPSTART,      1111111",
    "AT+CIPSTARTEX,    1111110",
    "AT+CIPRECVMODE,   0111111",
    "AT+CIPRECVTYPE,   1110000",
    "AT+CIPSSLCCN,     1111110",
    "AT+CIPSSLCPSK,    1111010",
    "AT+CIPSSLCPSKHEX, 1110010",
    "AT+CIPSSLCCIPHER, 1100010",
    "AT+CMD,           1111010",
    "AT+CIPV6,         1111010",
    "AT+CWSTATE,       1111010",
    "AT+CIPSENDL,      1111000",
    "AT+CIPSNTPINTV,   1111000",
    "AT+CIPSTATE,      1111010",
    "AT+CIPSTATUS,     0111111",
    "AT+CIPTCPOPT,     1111110",
    "AT+CIPCONNPERSIST,1100000",
    "AT+SYSLOG,        1111110",
    "AT+SYSMFG,        1110000",
    "AT+TRANSINTVL,    1110000",
    "AT+CIPSSLSIZE,    0000001",
    "AT+NOSUCH,        0000000"
  })
  void hasTheCommandsOfItsRelease(String command, String expected) {
    StringBuilder has = new StringBuilder();
    for (Firmware firmware : Firmware.values()) {
      has.append(firmware.has(command) ? 1 : 0);
    }
    assertThat(has).hasToString(expected);
  }
}
