package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The paced line towards the host, with the time in the test's hands. */
class PacedOutputTest {
  private static final int BAUD = 3_000_000;

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger told = new AtomicInteger();

  /** The host's buffer has room for some of what waits, but not for all, when the host reads. */
  @Test
  void whoAskedWhenRoomIsMadeIsToldOnceTheHostReads() throws IOException {
    PacedOutput line = new PacedOutput(new ByteTimes(BAUD, 20), now::get, told::incrementAndGet);
    line.gate(SerialWire.Gate.BY_ROOM);
    line.offer(new byte[2000], 0, 2000, 0);
    now.set(20_000_000); // all of it has arrived
    line.offer(new byte[3000], 0, 3000, now.get());
    assertThat(line.unsentAt(0)).isEqualTo(SerialWire.NEVER);
    assertThat(line.read(new byte[2000], 0, 2000)).isEqualTo(2000);
    assertThat(told).hasValue(1);
    assertThat(line.unsentAt(0)).isGreaterThan(now.get()).isNotEqualTo(SerialWire.NEVER);
    now.addAndGet(20_000_000);
    assertThat(line.read(new byte[100], 0, 100)).isPositive();
    assertThat(told).hasValue(1);
  }
}
