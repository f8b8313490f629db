package io.espat.at;

import io.espat.sim.HostLine;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.time.Duration;

/**
 * A simulated module's line as a serial port that was opened without flow control, RTS and DTR off.
 */
final class SimulatedSerialLine implements SerialLine {
  private final ByteStream stream;
  private final HostLine host;

  SimulatedSerialLine(SimulatedModule module, int baud) {
    stream = ByteStream.of(module.input(), module.output());
    host = module.hostLine();
    host.baud(baud);
    host.rtsCts(false);
    host.rts(false);
    host.dtr(false);
  }

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
  public String name() {
    return "a simulated line";
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
    stream.close();
  }
}
