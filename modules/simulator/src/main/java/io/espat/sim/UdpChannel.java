package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** A link of datagrams: one read is one of them, one write another; loop thread only. */
final class UdpChannel implements LinkChannel {
  private static final Logger LOG = LogManager.getLogger(UdpChannel.class);
  private static final int LONGEST = 1472; // what one Ethernet frame carries

  private final DatagramChannel channel;
  private final SelectionKey key;
  private final Reach reach;
  private final int window;
  private final int localPort;
  private final boolean six;
  private InetSocketAddress remote;
  private @Nullable InetSocketAddress next; // only the next write goes there
  private int follows; // how often the remote may still become whoever has sent
  private boolean readable;

  /**
   * Makes a link of a bound channel.
   *
   * @param mode whether the remote stays (0), becomes the first sender (1) or each (2)
   */
  UdpChannel(
      DatagramChannel channel,
      EventLoop loop,
      Reach reach,
      int window,
      InetSocketAddress remote,
      int mode)
      throws IOException {
    this.channel = channel;
    this.reach = reach;
    this.window = window;
    this.remote = remote;
    follows = mode == 2 ? Integer.MAX_VALUE : mode;
    localPort = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    six = Family.V6.takes(remote.getAddress());
    key = loop.watch(channel, 0, () -> readable = true);
  }

  @Override
  public String type() {
    return six ? "UDPv6" : "UDP";
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  @Override
  public boolean nextTo(InetSocketAddress to) {
    next = to;
    return true;
  }

  @Override
  public int localPort() {
    return localPort;
  }

  @Override
  public int piece() {
    return LONGEST;
  }

  @Override
  public int window() {
    return window;
  }

  /** Reads a datagram; an empty one ends the link, as recorded. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    int before = into.position();
    InetSocketAddress from = (InetSocketAddress) channel.receive(into);
    if (from == null) {
      return 0;
    }
    if (!reach.alive()) {
      into.position(before); // it never came this far
      return 0;
    }
    if (follows > 0 && !from.equals(remote)) {
      remote = from;
      follows = follows == Integer.MAX_VALUE ? follows : follows - 1;
    }
    int count = into.position() - before;
    return count == 0 ? -1 : count;
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    if (reach.alive()) {
      channel.send(bytes, next == null ? remote : next);
    }
    next = null;
    bytes.position(bytes.limit()); // what finds no room is lost
    return true;
  }

  @Override
  public boolean takeReadable() {
    boolean was = readable;
    readable = false;
    return was;
  }

  @Override
  public boolean takeWritable() {
    return true;
  }

  @Override
  public void want(boolean reading, boolean writing) {
    EventLoop.want(key, reading ? SelectionKey.OP_READ : 0);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a socket of the simulated module: {}", e.getMessage());
    }
  }
}
