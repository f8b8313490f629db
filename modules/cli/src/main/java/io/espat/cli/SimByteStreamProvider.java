package io.espat.cli;

import io.espat.at.ByteStream;
import io.espat.at.ByteStreamProvider;
import io.espat.at.ModuleConfig;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * Opens {@code sim:} and {@code sim:NAME=ADDRESS,NAME=ADDRESS}: a simulated module in this process,
 * which dials loopback addresses only.
 *
 * <p>Public because {@link java.util.ServiceLoader} makes it.
 */
public final class SimByteStreamProvider implements ByteStreamProvider {
  /** For {@link java.util.ServiceLoader}. */
  public SimByteStreamProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("sim");
  }

  @Override
  public ByteStream open(String spec, ModuleConfig config) throws IOException {
    SimulatedModule.Builder builder = SimulatedModule.builder();
    String hosts = spec.substring(spec.indexOf(':') + 1);
    try {
      for (String each : hosts.split(",", -1)) {
        if (!each.isBlank()) SimulatedHosts.add(builder, "sim:", each);
      }
    } catch (FailureException e) {
      throw new IOException("opening " + spec, e);
    }
    return of(builder.build(), spec);
  }

  /** The host's side of a module's line; closing it switches the module off. */
  static ByteStream of(SimulatedModule module, String name) {
    return new Line(module, ByteStream.of(module.input(), module.output()), name);
  }

  private record Line(SimulatedModule module, ByteStream stream, String name)
      implements ByteStream {
    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      return stream.read(buffer, offset, count);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      stream.write(bytes, offset, count);
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void timeout(Duration timeout) {
      stream.timeout(timeout);
    }

    @Override
    public void close() throws IOException {
      try {
        stream.close();
      } finally {
        module.close();
      }
    }
  }
}
