package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BasicCommandsTest {
  private static final Setup.Pace QUICK =
      new Setup.Pace(
          Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofSeconds(9));

  @Test
  void theRunningRateIsTheDividersAndTheStoredOneOutlivesARestart() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().pace(QUICK).build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+UART_CUR=921600,8,1,0,3", "\r\nOK\r\n");
      host.ask("AT+UART_CUR?", "+UART_CUR:922190,8,1,0,3\r\n\r\nOK\r\n");
      host.ask("AT+UART_DEF?", "+UART_DEF:115200,8,1,0,1\r\n\r\nOK\r\n");
      host.ask("AT+UART_DEF=460800,8,1,0,3", "\r\nOK\r\n");
      host.ask("AT+UART_CUR=99,8,1,0,0", "\r\nOK\r\n"); // accepted by the recorded build
      for (String wrong :
          new String[] {"115200,8,1,0,4", "115200,4,1,0,0", "115200,8,1,0", "115200,8,1,0,0,0"}) {
        host.ask("AT+UART_CUR=" + wrong, "\r\nERROR\r\n");
      }
      host.ask("AT+RST", "\r\nOK\r\nWIFI DISCONNECT\r\n");
      host.quiet().ask("AT+UART_DEF?", "+UART_DEF:460800,8,1,0,3\r\n\r\nOK\r\n");
    }
  }

  @Test
  void theClockStartsIn1970AndCanBeSet() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().pace(QUICK).build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+SYSTIMESTAMP=1634665676", "\r\nOK\r\n");
      host.send("AT+SYSTIMESTAMP?\r\n");
      assertThat(host.until("\r\nOK\r\n")).matches("\\+SYSTIMESTAMP:16346656\\d\\d\r\nOK\r\n");
      host.send("AT+CIPSNTPTIME?\r\n");
      assertThat(host.until("\r\nOK\r\n"))
          .matches("\\+CIPSNTPTIME:Tue Oct 19 17:4[78]:\\d\\d 2021\r\nOK\r\n");
    }
  }

  @Test
  void enablingTimeServersTellsTheTimeSoonAfter() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().pace(QUICK).build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+CIPSNTPCFG=1,8,\"ntp.test\"", "\r\nOK\r\n+TIME_UPDATED\r\n");
      host.ask("AT+CIPSNTPCFG?", "+CIPSNTPCFG:1,8,\"ntp.test\"\r\n\r\nOK\r\n");
      host.send("AT+SYSTIMESTAMP?\r\n");
      String answer = host.until("\r\nOK\r\n").replaceAll("\\D", "");
      assertThat(Long.parseLong(answer)).isCloseTo(System.currentTimeMillis() / 1000, within(30L));
    }
  }

  @Test
  void aTimeZoneMayHaveItsSignAndMinutes() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+SYSTIMESTAMP=0", "\r\nOK\r\n");
      host.ask("AT+CIPSNTPCFG=0,+0530", "\r\nOK\r\n");
      host.send("AT+CIPSNTPTIME?\r\n");
      assertThat(host.until("\r\nOK\r\n")).contains("Jan  1 05:30:");
      host.ask("AT+CIPSNTPCFG=0,-0330", "\r\nOK\r\n").send("AT+CIPSNTPTIME?\r\n");
      assertThat(host.until("\r\nOK\r\n")).contains("Dec 31 20:30:");
      host.ask("AT+CIPSNTPCFG=0,+1500", "\r\nERROR\r\n");
      host.ask("AT+CIPSNTPCFG=0,++8", "\r\nERROR\r\n").ask("AT+SLEEP=+1", "\r\nERROR\r\n");
    }
  }

  @Test
  void busyCarriesItsCodeWhenErrorsAreExplained() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().ask("AT+SYSLOG=1", "\r\nOK\r\n");
      host.send("AT\r\nAT\r\n");
      host.expect("ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n\r\nOK\r\n");
    }
  }

  @Test
  void aChunkWithANulIsDiscardedWithTheLineBeforeIt() throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      host.quiet().send("AT+GM");
      host.send("R\0\r\n");
      host.ask("AT", "\r\nOK\r\n");
    }
  }
}
