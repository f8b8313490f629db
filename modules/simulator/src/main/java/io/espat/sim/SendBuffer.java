package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A transport behind a network that may die: what is written then fills the firmware's send buffer
 * and leaves once the network is back, also if the link was closed meanwhile; loop thread only.
 */
final class SendBuffer implements LinkChannel {
  private static final Logger LOG = LogManager.getLogger(SendBuffer.class);

  private final LinkChannel transport;
  private final Reach reach;
  private final int capacity;
  private ByteBuffer held = ByteBuffer.allocate(0); // made when it is first needed
  private boolean closed;

  SendBuffer(LinkChannel transport, Reach reach, int capacity) {
    this.transport = transport;
    this.reach = reach;
    this.capacity = capacity;
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
    return transport.piece();
  }

  @Override
  public int window() {
    return transport.window();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return reach.alive() ? transport.read(into) : 0;
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!reach.alive()) {
      if (held.capacity() == 0) {
        held = ByteBuffer.allocate(capacity);
      }
      while (bytes.hasRemaining() && held.hasRemaining()) {
        held.put(bytes.get());
      }
      return !bytes.hasRemaining();
    }
    return flush() && transport.write(bytes);
  }

  /** Says whether nothing is held back any more. */
  private boolean flush() throws IOException {
    if (held.position() == 0) {
      return true;
    }
    held.flip();
    boolean gone = transport.write(held);
    held.compact();
    return gone && held.position() == 0;
  }

  @Override
  public boolean takeReadable() {
    return reach.alive() && transport.takeReadable();
  }

  @Override
  public boolean takeWritable() {
    return reach.alive() && transport.takeWritable();
  }

  @Override
  public void want(boolean reading, boolean writing) {
    if (closed) {
      return;
    }
    boolean alive = reach.alive();
    boolean more = alive && !flushed();
    transport.want(alive && reading, alive && (writing || more));
  }

  /** As {@link #flush}; a transport that fails is found out where it is read. */
  private boolean flushed() {
    try {
      return flush();
    } catch (IOException e) {
      LOG.debug("what waited for the network is lost: {}", e.getMessage());
      held.clear();
      return true;
    }
  }

  @Override
  public void abort() {
    closed = true;
    held.clear();
    transport.abort();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      transport.want(false, false);
      reach.whenBack(
          () -> {
            flushed();
            transport.close();
          });
    }
  }
}
