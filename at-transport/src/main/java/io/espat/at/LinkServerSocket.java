package io.espat.at;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The module's server as a server socket; by {@code AT+CIPSERVER}.
 *
 * <p>Every public method of {@link ServerSocket} is overridden, so none reaches the host's network.
 */
final class LinkServerSocket extends ServerSocket {
  /** Ports that nobody has a name for; port 0 takes one of these. */
  private static final int FIRST_FREE = 49152;

  private final EspAtModule module;
  private final ReentrantLock state = new ReentrantLock();
  private volatile @Nullable LinkServer server; // written under state, as all below
  private volatile InetAddress local = Addresses.ANY;
  private volatile boolean binding;
  private volatile boolean closed;
  private volatile int soTimeout;
  private volatile boolean reuse = true;
  private volatile int receiveBuffer = 5760; // the module's TCP window

  LinkServerSocket(EspAtModule module) throws IOException {
    this.module = module;
  }

  @Override
  public void bind(@Nullable SocketAddress endpoint) throws IOException {
    bind(endpoint, 0);
  }

  /** Begins to listen; port 0 takes any, and the backlog is at most the module's five links. */
  @Override
  public void bind(@Nullable SocketAddress endpoint, int backlog) throws IOException {
    if (endpoint != null && !(endpoint instanceof InetSocketAddress)) {
      throw new IllegalArgumentException("not an internet address: " + endpoint);
    }
    InetSocketAddress wanted = endpoint == null ? Addresses.NOBODY : (InetSocketAddress) endpoint;
    if (wanted.isUnresolved()) {
      throw new SocketException("unresolved address: " + wanted.getHostString());
    }
    int most = backlog < 1 ? Links.COUNT : Math.min(backlog, Links.COUNT);
    int port = wanted.getPort() == 0 ? anyPort() : wanted.getPort();
    Deadline deadline = Deadline.in(module.config().connectTimeout());
    Session session = module.online(deadline, Stop.NEVER);
    ServerTalk talk = new ServerTalk(session.links(), session.channel());
    LinkServer made = new LinkServer(talk, port, most);
    begin();
    boolean bound = false;
    try {
      local = talk.begin(made, wanted.getAddress());
      bound = true;
    } finally {
      end(bound ? made : null);
    }
  }

  private static int anyPort() {
    return ThreadLocalRandom.current().nextInt(FIRST_FREE, 65536);
  }

  private void begin() throws SocketException {
    state.lock();
    try {
      throwIfClosed();
      if (server != null || binding) {
        throw new BindException("already bound");
      }
      binding = true;
    } finally {
      state.unlock();
    }
  }

  private void end(@Nullable LinkServer made) throws SocketException {
    boolean unwanted;
    state.lock();
    try {
      binding = false;
      server = made;
      unwanted = closed && made != null;
    } finally {
      state.unlock();
    }
    if (unwanted && made != null) {
      made.close();
      throw LinkServer.closedHere();
    }
  }

  /**
   * Blocks until a peer has connected, at most for the time-out of this socket.
   *
   * <p>What the peer has sent by then is not lost. The caller closes the socket.
   */
  @Override
  public Socket accept() throws IOException {
    throwIfClosed();
    LinkServer bound = server;
    if (bound == null) {
      throw new SocketException("server socket is not bound");
    }
    Link link = bound.accept(Duration.ofMillis(soTimeout));
    link.tellBegin(Addresses.NOBODY);
    return LinkSocket.accepted(module, link);
  }

  /**
   * Ends the server; accepted sockets stay, what nobody has accepted is closed. An accept in
   * another thread ends at once.
   *
   * <p>Blocks at most twice the send time-out and the command time-out.
   */
  @Override
  public void close() throws IOException {
    LinkServer bound;
    state.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      bound = server;
    } finally {
      state.unlock();
    }
    if (bound != null) {
      bound.close();
    }
  }

  private void throwIfClosed() throws SocketException {
    if (closed) {
      throw LinkServer.closedHere();
    }
  }

  /** Returns the address in its network at which the module is reached; null while not bound. */
  @Override
  public @Nullable InetAddress getInetAddress() {
    return server == null ? null : local;
  }

  @Override
  public int getLocalPort() {
    LinkServer bound = server;
    return bound == null ? -1 : bound.port();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    LinkServer bound = server;
    return bound == null ? null : new InetSocketAddress(local, bound.port());
  }

  @Override
  public boolean isBound() {
    return server != null;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    if (timeout < 0) {
      throw new IllegalArgumentException("a time-out is not negative: " + timeout);
    }
    throwIfClosed();
    soTimeout = timeout;
  }

  @Override
  public int getSoTimeout() throws IOException {
    throwIfClosed();
    return soTimeout;
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    throwIfClosed();
    reuse = on;
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    throwIfClosed();
    return reuse;
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    throwIfClosed();
    receiveBuffer = size;
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    throwIfClosed();
    return receiveBuffer;
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    // there is one way only
  }

  @Override
  public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
    throwIfClosed();
    throw new SocketException("the module has no option " + name);
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    throwIfClosed();
    throw new SocketException("the module has no option " + name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.of();
  }

  @Override
  public @Nullable ServerSocketChannel getChannel() {
    return null;
  }

  @Override
  public String toString() {
    LinkServer bound = server;
    return "LinkServerSocket[" + (bound == null ? "not bound" : "port " + bound.port()) + "]";
  }
}
