package io.espat.at;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How many bytes of pushed payload the reader takes off the wire in a second; one operation is one
 * byte. With {@code -prof gc} the allocation for each payload byte.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AtReaderBenchmark {
  private static final int PAYLOAD = 1 << 20;

  /** Bytes of one frame: a full one, one TCP segment, a line of a dialogue. */
  @Param({"2920", "1460", "64"})
  public int frame;

  private byte[] wire = new byte[0];

  /** Makes the wire. */
  @Setup
  public void fill() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] payload = new byte[frame];
    for (int left = PAYLOAD; left > 0; left -= frame) {
      int count = Math.min(left, frame);
      bytes.writeBytes(("\r\n+IPD,0," + count + ":").getBytes(StandardCharsets.US_ASCII));
      bytes.write(payload, 0, count);
      bytes.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    wire = bytes.toByteArray();
  }

  /** Parses 1 MiB of frames. */
  @Benchmark
  @OperationsPerInvocation(PAYLOAD)
  public long frames() throws IOException {
    AtReader reader = new AtReader(new Wire(wire), Duration.ofSeconds(1));
    long taken = 0;
    for (Inbound message = reader.next(); message != null; message = reader.next()) {
      if (message instanceof Inbound.Data data) {
        taken += data.bytes().remaining();
      }
    }
    if (taken != PAYLOAD) {
      throw new IllegalStateException(taken + " bytes of " + PAYLOAD);
    }
    return taken;
  }

  /** A wire that is always ahead of its reader. */
  private static final class Wire implements ByteStream {
    private final byte[] bytes;
    private int next;

    Wire(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) {
      int run = Math.min(count, bytes.length - next);
      if (run == 0) {
        return -1;
      }
      System.arraycopy(bytes, next, buffer, offset, run);
      next += run;
      return run;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      throw new UnsupportedOperationException("the reader only reads");
    }

    @Override
    public void timeout(Duration timeout) {
      // nothing here ever waits
    }

    @Override
    public String name() {
      return "bench";
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
