package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A transport whose peer is a round trip away: what the peer has sent can be read that much later,
 * and no more of it is under way than the receive window has room for; loop thread only.
 */
final class FarChannel implements LinkChannel {
  private record Segment(ByteBuffer bytes, long at) {}

  private final LinkChannel transport;
  private final EventLoop loop;
  private final long delay;
  private final int piece;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private int underWay;
  private int unread;
  private long endAt = Long.MAX_VALUE;
  private boolean endTold;
  private @Nullable IOException failure; // what the end was

  /** A piece of 0 is the transport's own. */
  FarChannel(LinkChannel transport, EventLoop loop, long delay, int piece) {
    this.transport = transport;
    this.loop = loop;
    this.delay = delay;
    this.piece = piece == 0 ? transport.piece() : piece;
  }

  @Override
  public String type() {
    return transport.type();
  }

  @Override
  public InetSocketAddress remote() {
    return transport.remote();
  }

  @Override
  public int localPort() {
    return transport.localPort();
  }

  @Override
  public int piece() {
    return piece;
  }

  @Override
  public int window() {
    return transport.window();
  }

  @Override
  public int closingRecord() {
    return transport.closingRecord();
  }

  /** Takes what the peer has sent while the window has room. */
  private void receive() {
    long at = loop.real() + delay;
    try {
      int count = piece;
      while (count == piece && roomInWindow()) {
        ByteBuffer segment = ByteBuffer.allocate(piece);
        count = transport.read(segment);
        if (count > 0) {
          segments.add(new Segment(segment.flip(), at));
          underWay += count;
        }
      }
      endAt = count < 0 ? at : endAt;
    } catch (IOException e) {
      failure = e;
      endAt = at;
    }
  }

  private boolean ended() {
    return endAt != Long.MAX_VALUE;
  }

  private boolean roomInWindow() {
    return underWay + unread + piece <= window();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    Segment first = segments.peek();
    if (first != null && first.at <= loop.real()) {
      int count = Math.min(into.remaining(), first.bytes.remaining());
      into.put(into.position(), first.bytes, first.bytes.position(), count);
      into.position(into.position() + count);
      first.bytes.position(first.bytes.position() + count);
      if (!first.bytes.hasRemaining()) {
        segments.remove();
      }
      underWay -= count;
      unread += count;
      loop.asOf(first.at);
      return count;
    }
    if (first != null || endAt > loop.real()) {
      return 0;
    }
    endTold = true;
    if (failure != null) {
      throw failure;
    }
    return -1;
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    return transport.write(bytes);
  }

  @Override
  public boolean takeReadable() {
    return next() <= loop.real();
  }

  /** When something can be read, or the end. */
  private long next() {
    Segment first = segments.peek();
    return first != null ? first.at : endTold ? Long.MAX_VALUE : endAt;
  }

  @Override
  public boolean takeWritable() {
    return transport.takeWritable();
  }

  @Override
  public void unread(int bytes) {
    unread = bytes;
  }

  @Override
  public void want(boolean reading, boolean writing) {
    if (!ended() && transport.takeReadable()) {
      receive();
    }
    transport.want(!ended() && roomInWindow(), writing);
    if (reading) {
      loop.alarm(next());
    }
  }

  @Override
  public void close() {
    endAt = Math.min(endAt, loop.real());
    transport.close();
  }

  @Override
  public void abort() {
    endAt = Math.min(endAt, loop.real());
    transport.abort();
  }
}
