package io.espat.interop;

import io.espat.at.ByteStream;
import io.espat.at.SerialLine;
import io.espat.sim.HostLine;

/** A chopped wire with the speed and the modem lines of a simulated module's line. */
final class SoakLine extends ChoppedStream implements SerialLine {
  private final HostLine line;

  SoakLine(ByteStream stream, HostLine line, String name, int most, long trip, Runnable tripped) {
    super(stream, name, most, trip, tripped);
    this.line = line;
    line.rtsCts(false); // as a serial port is opened
  }

  @Override
  public void baud(int baud) {
    line.baud(baud);
  }

  @Override
  public void rtsCts(boolean on) {
    line.rtsCts(on);
  }

  @Override
  public void rts(boolean asserted) {
    line.rts(asserted);
  }

  @Override
  public void dtr(boolean asserted) {
    line.dtr(asserted);
  }

  @Override
  public boolean cts() {
    return line.cts();
  }
}
