package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The serial line as a TCP port with one client at a time; loop thread only once opened. */
final class TcpLine implements Line {
  private static final Logger LOG = LogManager.getLogger(TcpLine.class);

  /** A client that comes right after another may be seen before the other's end is. */
  private static final Duration GRACE = Duration.ofMillis(250);

  private final ServerSocketChannel server;
  private final EventLoop loop;
  private final Runnable detached;
  private final ByteBuffer fifo = ByteBuffer.allocate(Firmware.FIFO);
  private @Nullable SocketChannel client;
  private @Nullable SelectionKey clientKey;
  private @Nullable SocketChannel knocking;
  private boolean deaf; // the client takes no more, but what it sent may still be unread
  private boolean gone; // its end was read; it leaves after what this round says to it

  private TcpLine(ServerSocketChannel server, EventLoop loop, Runnable detached) {
    this.server = server;
    this.loop = loop;
    this.detached = detached;
  }

  /** Binds the port; {@link #start} begins to accept. {@code detached} runs when a client goes. */
  static TcpLine bind(InetSocketAddress address, EventLoop loop, Runnable detached)
      throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(address);
      server.configureBlocking(false);
    } catch (IOException e) {
      server.close();
      String place = address.toString().replaceFirst("^[^/]*/", ""); // without the name
      throw new IOException("serving a simulated module on " + place + ": " + e.getMessage(), e);
    }
    return new TcpLine(server, loop, detached);
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  void start() {
    try {
      loop.watch(server, SelectionKey.OP_ACCEPT, this::accept);
    } catch (IOException e) {
      LOG.warn("a simulated module cannot watch its port: {}", e.getMessage());
    }
  }

  private void accept() {
    try {
      SocketChannel guest = server.accept();
      if (guest == null) {
        return;
      }
      if (client == null) {
        attach(guest);
      } else if (knocking == null) {
        knocking = guest;
        loop.after(GRACE, () -> refuse(guest));
      } else {
        close(guest);
      }
    } catch (IOException e) {
      LOG.debug("a client went before it was accepted: {}", e.getMessage());
    }
  }

  private void attach(SocketChannel guest) throws IOException {
    guest.configureBlocking(false);
    guest.setOption(StandardSocketOptions.TCP_NODELAY, true);
    guest.setOption(StandardSocketOptions.SO_KEEPALIVE, true); // or a dead client blocks the line
    clientKey = loop.watch(guest, SelectionKey.OP_READ, () -> {});
    client = guest;
    LOG.debug("client {} on the simulated module's line", guest.getRemoteAddress());
  }

  /** Sends away whoever still knocks: the line is taken. */
  private void refuse(SocketChannel guest) {
    if (knocking == guest) {
      knocking = null;
      LOG.info("refused a client: the simulated module has one");
      close(guest);
    }
  }

  @Override
  public byte @Nullable [] poll() {
    SocketChannel from = client;
    if (from == null || gone) {
      return null;
    }
    fifo.clear();
    try {
      int count = from.read(fifo);
      if (count > 0) {
        byte[] chunk = new byte[count];
        fifo.flip().get(chunk);
        return chunk;
      }
      gone = count < 0;
    } catch (IOException e) {
      LOG.debug("reading from the client of the simulated module: {}", e.getMessage());
      gone = true;
    }
    return null;
  }

  @Override
  public int offer(byte[] bytes, int offset, int count) {
    SocketChannel to = client;
    if (to == null) {
      return 0;
    }
    if (deaf) {
      return count;
    }
    try {
      return to.write(ByteBuffer.wrap(bytes, offset, count));
    } catch (IOException e) {
      LOG.debug("writing to the client of the simulated module: {}", e.getMessage());
      deaf = true;
      return count;
    }
  }

  @Override
  public boolean attached() {
    return client != null;
  }

  /** Whether the client has ended its side and is let go at the next {@link #want}. */
  boolean leaving() {
    return gone;
  }

  /** Whether the client takes no more. */
  boolean deaf() {
    return deaf;
  }

  /** Keeps a leaving client for what is still to be said to it. */
  void linger(boolean output) {
    EventLoop.want(clientKey, output ? SelectionKey.OP_WRITE : 0);
  }

  @Override
  public void want(boolean input, boolean output) {
    if (gone) {
      detach();
    }
    EventLoop.want(
        clientKey, (input ? SelectionKey.OP_READ : 0) | (output ? SelectionKey.OP_WRITE : 0));
  }

  private void detach() {
    LOG.debug("the client left the simulated module's line");
    closeClient();
    detached.run();
    SocketChannel next = knocking;
    knocking = null;
    if (next != null) {
      try {
        attach(next);
      } catch (IOException e) {
        LOG.debug("a client went before it was served: {}", e.getMessage());
      }
    }
  }

  private void closeClient() {
    close(client);
    client = null;
    clientKey = null;
    deaf = false;
    gone = false;
  }

  private static void close(@Nullable Channel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing a channel of the simulated module: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    closeClient();
    close(knocking);
    close(server);
  }
}
