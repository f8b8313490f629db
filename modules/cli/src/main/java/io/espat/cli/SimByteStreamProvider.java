package io.espat.cli;

import io.espat.at.ByteStream;
import io.espat.at.ByteStreamProvider;
import io.espat.at.ModuleConfig;
import io.espat.at.SerialLine;
import io.espat.sim.HostLine;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/**
 * Opens {@code sim:}, {@code sim:NAME=ADDRESS,NAME=ADDRESS} and {@code
 * sim:?firmware=esp32-2.1&baud=921600&fault=BUSY@0.1&seed=7}: a simulated module in this process,
 * which dials loopback addresses only. What stands behind the question mark are the options of
 * {@code espat simulate} without their dashes.
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
    SimulatedOptions options = new SimulatedOptions("");
    int question = spec.indexOf('?');
    String hosts = spec.substring(spec.indexOf(':') + 1, question < 0 ? spec.length() : question);
    try {
      for (String each : hosts.split(",", -1)) {
        if (!each.isBlank()) options.host("sim:", each);
      }
      if (question >= 0) describe(options, spec.substring(question + 1));
    } catch (FailureException e) {
      throw new IOException("opening " + spec, e);
    }
    boolean faults = !options.faults().isEmpty();
    SimulatedModule module = options.builder().build();
    return of(module, faults ? spec + " (seed " + module.seed() + ")" : spec, config);
  }

  private static void describe(SimulatedOptions options, String query) throws FailureException {
    for (String each : query.split("&", -1)) {
      if (each.isBlank()) continue;
      int equals = each.indexOf('=');
      options.set(
          equals < 0 ? each : each.substring(0, equals),
          equals < 0 ? "" : decoded(each.substring(equals + 1)));
    }
  }

  /** Percent-encoding as in a URL; a plus sign stays one, for {@code AT+CIPSEND}. */
  private static String decoded(String text) throws FailureException {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw FailureException.usage(
          "sim: cannot be read: " + Escape.line(text), "write a percent sign as %25");
    }
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
