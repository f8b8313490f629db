package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code AT+SYSMFG} at the byte level. */
class MfgCommandsTest {
  private interface Talk {
    void with(HostSide host) throws Exception;
  }

  private static void talk(Talk talk) throws Exception {
    try (SimulatedModule module = SimulatedModule.builder().build();
        HostSide host = HostSide.of(module)) {
      talk.with(host.quiet());
    }
  }

  @Test
  void keysOfANamespaceAreListedWithTheirTypes() throws Exception {
    talk(
        host ->
            host.ask(
                "AT+SYSMFG=1,\"client_ca\"",
                "+SYSMFG:\"client_ca\",\"client_ca.0\",8\r\n"
                    + "+SYSMFG:\"client_ca\",\"client_ca.1\",8\r\n\r\nOK\r\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 128, 1024})
  void aValueIsTakenInAnyChunksAndReadBack(int chunk) throws Exception {
    String value = "\r\nOK\r\n+++\0,\"".repeat(40);
    talk(
        host -> {
          host.ask("AT+SYSMFG=2,\"mine\",\"one\",8," + value.length(), "\r\nOK\r\n\r\n>");
          host.send(value, chunk);
          host.expect("\r\nOK\r\n");
          host.ask(
              "AT+SYSMFG=1,\"mine\",\"one\"",
              "+SYSMFG:\"mine\",\"one\",8," + value.length() + "," + value + "\r\n\r\nOK\r\n");
          host.ask(
              "AT+SYSMFG=1,\"mine\",\"one\",5,7",
              "+SYSMFG:\"mine\",\"one\",8,7," + value.substring(5, 12) + "\r\n\r\nOK\r\n");
          int last = value.length() - 1;
          host.ask(
              "AT+SYSMFG=1,\"mine\",\"one\"," + last + ",7",
              "+SYSMFG:\"mine\",\"one\",8,1,\"\r\n\r\nOK\r\n");
        });
  }

  @Test
  void surplusIsRefusedBeforeTheAnswer() throws Exception {
    talk(
        host -> {
          host.ask("AT+SYSMFG=2,\"mine\",\"one\",8,3", "\r\nOK\r\n\r\n>").send("abcd");
          host.expect("\r\nbusy p...\r\n\r\nOK\r\n");
          host.ask("AT", "\r\nOK\r\n");
        });
  }

  @Test
  void numbersStandInTheCommand() throws Exception {
    talk(
        host -> {
          host.ask("AT+SYSMFG=2,\"mine\",\"i8\",2,-128", "\r\nOK\r\n");
          host.ask("AT+SYSMFG=1,\"mine\",\"i8\"", "+SYSMFG:\"mine\",\"i8\",2,4,-128\r\n\r\nOK\r\n");
          host.ask("AT+SYSMFG=2,\"mine\",\"i8\",2,-129", "\r\nERROR\r\n");
          host.ask("AT+SYSMFG=2,\"mine\",\"u32\",5,4294967295", "\r\nOK\r\n");
          host.ask("AT+SYSMFG=2,\"mine\",\"u32\",5,-1", "\r\nERROR\r\n");
        });
  }

  @Test
  void aStringHoldsNoNul() throws Exception {
    talk(
        host -> {
          host.ask("AT+SYSMFG=2,\"mine\",\"text\",7,3", "\r\nOK\r\n\r\n>").send("a\0b");
          host.expect("\r\nERROR\r\n");
          host.ask("AT+SYSMFG=1,\"mine\",\"text\"", "\r\nERROR\r\n");
        });
  }

  @Test
  void erasedIsGoneAndStaysGone() throws Exception {
    talk(
        host -> {
          host.ask("AT+SYSMFG=0,\"client_ca\",\"client_ca.0\"", "\r\nOK\r\n");
          host.ask("AT+SYSMFG=0,\"client_ca\",\"client_ca.0\"", "\r\nERROR\r\n");
          host.ask(
              "AT+SYSMFG=1,\"client_ca\"", "+SYSMFG:\"client_ca\",\"client_ca.1\",8\r\n\r\nOK\r\n");
          host.ask("AT+SYSMFG=0,\"client_ca\"", "\r\nOK\r\n");
          host.ask("AT+SYSMFG=1,\"client_ca\"", "\r\nERROR\r\n");
          host.ask("AT+RESTORE", "\r\nOK\r\n");
          host.until("ready\r\n");
          host.send("AT+SYSMFG?\r\n");
          assertThat(host.until("\r\nOK\r\n")).contains("client_cert").doesNotContain("client_ca");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AT+SYSMFG=3",
        "AT+SYSMFG=0",
        "AT+SYSMFG=1,\"nothing\"",
        "AT+SYSMFG=1,\"client_ca\",\"nothing\"",
        "AT+SYSMFG=1,\"factory_param\",\"uart_port\",0,1",
        "AT+SYSMFG=2,\"client_ca\",\"x\",8,0",
        "AT+SYSMFG=2,\"client_ca\",\"x\",8,8192",
        "AT+SYSMFG=2,\"client_ca\",\"x\",9,5",
        "AT+SYSMFG=2,\"sixteen_letters_\",\"x\",8,5",
        "AT+SYSMFG=2,\"\",\"x\",8,5"
      })
  void whatMakesNoSenseIsRefused(String command) throws Exception {
    talk(host -> host.ask(command, "\r\nERROR\r\n"));
  }

  @Test
  void thePartitionIsBounded() throws Exception {
    talk(
        host -> {
          String value = "x".repeat(8191);
          String answer = "";
          int written = -1;
          while (!answer.endsWith("ERROR\r\n")) {
            written++;
            String key = "k" + written;
            host.ask("AT+SYSMFG=2,\"mine\",\"" + key + "\",8,8191", "\r\nOK\r\n\r\n>").send(value);
            answer = host.take(6);
            answer += answer.startsWith("\r\nER") ? host.take(3) : "";
            assertThat(written).isLessThan(20);
          }
          assertThat(written).isBetween(10, 14);
        });
  }

  @Test
  void aKeyIsNeverShown() throws Exception {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    try (SimulatedModule module = SimulatedModule.builder().transcript(lines::add, true).build();
        HostSide host = HostSide.of(module)) {
      host.quiet();
      host.ask("AT+SYSMFG=2,\"client_key\",\"client_key.0\",8,7", "\r\nOK\r\n\r\n>")
          .send("hunter2");
      host.expect("\r\nOK\r\n");
      host.ask(
          "AT+SYSMFG=1,\"client_key\",\"client_key.0\"",
          "+SYSMFG:\"client_key\",\"client_key.0\",8,7,hunter2\r\n\r\nOK\r\n");
      host.ask("AT+CIPSSLCPSK=\"hunter2\",\"hint\"", "\r\nOK\r\n");
      host.ask("AT+CIPSSLCPSK?", "+CIPSSLCPSK:0,hunter2,hint\r\n\r\nOK\r\n");
    }
    assertThat(lines)
        .anyMatch(line -> line.contains("<<7 bytes>>"))
        .anyMatch(line -> line.contains("+CIPSSLCPSK:0,***"))
        .noneMatch(line -> line.contains("hunter2"));
  }
}
