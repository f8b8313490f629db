package io.espat.sim;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A serial line with a speed, whose other end is a client on TCP: the module's thread is the host's
 * driver too; loop thread only.
 */
final class PacedTcp implements Line {
  /** A client that has ended its side hears what the module says until both have been silent. */
  private static final long PATIENCE = 50_000_000;

  private final TcpLine tcp;
  private final PacedLine line;
  private final EventLoop loop;
  private final ByteBuffer towardsClient = ByteBuffer.allocate(PacedOutput.DRIVER).limit(0);
  private long busy; // when something was last under way

  PacedTcp(TcpLine tcp, PacedLine line, EventLoop loop) {
    this.tcp = tcp;
    this.line = line;
    this.loop = loop;
  }

  @Override
  public byte @Nullable [] poll() {
    hear();
    return line.poll();
  }

  /** Takes from the client what the driver's buffer has room for. */
  private void hear() {
    byte[] chunk;
    while (line.fromHost().room() >= Firmware.FIFO && (chunk = tcp.poll()) != null) {
      line.fromHost().offer(chunk, 0, chunk.length);
    }
  }

  /** Gives the client what has arrived for it. */
  private void tell() {
    while (tcp.attached()) {
      if (!towardsClient.hasRemaining()) {
        int count = line.toHost().poll(towardsClient.array());
        towardsClient.position(0).limit(count);
      }
      int count = towardsClient.remaining();
      int taken = tcp.offer(towardsClient.array(), towardsClient.position(), count);
      towardsClient.position(towardsClient.position() + taken);
      if (taken < count || count == 0) {
        return;
      }
    }
  }

  @Override
  public int offer(byte[] bytes, int offset, int count) {
    return line.offer(bytes, offset, count);
  }

  @Override
  public boolean attached() {
    return tcp.attached();
  }

  @Override
  public void want(boolean input, boolean output) {
    hear();
    tell();
    line.want(input, output);
    boolean waits = towardsClient.hasRemaining();
    if (!waits) {
      loop.alarm(line.toHost().dueAt());
    }
    boolean room = line.fromHost().room() >= Firmware.FIFO;
    if (!room) {
      loop.alarm(line.fromHost().roomAt());
    }
    if (!tcp.leaving() || quiet(waits)) {
      tcp.want(room, waits);
    } else {
      tcp.linger(waits);
    }
  }

  /** Whether nothing has been under way for a while; a client that hears nothing may go at once. */
  private boolean quiet(boolean waits) {
    long now = loop.real();
    boolean heard = line.fromHost().idle();
    if (!heard || waits || line.unsent() > 0) {
      busy = now;
    }
    if (heard && tcp.deaf()) {
      return true;
    }
    loop.alarm(busy + PATIENCE);
    return now - busy >= PATIENCE;
  }

  /** Forgets what was on its way to and from a client that has gone. */
  void clear() {
    towardsClient.limit(0);
    line.clear();
  }

  @Override
  public void close() {
    line.close();
    tell();
    tcp.close();
  }
}
