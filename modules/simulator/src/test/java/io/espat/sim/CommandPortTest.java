package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** What the module makes of chunks that were there before it could answer. */
class CommandPortTest {

  /** A line on which chunks wait already and which takes all that is said. */
  private static final class Waiting implements Line {
    private final Queue<byte[]> chunks = new ArrayDeque<>();
    private final StringBuilder heard = new StringBuilder();

    void add(String... texts) {
      for (String text : texts) {
        chunks.add(text.getBytes(ISO_8859_1));
      }
    }

    String heard() {
      String all = heard.toString();
      heard.setLength(0);
      return all;
    }

    @Override
    public byte[] poll() {
      return chunks.poll();
    }

    @Override
    public int offer(byte[] bytes, int offset, int count) {
      heard.append(new String(bytes, offset, count, ISO_8859_1));
      return count;
    }

    @Override
    public boolean attached() {
      return true;
    }

    @Override
    public void want(boolean input, boolean output) {}

    @Override
    public void close() {}
  }

  private final Waiting line = new Waiting();
  private final Transcript nobody = new Transcript(null, false);
  private final Uart uart = new Uart(nobody);
  private CommandTable table = new CommandTable(Firmware.ESP32_AT_4);
  private final Faults faults = new Faults(FaultPlan.builder().build(), nobody);
  private CommandPort port = port();

  CommandPortTest() {
    uart.plug(line, Pacing.NONE);
    table.execute("AT", nothing -> {});
  }

  private CommandPort port() {
    return new CommandPort(uart, nobody, new Memory(Settings.UartSetting.FACTORY), table, faults);
  }

  /** Becomes a module of another build, whose sends go to this intake. */
  private void become(Firmware firmware, Intake intake) {
    table = new CommandTable(firmware);
    table.setLater("AT+CIPSEND", given -> port.prompt(intake));
    port = port();
  }

  private String answer(String... chunks) {
    line.add(chunks);
    port.takeInput();
    uart.flush();
    return line.heard();
  }

  @Test
  void aCommandThatDidNotWaitForTheAnswerIsBusyAndLost() {
    assertThat(answer("AT\r\n", "AT\r\n")).isEqualTo("AT\r\n\r\nbusy p...\r\n\r\nOK\r\n");
    assertThat(answer("AT\r\n", "A", "T\r\n"))
        .isEqualTo("AT\r\n\r\nbusy p...\r\n\r\nbusy p...\r\n\r\nOK\r\n");
    assertThat(answer("AT\r\n")).isEqualTo("AT\r\n\r\nOK\r\n");
  }

  @Test
  void aLineThatIsNoCommandDoesNotKeepTheNextFromRunning() {
    assertThat(answer("x\r\n", "AT\r\n")).isEqualTo("x\r\n\r\nERROR\r\nAT\r\n\r\nOK\r\n");
  }

  @Test
  void aRestartThatWasForcedDropsTheCommandThatHadNotBegun() {
    table.execute("AT+GSLP", nothing -> uart.say("never"));
    port.onForcedRestart(port::restarting);
    assertThat(answer("AT+GSLP\r\n", "AT+RST\r\n"))
        .isEqualTo("AT+GSLP\r\n\r\nWill force to restart!!!\r\n");
  }

  @Test
  void anOldPromptIsTwoWritesAndWhatComesBetweenIsBusy() {
    List<String> taken = new ArrayList<>();
    become(Firmware.ESP32_AT_2_1, chunk -> taken.add(new String(chunk, ISO_8859_1)));
    line.add("AT+CIPSEND=5\r\n");
    assertThat(port.takeInput()).as("more to do").isTrue();
    uart.flush();
    assertThat(line.heard()).isEqualTo("AT+CIPSEND=5\r\n\r\nOK\r\n");
    assertThat(answer("early")).isEqualTo("\r\nbusy p...\r\n\r\n>");
    assertThat(answer("hello")).isEmpty();
    assertThat(taken).containsExactly("hello");
  }

  @Test
  void theNonOsPromptEndsInASpaceAndItsSendIsBusy() {
    become(
        Firmware.ESP8266_NONOS_1_7,
        new Intake() {
          private boolean complete;

          @Override
          public void take(byte[] chunk) {
            complete = true;
          }

          @Override
          public boolean complete() {
            return complete;
          }
        });
    assertThat(answer("AT+CIPSEND=5\r\n")).isEqualTo("AT+CIPSEND=5\r\r\n\r\nOK\r\n> ");
    assertThat(answer("hello")).isEmpty();
    assertThat(answer("AT\r\n", "AT\r\n")).isEqualTo("busy s...\r\nbusy s...\r\n");
  }

  @Test
  void whatFollowsAPayloadWithoutWaitingForTheVerdictIsDroppedSilently() throws IOException {
    EventLoop loop = new EventLoop();
    try (Peer peer = new Peer();
        SocketChannel channel =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), peer.port()));
        Socket far = peer.accept()) {
      channel.configureBlocking(false);
      SelectionKey key = loop.watch(channel, 0, () -> {});
      SimLink link = new SimLink(0, new TcpChannel(channel, key, Firmware.ESP32_AT_4));
      table.setLater(
          "AT+CIPSEND",
          given -> port.prompt(new Send(port, uart, faults, loop, link, 5, false, Duration.ZERO)));
      assertThat(answer("AT+CIPSEND=5\r\n", "early"))
          .isEqualTo("AT+CIPSEND=5\r\n\r\nbusy p...\r\n\r\nOK\r\n\r\n>");
      assertThat(answer("hel", "lo", "AT\r\n")).isEqualTo("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n");
      assertThat(Peer.receive(far, 5)).isEqualTo("hello");
      assertThat(answer("AT\r\n")).isEqualTo("AT\r\n\r\nOK\r\n");
    } finally {
      loop.close();
    }
  }
}
