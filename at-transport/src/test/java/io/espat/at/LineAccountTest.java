package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long the host's buffers may hold what was written: 10 000 baud are a byte a millisecond. */
class LineAccountTest {
  private static final ModuleConfig CONFIG = ModuleConfig.builder().baud(10_000).build();

  private final long start = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);

  private static LineAccount over(ByteStream stream) {
    return new LineAccount(new ModuleLine(new CountingByteStream(stream), CONFIG));
  }

  private static ByteStream withoutASpeed() {
    return ByteStream.of(InputStream.nullInputStream(), OutputStream.nullOutputStream());
  }

  private long at(long millis) {
    return start + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  @Test
  void whatWasWrittenNeedsItsTimeOnTheLine() {
    LineAccount account = over(withoutASpeed());
    account.written(100, at(0), at(0));
    account.written(200, at(50), at(50));
    assertThat(millis(account.untilQuiet(at(50)))).isEqualTo(250);
    assertThat(account.untilQuiet(at(301))).isZero();
  }

  @Test
  void aLineThatStoodStillMayHoldAllOfTheLastWrite() {
    LineAccount account = over(withoutASpeed());
    account.written(100, at(0), at(5000));
    assertThat(millis(account.untilQuiet(at(5000)))).isEqualTo(100);
  }

  @Test
  void nothingIsLeftOfWhatWasAnswered() {
    LineAccount account = over(withoutASpeed());
    account.written(100, at(0), at(0));
    account.answered(at(3));
    assertThat(account.untilQuiet(at(3))).isZero();
  }

  @Test
  void aLineThatHasBeenFasterIsTakenToBeAsFast() {
    LineAccount account = over(withoutASpeed());
    account.written(4000, at(0), at(1));
    account.written(4000, at(1), at(2));
    account.answered(at(80));
    account.written(8000, at(100), at(101));
    assertThat(millis(account.untilQuiet(at(100)))).isEqualTo(80);
    account.answered(at(8100)); // a slow answer proves nothing
    account.written(100, at(9000), at(9000));
    assertThat(millis(account.untilQuiet(at(9000)))).isEqualTo(1);
  }

  @Test
  void theSpeedOfASerialLineIsKnown() {
    LineAccount account = over(new WiredModule(10_000, 0));
    account.written(8000, at(0), at(1));
    account.answered(at(2));
    account.written(100, at(100), at(100));
    assertThat(millis(account.untilQuiet(at(100)))).isEqualTo(100);
  }
}
