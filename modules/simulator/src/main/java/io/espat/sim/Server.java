package io.espat.sim;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one server that {@code AT+CIPSERVER} makes, and the links that it accepts; loop thread only.
 *
 * <p>It listens on loopback, at the port that the host named where that is free, else at any.
 */
final class Server {
  /** Hears of a peer that was let in, and of what carries its link. */
  interface Joined {
    void by(LinkChannel channel);
  }

  /** Makes what carries a connection. */
  interface Carrier {
    LinkChannel of(SocketChannel channel, SelectionKey key) throws IOException;
  }

  /** Lets an accepted connection in, at once or later; never when that fails. */
  interface Admission {
    void admit(SocketChannel channel, SelectionKey key, Joined then) throws IOException;
  }

  private static final Logger LOG = LogManager.getLogger(Server.class);

  private final Firmware firmware;
  private final EventLoop loop;
  private final Links links;
  private @Nullable ServerSocketChannel listening;
  private @Nullable SelectionKey key;
  private @Nullable Admission admission;
  private int limit = Firmware.LINKS; // AT+CIPSERVERMAXCONN
  private Duration idle = Duration.ZERO; // AT+CIPSTO
  private boolean waiting; // a peer wants to be accepted
  private Runnable cancelIdle = () -> {};
  private volatile int port; // written by the loop thread only

  Server(Firmware firmware, EventLoop loop, Links links) {
    this.firmware = firmware;
    this.loop = loop;
    this.links = links;
  }

  boolean on() {
    return listening != null;
  }

  /** The port of this computer behind the module's, 0 without a server; from any thread. */
  int port() {
    return port;
  }

  int limit() {
    return limit;
  }

  void limit(int connections) {
    limit = connections;
  }

  Duration idle() {
    return idle;
  }

  /** Closes accepted links that carry nothing for that long; zero never. */
  void idle(Duration longest) {
    idle = longest;
    watchIdle();
  }

  /** Begins to listen. */
  void listen(InetAddress address, int wanted, Admission by) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, firmware.window);
      bind(channel, address, wanted);
      key = loop.watch(channel, 0, () -> waiting = true);
      port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      channel.close();
      throw e;
    } catch (UnsupportedAddressTypeException e) {
      channel.close();
      throw new IOException("this computer has no IPv6", e);
    }
    listening = channel;
    admission = by;
    LOG.debug("port {} of the simulated module is port {} here", wanted, port);
  }

  private static void bind(ServerSocketChannel channel, InetAddress address, int wanted)
      throws IOException {
    try {
      channel.bind(new InetSocketAddress(address, wanted));
    } catch (IOException e) {
      LOG.debug("port {} is not to be had: {}", wanted, e.getMessage());
      channel.bind(new InetSocketAddress(address, 0));
    }
  }

  /** Accepts one peer that waits. */
  void serve() {
    ServerSocketChannel channel = listening;
    Admission by = admission;
    if (!waiting || channel == null || by == null) {
      return;
    }
    waiting = false;
    try {
      SocketChannel peer = channel.accept();
      if (peer != null) {
        accept(peer, by);
      }
    } catch (IOException e) {
      LOG.debug("accepting for the simulated module: {}", e.getMessage());
    }
  }

  private void accept(SocketChannel peer, Admission by) throws IOException {
    if (links.free() < 0 || links.accepted().size() + links.handshakes().count() >= limit) {
      peer.close();
      return;
    }
    try {
      Dial.prepare(peer, firmware);
      by.admit(peer, loop.watch(peer, 0, () -> {}), this::joined);
    } catch (IOException e) {
      peer.close();
      throw e;
    }
  }

  /** Gives a peer the lowest id that is free by now, if one is. */
  private void joined(LinkChannel channel) {
    int id = links.free();
    if (id < 0) {
      channel.close();
      return;
    }
    links.accept(id, channel);
    watchIdle();
  }

  /** Whether peers are accepted now: not while a send holds the socket lock. */
  void want(boolean accepting) {
    EventLoop.want(key, accepting ? SelectionKey.OP_ACCEPT : 0);
  }

  private void watchIdle() {
    cancelIdle.run();
    cancelIdle = () -> {};
    if (idle.isZero()) {
      return;
    }
    long next = Long.MAX_VALUE;
    for (SimLink link : links.accepted()) {
      long left = link.lastActive() + idle.toNanos() - System.nanoTime();
      if (left <= 0) {
        links.close(link);
      } else {
        next = Math.min(next, left);
      }
    }
    if (next < Long.MAX_VALUE) {
      cancelIdle = loop.after(Duration.ofNanos(next), this::watchIdle);
    }
  }

  /** Stops listening; what was accepted stays. */
  void stop() {
    port = 0;
    waiting = false;
    ServerSocketChannel channel = listening;
    listening = null;
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing the server of the simulated module: {}", e.getMessage());
    }
  }

  /** Back to how a module starts. */
  void reset() {
    stop();
    cancelIdle.run();
    limit = Firmware.LINKS;
    idle = Duration.ZERO;
  }
}
