package io.espat.smtp;

import java.io.IOException;
import java.io.OutputStream;

/** Gathers a message into blocks of a TLS record each, and tells of the progress. */
final class Body extends OutputStream {
  private static final int BLOCK = 16 * 1024;

  private final Wire wire;
  private final Events events;
  private final long total;
  private final byte[] block = new byte[BLOCK];
  private int held;
  private long sent;

  Body(Wire wire, Events events, long total) {
    this.wire = wire;
    this.events = events;
    this.total = total;
  }

  @Override
  public void write(int octet) throws IOException {
    if (held == BLOCK) {
      wire.requireSilence();
      hand();
    }
    block[held++] = (byte) octet;
  }

  /** Does nothing: a block leaves when it is full, and the last one with the final dot. */
  @Override
  public void flush() {}

  /** How many octets were written here so far, handed over or held. */
  long given() {
    return sent + held;
  }

  /** Hands over what is held, even when the server has spoken meanwhile. */
  void finish() throws IOException {
    hand();
  }

  private void hand() throws IOException {
    wire.write(block, 0, held);
    sent += held;
    held = 0;
    events.progress(sent, total, sent >= total);
  }
}
