package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One of the module's links: what carries it and the bytes that passive receive holds back, at most
 * one receive window of them; loop thread only.
 */
final class SimLink {
  private static final Logger LOG = LogManager.getLogger(SimLink.class);

  private final int id;
  private final LinkChannel channel;
  private final byte[] window;
  private int unread;
  private int tail; // bytes of a closing record, which count as data until they are asked for
  private boolean announced; // a +IPD notice is out and not everything was read since
  private boolean ended; // the peer has closed, or the interface went
  private IntConsumer sent = count -> {};
  private boolean open = true;
  private boolean accepted; // by the module's server
  private LinkSecurity.@Nullable Security security; // what it was dialled with
  private long active = System.nanoTime();
  private Runnable closed = () -> {};

  SimLink(int id, LinkChannel channel) {
    this.id = id;
    this.channel = channel;
    window = new byte[channel.window()];
  }

  int id() {
    return id;
  }

  /** The type as it is listed: TCP, SSL, UDP and so on. */
  String type() {
    return channel.type();
  }

  String address() {
    return Family.text(channel.remote().getAddress());
  }

  InetSocketAddress remote() {
    return channel.remote();
  }

  boolean accepted() {
    return accepted;
  }

  void accepted(boolean byServer) {
    accepted = byServer;
  }

  /** The TLS that it was dialled with, to dial it again; none in clear. */
  LinkSecurity.@Nullable Security security() {
    return security;
  }

  void security(LinkSecurity.@Nullable Security dialledWith) {
    security = dialledWith;
  }

  /** When bytes went either way last, or the link was made. */
  long lastActive() {
    return active;
  }

  int port() {
    return channel.remote().getPort();
  }

  int localPort() {
    return channel.localPort();
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

  /** What is said to be readable: the unread bytes, or a closing record behind the last. */
  int readable() {
    return unread > 0 ? unread : tail;
  }

  int tail() {
    return tail;
  }

  void dropTail() {
    tail = 0;
  }

  boolean announced() {
    return announced;
  }

  void announced(boolean now) {
    announced = now;
  }

  /** Whether a whole piece still fits into the window: else the peer is held back. */
  boolean roomInWindow() {
    return unread + channel.piece() <= window.length;
  }

  /** Says once whether the transport has something to read. */
  boolean takeReadable() {
    return channel.takeReadable();
  }

  /** Says once whether the transport takes bytes again. */
  boolean takeWritable() {
    return channel.takeWritable();
  }

  /** Reads one piece behind what is unread; 0 when nothing came, −1 at the end. */
  int pull() {
    try {
      int count =
          channel.read(
              ByteBuffer.wrap(window, unread, Math.min(channel.piece(), window.length - unread)));
      if (count > 0) {
        active = System.nanoTime();
        unread += count;
      } else if (count < 0) {
        ended = true;
        tail = channel.closingRecord();
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

  /** Names who the next write goes to; only a link of datagrams lets one choose. */
  boolean nextTo(InetSocketAddress to) {
    return channel.nextTo(to);
  }

  /**
   * Writes what the transport takes now and says whether all is out of the module's hands; if not,
   * call again once {@link #takeWritable} says so.
   */
  boolean write(ByteBuffer bytes) throws IOException {
    if (!open) {
      throw new IOException("link " + id + " is closed");
    }
    active = System.nanoTime();
    int before = bytes.remaining();
    boolean gone = channel.write(bytes);
    sent.accept(before - bytes.remaining());
    return gone;
  }

  /** Names the one who hears how many bytes each write took. */
  void whenSent(IntConsumer listener) {
    sent = listener;
  }

  void want(boolean reading, boolean writing) {
    channel.unread(unread);
    channel.want(reading && !ended, writing);
  }

  /** The interface went: the peer is gone, what was received stays readable. */
  void cutOff() {
    ended = true;
    tail = 0;
    channel.close();
  }

  /** As {@link #cutOff}, and the peer is not told that all is said. */
  void breakOff() {
    ended = true;
    tail = 0;
    channel.abort();
  }

  void close() {
    open = false;
    unread = 0;
    channel.close();
    closed.run();
  }

  /** Names the one who hears that this link was closed. */
  void whenClosed(Runnable listener) {
    closed = listener;
  }
}
