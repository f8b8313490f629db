package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One direction of a line, with the time in the test's hands. */
class SerialWireTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int EIGHT_N_ONE = 20; // half bits

  private static SerialWire wire(int capacity, int baud, long now) {
    return new SerialWire(capacity, new ByteTimes(baud, EIGHT_N_ONE), now);
  }

  /** Keeps the line busy for ten seconds, looking at it at random moments, and counts. */
  @ParameterizedTest
  @ValueSource(ints = {80, 9600, 57_600, 115_200, 921_600, 3_000_000, 4_999_999, 5_000_000})
  void tenSecondsCarryExactlyWhatTheBaudRateSays(int baud) {
    Random random = new Random(baud);
    long start = random.nextLong() >> 2;
    SerialWire wire = wire(1 << 20, baud, start);
    wire.drained(true);
    byte[] block = new byte[1 << 16];
    wire.send(block, 0, block.length, start);
    long carried = 0;
    for (long now = start; now < start + 10 * SECOND; ) {
      now = Math.min(start + 10 * SECOND, now + 1 + random.nextInt(9_000_000));
      wire.advance(now);
      assertThat(wire.left()).isEqualTo(Math.multiplyExact(now - start, baud) / (10 * SECOND));
      carried += wire.received();
      wire.take(new byte[wire.received()], 0, wire.received());
      wire.send(block, 0, block.length - wire.queued(), now);
    }
    assertThat(carried).isEqualTo(baud); // 10 s, 10 bits a byte
  }

  @Test
  void aRunDoesNotDriftInAnHour() {
    ByteTimes times = new ByteTimes(921_600, EIGHT_N_ONE);
    times.start(7);
    for (int second = 0; second < 3600; second++) {
      times.pass(92_160);
      assertThat(times.end(0)).isEqualTo(7 + (second + 1) * SECOND);
    }
    assertThat(times.end(1)).isEqualTo(7 + 3600 * SECOND + 10_851); // 10850.7 ns, rounded up
  }

  @ParameterizedTest
  @CsvSource({"8,1,0,20", "8,2,0,21", "8,3,0,22", "7,1,1,20", "5,1,0,14", "8,3,2,24"})
  void dataParityAndStopBitsCount(int data, int stop, int parity, int halfBits) {
    Settings.UartSetting setting = new Settings.UartSetting(9600, data, stop, parity, 0);
    assertThat(ByteTimes.halfBits(setting)).isEqualTo(halfBits);
    SerialWire wire = new SerialWire(4096, new ByteTimes(9600, halfBits), 0);
    wire.send(new byte[960], 0, 960, 0);
    wire.advance(halfBits * SECOND / 20 - 1);
    assertThat(wire.received()).isEqualTo(959);
    wire.advance(halfBits * SECOND / 20);
    assertThat(wire.received()).isEqualTo(960);
  }

  @Test
  void aWriterThatWakesLateLosesNoTimeOnTheLine() {
    SerialWire wire = wire(4096, 100_000, 0); // 100 us a byte
    wire.send(new byte[10], 0, 10, 0);
    wire.advance(1_500_000);
    wire.send(new byte[10], 0, 10, 900_000); // due before the line fell silent
    assertThat(wire.received()).isEqualTo(15);
    assertThat(wire.endOf(5)).isEqualTo(2_000_000);
    assertThat(wire.gap()).isFalse();
  }

  @Test
  void withoutFlowControlAFullRingLosesWhatComes() {
    SerialWire wire = wire(2048, 1_000_000, 0);
    wire.send(new byte[3000], 0, 3000, 0);
    wire.advance(SECOND);
    assertThat(wire.received()).isEqualTo(2048);
    assertThat(wire.lost()).isEqualTo(952);
  }

  @Test
  void withFlowControlAFullRingStopsTheSenderAndNothingIsLost() {
    byte[] data = new byte[10_000];
    new Random(3).nextBytes(data);
    SerialWire wire = wire(2048, 1_000_000, 0); // 10 us a byte
    wire.gate(SerialWire.Gate.BY_ROOM);
    wire.send(data, 0, data.length, 0);
    wire.advance(SECOND);
    assertThat(wire.received()).isEqualTo(2048);
    assertThat(wire.endOf(1)).isEqualTo(SerialWire.NEVER);
    byte[] heard = new byte[data.length];
    wire.take(heard, 0, 48);
    assertThat(wire.endOf(48)).isEqualTo(SECOND + 480_000);
    assertThat(wire.endOf(49)).isEqualTo(SerialWire.NEVER);
    for (int taken = 48; taken < data.length; ) {
      wire.advance(SECOND * (2 + taken));
      int piece = wire.received();
      wire.take(heard, taken, piece);
      taken += piece;
    }
    assertThat(heard).isEqualTo(data);
    assertThat(wire.lost()).isZero();
  }

  @Test
  void aShutGateStopsTheSender() {
    SerialWire wire = wire(4096, 1_000_000, 0);
    wire.send(new byte[100], 0, 100, 0);
    wire.advance(300_000);
    wire.gate(SerialWire.Gate.SHUT);
    wire.advance(SECOND);
    assertThat(wire.received()).isEqualTo(30);
    wire.gate(SerialWire.Gate.OPEN);
    assertThat(wire.endOf(70)).isEqualTo(SECOND + 700_000);
  }

  @Test
  void aChangeOfSpeedTakesPlaceAtItsTime() {
    SerialWire wire = wire(4096, 9600, 0);
    wire.send(new byte[96], 0, 96, 0);
    wire.retune(SECOND / 10, 96_000, EIGHT_N_ONE, null);
    wire.advance(SECOND); // far too late
    assertThat(wire.received()).isEqualTo(96);
    assertThat(wire.endOf(0)).isEqualTo(SECOND / 10);
    wire.send(new byte[96], 0, 96, SECOND);
    assertThat(wire.endOf(96)).isEqualTo(SECOND + SECOND / 100);
  }

  private static byte[] heard(byte[] sent, int sender, int receiver, boolean brokenIsNul) {
    SerialWire wire = wire(1 << 20, sender, 0);
    wire.retune(0, sender, EIGHT_N_ONE, Misreading.between(sender, receiver, brokenIsNul));
    wire.send(sent, 0, sent.length, 1000);
    wire.advance(100 * SECOND);
    byte[] all = new byte[wire.received()];
    wire.take(all, 0, all.length);
    return all;
  }

  @Test
  void aReceiverAtAnotherSpeedHearsTheSameGarbageEachTime() {
    byte[] sent = "AT\r\nready\r\nOK\r\n+IPD,0,5:hello".getBytes(ISO_8859_1);
    for (int[] pair : new int[][] {{115_200, 9600}, {115_200, 921_600}, {74_880, 115_200}}) {
      byte[] once = heard(sent, pair[0], pair[1], true);
      assertThat(once).isNotEqualTo(sent).isEqualTo(heard(sent, pair[0], pair[1], true));
    }
    assertThat(heard(sent, 115_200, 9600, true).length).isBetween(1, sent.length / 5);
    assertThat(heard(sent, 115_200, 921_600, false).length).isGreaterThan(sent.length);
    assertThat(heard(sent, 9600, 921_600, true)).contains((byte) 0);
    assertThat(heard(sent, 230_400, 115_200, false)).isNotEqualTo(sent);
  }

  @Test
  void aTransmitterAtHalfTheSpeedIsReadAsItsBitsFall() {
    // sent at half the speed, each bit of 'U' is two of the receiver's
    assertThat(heard(new byte[] {0x55}, 9600, 19_200, false))
        .isEqualTo(new byte[] {0x66, (byte) 0xE6});
    // one long low: a break without a stop bit, then the stop bit
    assertThat(heard(new byte[] {0}, 9600, 19_200, true)).isEqualTo(new byte[] {0});
  }

  @Test
  void twoAndAHalfPerCentAreTolerated() {
    assertThat(Misreading.between(115_200, 115_201, true)).isNull();
    assertThat(Misreading.between(1025, 1000, true)).isNull();
    assertThat(Misreading.between(975, 1000, true)).isNull();
    assertThat(Misreading.between(1026, 1000, true)).isNotNull();
    assertThat(Misreading.between(974, 1000, true)).isNotNull();
  }
}
