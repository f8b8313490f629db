package io.espat.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Payload on its way into a link: one block being sent, under the socket lock, while the next
 * gathers; loop thread only.
 */
final class Blocks {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private static final int HELD_BACK = 3; // plus signs may come with the chunk behind them

  private final EventLoop loop;
  private final int size;
  private final Runnable expired;
  private final byte[] gathering;
  private int gathered;
  private ByteBuffer block = NOTHING;
  private boolean underWay; // a block is on its way
  private boolean holds; // and has the socket lock
  private long sent;
  private Runnable cancelTimeout = () -> {};

  /** {@code expired} hears that the send time-out of a block ran out. */
  Blocks(EventLoop loop, int size, Runnable expired) {
    this.loop = loop;
    this.size = size;
    this.expired = expired;
    gathering = new byte[size + HELD_BACK + Firmware.FIFO];
  }

  /** Whether a whole block gathered: until it is cut, no chunk fits in. */
  boolean full() {
    return gathered >= size;
  }

  /** How many bytes it is until a whole block has gathered. */
  int room() {
    return size - gathered;
  }

  boolean empty() {
    return gathered == 0;
  }

  /** Whether more than one block gathered. */
  boolean more() {
    return gathered > size;
  }

  /** Keeps a prefix of what gathered and forgets the rest: a fault. */
  void keep(SplittableRandom random) {
    gathered = random.nextInt(gathered + 1);
  }

  /** Gathers the first bytes of a chunk; not while {@link #full}. */
  void add(byte[] chunk, int count) {
    System.arraycopy(chunk, 0, gathering, gathered, count);
    gathered += count;
  }

  /** Makes the next block of what gathered. */
  void cut(Duration timeout) {
    int count = Math.min(gathered, size);
    block = ByteBuffer.wrap(Arrays.copyOf(gathering, count));
    gathered -= count;
    System.arraycopy(gathering, count, gathering, 0, gathered);
    underWay = true;
    if (!timeout.isZero()) {
      cancelTimeout = loop.after(timeout, expired);
    }
  }

  /** Whether a block is on its way. */
  boolean underWay() {
    return underWay;
  }

  /** Whether the block on its way has the socket lock. */
  boolean holds() {
    return holds;
  }

  /**
   * Takes the socket lock for the block on its way, if it is free, and says whether that has it.
   */
  boolean lock(boolean free) {
    holds |= underWay && free;
    return holds;
  }

  /** How many bytes links have taken. */
  long sent() {
    return sent;
  }

  /** Gives the link what it takes of the block and says whether the block is done with. */
  boolean written(SimLink link) throws IOException {
    int before = block.remaining();
    boolean gone = link.write(block);
    sent += before - block.remaining();
    if (gone) {
      release();
    }
    return gone;
  }

  /** Forgets what gathered. */
  void forget() {
    gathered = 0;
  }

  /** Lets the lock go, whatever has become of the block. */
  void release() {
    block = NOTHING;
    underWay = false;
    holds = false;
    cancelTimeout.run();
  }
}
