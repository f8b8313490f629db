package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Both directions of a paced line, with the time in the test's hands: 1 Mbaud, 10 us a byte. */
class PacedPipesTest {
  private static final long BYTE = 10_000;

  private long now = 1_000_000_000;
  private int woken;

  private final PacedInput input =
      new PacedInput(new ByteTimes(1_000_000, 20), () -> now, this::wake);
  private final PacedOutput output =
      new PacedOutput(new ByteTimes(1_000_000, 20), () -> now, this::wake);

  private void wake() {
    woken++;
  }

  private void write(String text) throws IOException {
    input.write(text.getBytes(ISO_8859_1));
  }

  private List<String> polled() {
    List<String> chunks = new ArrayList<>();
    for (byte[] chunk = input.poll(); chunk != null; chunk = input.poll()) {
      chunks.add(new String(chunk, ISO_8859_1));
    }
    return chunks;
  }

  @Test
  void contiguousBytesAreCutAtTheFifoAndEndedByASilence() throws Exception {
    input.expect(true, Pacing.CHUNKS);
    write("a".repeat(100));
    write("b".repeat(100)); // no gap on the wire between them
    now += 200 * BYTE;
    assertThat(polled()).containsExactly("a".repeat(100) + "b".repeat(28));
    now += 9 * BYTE;
    assertThat(polled()).isEmpty();
    now += BYTE;
    assertThat(polled()).containsExactly("b".repeat(72));
  }

  @Test
  void aGapEndsAChunkHoweverLateTheModuleLooks() throws Exception {
    input.expect(true, Pacing.CHUNKS);
    for (int gap : new int[] {9, 10, 30}) {
      write("+++");
      now += (3 + gap) * BYTE;
    }
    write("x");
    now += 1_000_000_000;
    assertThat(polled()).containsExactly("++++++", "+++", "x");
  }

  @Test
  void theModuleSleepsUntilTheLineIsWhole() throws Exception {
    assertThat(input.expect(true, Pacing.LINE)).isEqualTo(SerialWire.NEVER);
    long start = now;
    write("AT+CIPSEND=0,5\r\n");
    assertThat(woken).isEqualTo(1);
    assertThat(input.expect(true, Pacing.LINE)).isEqualTo(start + 16 * BYTE);
    now = start + 16 * BYTE - 1;
    assertThat(polled()).isEmpty();
    now++;
    assertThat(polled()).containsExactly("AT+CIPSEND=0,5\r\n"); // without waiting for a silence
    assertThat(input.lastArrival()).isEqualTo(now);
  }

  @Test
  void aLineWithMoreBehindItIsSeenWithWhatFollows() throws Exception {
    input.expect(true, Pacing.LINE);
    write("AT\r\nAT\r\n");
    assertThat(input.expect(true, Pacing.LINE)).isEqualTo(now + 8 * BYTE);
    now += 4 * BYTE;
    assertThat(polled()).isEmpty();
    now += 4 * BYTE;
    assertThat(polled()).containsExactly("AT\r\nAT\r\n");
  }

  @Test
  void theModuleSleepsThroughAPayload() throws Exception {
    input.expect(true, 8192);
    long start = now;
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                write("x".repeat(3000));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    writing.get(); // within the driver's buffer
    assertThat(input.expect(true, 2000)).isEqualTo(start + 2048 * BYTE); // the FIFO with that byte
    assertThat(input.expect(true, 3000)).isEqualTo(start + 3000 * BYTE);
    assertThat(input.expect(true, 3001)).isEqualTo(start + 3010 * BYTE); // a silence
    assertThat(woken).isEqualTo(1);
    now = start + 3000 * BYTE;
    input.expect(true, 3000);
    assertThat(polled()).hasSize(24).last().isEqualTo("x".repeat(3000 - 23 * 128));
    assertThat(input.lastArrival()).isEqualTo(now);
  }

  @Test
  void aModuleThatTakesNothingHasARingOfTwoKiB() throws Exception {
    input.expect(false, Pacing.CHUNKS);
    write("x".repeat(4096));
    now += 4096 * BYTE;
    assertThat(input.lost()).isEqualTo(2048);
    assertThat(input.ringHasRoom()).isFalse();
    input.gate(SerialWire.Gate.BY_ROOM);
    write("y".repeat(100));
    now += 1000 * BYTE;
    assertThat(input.lost()).isEqualTo(2048);
    input.expect(true, Pacing.CHUNKS);
    now += 200 * BYTE;
    assertThat(String.join("", polled())).isEqualTo("x".repeat(2048) + "y".repeat(100));
  }

  private void say(String text) {
    output.offer(text.getBytes(ISO_8859_1), 0, text.length(), now);
  }

  private String heard() {
    byte[] buffer = new byte[8192];
    return new String(buffer, 0, output.poll(buffer), ISO_8859_1);
  }

  @Test
  void theHostSeesAMessageWhenItIsWholeOrTwoMillisecondsOld() {
    say("\r\nOK\r\n");
    assertThat(output.dueAt()).isEqualTo(now + 6 * BYTE);
    say("m".repeat(500));
    long start = now;
    now = start + 6 * BYTE - 1;
    assertThat(heard()).isEmpty();
    now++;
    assertThat(heard()).isEqualTo("\r\nOK\r\n");
    assertThat(output.dueAt()).isEqualTo(now + BYTE + 2_000_000);
    now = output.dueAt();
    assertThat(heard()).isEqualTo("m".repeat(201));
    now = start + 506 * BYTE;
    assertThat(output.dueAt()).isEqualTo(now);
    assertThat(heard()).isEqualTo("m".repeat(299));
    assertThat(output.dueAt()).isEqualTo(SerialWire.NEVER);
  }

  @Test
  void aMessageSaidLateIsWhereItBelongs() {
    long due = now;
    now += 5_000_000; // the module's thread woke late
    output.offer("hello".getBytes(ISO_8859_1), 0, 5, due);
    assertThat(heard()).isEqualTo("hello");
    assertThat(output.drainedAt()).isEqualTo(due + 5 * BYTE);
  }

  @Test
  void theModuleLooksForRoomAlsoWhileTheHostMayStopIt() {
    output.gate(SerialWire.Gate.BY_ROOM);
    say("x".repeat(8192 + 2936));
    assertThat(output.lookForLess(8192)).isEqualTo(now + 2937 * BYTE);
    now += 2000 * BYTE;
    assertThat(output.lookForLess(8192)).isEqualTo(now + 937 * BYTE);
    assertThat(output.lookForLess(1))
        .isEqualTo(now + 2096 * BYTE); // there the host's buffer is full
    now += 3000 * BYTE;
    assertThat(output.lookForLess(8192)).isEqualTo(SerialWire.NEVER);
    assertThat(output.unsent()).isEqualTo(8192 + 2936 - 4096);
    assertThat(output.lookForLess(1)).isEqualTo(SerialWire.NEVER); // until the host reads
    assertThat(heard()).hasSize(4096);
    assertThat(output.lookForLess(1)).isEqualTo(now + 4096 * BYTE);
  }

  @Test
  void aReaderThatStoodInTheWayWakesTheModule() throws Exception {
    output.gate(SerialWire.Gate.BY_ROOM);
    say("x".repeat(5000));
    now += 5000 * BYTE;
    assertThat(output.available()).isEqualTo(4096);
    woken = 0;
    assertThat(output.readNBytes(10)).hasSize(10);
    assertThat(woken).isEqualTo(1);
    assertThat(output.lost()).isZero();
  }

  @Test
  void whatIsOnItsWayAtTheEndCanStillBeRead() throws Exception {
    say("x".repeat(5000));
    output.end();
    assertThat(output.readAllBytes()).hasSize(5000);
    assertThat(output.read()).isEqualTo(-1);
  }
}
