package io.espat.cli;

import io.espat.at.ByteStream;
import io.espat.at.ByteStreamProvider;
import io.espat.at.ModuleConfig;
import io.espat.at.SerialLine;
import io.espat.sim.HostLine;
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
    return of(builder.build(), spec, config);
  }

  /** The host's side of a module's line, set as a serial port would be; closing it ends both. */
  static ByteStream of(SimulatedModule module, String name, ModuleConfig config) {
    HostLine host = module.hostLine();
    if (config.baud() != ModuleConfig.ANY_BAUD) host.baud(config.baud());
    host.rtsCts(false);
    host.rts(false);
    host.dtr(false);
    return new Line(module, host, ByteStream.of(module.input(), module.output()), name);
  }

  private record Line(SimulatedModule module, HostLine host, ByteStream stream, String name)
      implements SerialLine {
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
    public void baud(int baud) {
      host.baud(baud);
    }

    @Override
    public void rtsCts(boolean on) {
      host.rtsCts(on);
    }

    @Override
    public void rts(boolean asserted) {
      host.rts(asserted);
    }

    @Override
    public void dtr(boolean asserted) {
      host.dtr(asserted);
    }

    @Override
    public boolean cts() {
      return host.cts();
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
