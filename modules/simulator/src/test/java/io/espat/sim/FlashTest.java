package io.espat.sim;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code AT+SYSFLASH}, {@code AT+SYSRAM} and the address of the radio. */
class FlashTest {
  static IntStream sizes() {
    return IntStream.rangeClosed(1, 140);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void whatIsWrittenIsReadUntilItIsErased(int size) throws Exception {
    String data = "+++ any\r\n\0bytes ".repeat(20);
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      host.ask("AT+SYSFLASH=1,\"fs_storage\",4090," + data.length(), "\r\nOK\r\n\r\n>");
      host.send(data, size);
      host.expect("\r\nOK\r\n");
      host.ask(
          "AT+SYSFLASH=2,\"fs_storage\",4090," + data.length(),
          "+SYSFLASH:" + data.length() + "," + data + "\r\n\r\nOK\r\n");
      host.ask("AT+SYSFLASH=0,\"fs_storage\",4096,4096", "\r\nOK\r\n");
      host.ask(
          "AT+SYSFLASH=2,\"fs_storage\",4095,2",
          "+SYSFLASH:2," + data.charAt(5) + "\u00FF\r\n\r\nOK\r\n");
    }
  }

  @Test
  void partitionsHaveLimits() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      for (String wrong :
          new String[] {
            "3,\"fs_storage\"",
            "0,\"nosuch\"",
            "0,\"mfg_nvs\"", // AT+SYSMFG changes it
            "0,\"fs_storage\",1,4096",
            "0,\"fs_storage\",4096",
            "1,\"fs_storage\",327679,2",
            "2,\"fs_storage\",0,8193",
            "2,\"fs_storage\",327680,1"
          }) {
        host.ask("AT+SYSFLASH=" + wrong, "\r\nERROR\r\n");
      }
      host.ask("AT+SYSFLASH=0,\"fs_storage\"", "\r\nOK\r\n");
      host.ask("AT+SYSFLASH=1,\"fs_storage\",327679,1", "\r\nOK\r\n\r\n>").send("x");
      host.expect("\r\nOK\r\n");
    }
  }

  @Test
  void memoryIsListedByKind() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+SYSRAM?", "+SYSRAM:131452,127304\r\nOK\r\n");
      host.ask("AT+SYSRAM=4", "+SYSRAM:131452,127304,110592,262144\r\nOK\r\n");
      host.ask("AT+SYSRAM=0", "\r\nERROR\r\n").ask("AT+SYSRAM=\"4\"", "\r\nERROR\r\n");
    }
  }

  @Test
  void theRadioHasAnAddressThatCanBeChanged() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPSTAMAC?", "+CIPSTAMAC:\"10:01:00:c4:0a:24\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPSTAMAC=\"11:01:00:c4:0a:24\"", "\r\nERROR\r\n"); // a group's
      host.ask("AT+CIPSTAMAC=\"10:01:00:c4:0a\"", "\r\nERROR\r\n");
      host.ask("AT+CIPSTAMAC=\"12:34:56:78:9A:BC\"", "\r\nOK\r\n");
      host.ask("AT+CIPSTAMAC?", "+CIPSTAMAC:\"12:34:56:78:9a:bc\"\r\n\r\nOK\r\n");
      host.ask("AT+CIPV6=1", "\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
      host.send("AT+CIFSR\r\n");
      host.until("STAIP6LL,\"FE80::1034:56FF:FE78:9ABC\"\r\n");
      host.until("STAMAC,\"12:34:56:78:9a:bc\"\r\n\r\nOK\r\n");
    }
  }
}
