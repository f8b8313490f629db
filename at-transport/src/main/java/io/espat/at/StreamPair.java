package io.espat.at;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/** Two streams as a byte stream; a thread of its own reads ahead, so that reads can time out. */
final class StreamPair implements ByteStream {
  private static final int AHEAD = 64 * 1024;

  private final String name;
  private final InputStream in;
  private final OutputStream out;
  private final ByteRing ring = new ByteRing(AHEAD);
  private volatile Duration timeout = Duration.ZERO;

  StreamPair(String name, InputStream in, OutputStream out) {
    this.name = name;
    this.in = in;
    this.out = out;
    Thread pump = new Thread(this::pump, "espat " + name + " pump");
    pump.setDaemon(true);
    pump.start();
  }

  private void pump() {
    byte[] buffer = new byte[4096];
    try {
      int count = in.read(buffer);
      while (count >= 0 && ring.put(buffer, 0, count)) {
        count = in.read(buffer);
      }
      ring.end(null);
    } catch (IOException e) {
      ring.end(e);
    } catch (InterruptedException e) {
      ring.end(new IOException("the pump of " + name + " was interrupted", e));
    } catch (RuntimeException e) { // foreign code
      ring.end(new IOException("reading " + name + " failed: " + e, e));
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    return ring.take(buffer, offset, count, timeout);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    out.write(bytes, offset, count);
    out.flush();
  }

  @Override
  public void timeout(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void close() throws IOException {
    ring.discard();
    try {
      in.close();
    } finally {
      out.close();
    }
  }
}
