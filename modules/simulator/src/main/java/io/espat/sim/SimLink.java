package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * One of the module's links: a connected socket and the bytes that passive receive holds back, at
 * most one receive window of them; loop thread only.
 */
final class SimLink {
  private static final Logger LOG = LogManager.getLogger(SimLink.class);

  private final int id;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final InetSocketAddress remote;
  private final int localPort;
  private final Firmware firmware;
  private final byte[] window;
  private int unread;
  private boolean announced; // a +IPD notice is out and not everything was read since
  private boolean ended; // the peer has closed, or the interface went
  private boolean open = true;
  private boolean readable;
  private boolean writable;

  SimLink(int id, SocketChannel channel, SelectionKey key, Firmware firmware) throws IOException {
    this.id = id;
    this.channel = channel;
    this.key = key;
    this.firmware = firmware;
    remote = (InetSocketAddress) channel.getRemoteAddress();
    localPort = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    window = new byte[firmware.window];
    key.attach((Runnable) this::selected);
  }

  private void selected() {
    readable |= key.isReadable();
    writable |= key.isWritable();
  }

  int id() {
    return id;
  }

  String address() {
    return remote.getAddress().getHostAddress();
  }

  int port() {
    return remote.getPort();
  }

  int localPort() {
    return localPort;
  }

  boolean open() {
    return open;
  }

  boolean ended() {
    return ended;
  }

  int unread() {
    return unread;
  }

  boolean announced() {
    return announced;
  }

  void announced(boolean now) {
    announced = now;
  }

  /** Whether a whole segment still fits into the window: else the peer is held back. */
  boolean roomInWindow() {
    return unread + firmware.segment <= window.length;
  }

  /** Says once whether the socket has something to read. */
  boolean takeReadable() {
    boolean was = readable;
    readable = false;
    return was;
  }

  /** Says once whether the socket takes bytes again. */
  boolean takeWritable() {
    boolean was = writable;
    writable = false;
    return was;
  }

  /** Reads one segment behind what is unread; 0 when nothing came, −1 at the end. */
  int pull() {
    try {
      int count =
          channel.read(
              ByteBuffer.wrap(window, unread, Math.min(firmware.segment, window.length - unread)));
      if (count > 0) {
        unread += count;
      } else if (count < 0) {
        ended = true;
      }
      return count;
    } catch (IOException e) {
      LOG.debug("link {} of the simulated module: {}", id, e.getMessage());
      ended = true;
      return -1;
    }
  }

  /** Takes up to {@code count} unread bytes out of the window. */
  byte[] take(int count) {
    byte[] taken = new byte[Math.min(count, unread)];
    System.arraycopy(window, 0, taken, 0, taken.length);
    System.arraycopy(window, taken.length, window, 0, unread - taken.length);
    unread -= taken.length;
    if (unread == 0) {
      announced = false;
    }
    return taken;
  }

  /** Writes what the send buffer takes now. */
  void write(ByteBuffer bytes) throws IOException {
    if (!open) {
      throw new IOException("link " + id + " is closed");
    }
    channel.write(bytes);
  }

  void want(boolean reading, boolean writing) {
    EventLoop.want(
        key,
        (reading && !ended ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0));
  }

  /** The interface went: the peer is gone, what was received stays readable. */
  void cutOff() {
    ended = true;
    closeChannel();
  }

  void close() {
    open = false;
    unread = 0;
    closeChannel();
  }

  private void closeChannel() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing link {} of the simulated module: {}", id, e.getMessage());
    }
  }
}
