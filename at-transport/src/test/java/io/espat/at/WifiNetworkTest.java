package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WifiNetworkTest {
  @Test
  void aLineOfAScanIsANetwork() {
    assertThat(
            WifiNetwork.parse(
                "+CWLAP:(3,\"plant, \"2\"\",-58,\"aa:bb:cc:dd:ee:ff\",6,-1,-1,4,4,7,1)"))
        .contains(
            new WifiNetwork(
                "plant, \"2\"", "aa:bb:cc:dd:ee:ff", 6, -58, WifiNetwork.Security.WPA2));
    assertThat(WifiNetwork.parse("+CWLAP:(0,\"\",-90,\"00:00:00:00:00:00\",13)"))
        .contains(new WifiNetwork("", "00:00:00:00:00:00", 13, -90, WifiNetwork.Security.OPEN));
    assertThat(WifiNetwork.parse("+CWLAP:(77,\"x\",-1,\"00:00:00:00:00:00\",165,0)").orElseThrow())
        .extracting(WifiNetwork::security)
        .isEqualTo(WifiNetwork.Security.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "OK", "+CWLAP:", "+CWLAP:(\"name\")", "+CWLAP:(999,\"a\",-1,\"b\",1)"})
  void whatIsNoneIsLeftOut(String line) {
    assertThat(WifiNetwork.parse(line)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0,0", "8,480", "-12,-720", "14,840", "+530,330", "-0930,-570", "545,345", "x,0"})
  void aTimeZoneIsHoursOrHoursAndMinutes(String zone, long minutes) {
    assertThat(NetworkTime.offset(zone)).isEqualTo(Duration.ofMinutes(minutes));
  }
}
