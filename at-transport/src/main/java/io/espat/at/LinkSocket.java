package io.espat.at;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A link of the module as a socket, nothing more.
 *
 * <p>Every public method of {@link Socket} is overridden, so none reaches the host's network.
 * Options that the module does not have are accepted and kept. The module has no half-close: the
 * peer hears of {@link #shutdownOutput} when the socket is closed.
 */
final class LinkSocket extends Socket {
  private final EspAtModule module;
  private final @Nullable ModuleTls tls;
  private final ReentrantLock state = new ReentrantLock();
  private volatile @Nullable Link link; // written under state, as all below
  private volatile boolean closed;
  private volatile boolean connecting;
  private volatile boolean inputShut;
  private volatile boolean outputShut;
  private volatile int soTimeout;
  private volatile boolean keepAlive;
  private volatile boolean noDelay = true;
  private volatile boolean reuse;
  private volatile boolean urgentInline;
  private volatile int linger = -1;
  private volatile int trafficClass;
  private volatile int receiveBuffer = 5760; // the module's TCP window
  private volatile int sendBuffer = 5760;

  /** Makes the socket of a link to be connected, with the module's TLS unless that is null. */
  LinkSocket(EspAtModule module, @Nullable ModuleTls tls) {
    this.module = module;
    this.tls = tls;
  }

  /** Makes the socket of a link that the module's server has accepted. */
  static LinkSocket accepted(EspAtModule module, Link link) {
    LinkSocket socket = new LinkSocket(module, null);
    socket.link = link;
    return socket;
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    connect(endpoint, 0);
  }

  /** Resolves on the module if need be, and connects; zero takes the module's configured limits. */
  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    if (timeout < 0) {
      throw new IllegalArgumentException("a time-out is not negative: " + timeout);
    }
    if (!(endpoint instanceof InetSocketAddress peer)) {
      throw new IllegalArgumentException("not an internet address: " + endpoint);
    }
    begin();
    Link made = null;
    try {
      Deadline limit = limit(timeout);
      InetSocketAddress resolved = peer;
      if (peer.isUnresolved()) {
        resolved =
            new InetSocketAddress(
                module.resolve(peer.getHostString(), limit, this::stopped), peer.getPort());
      }
      Deadline connecting = timeout == 0 ? limit(0) : limit;
      Dial dial = new Dial(named(resolved), keepAlive ? 60 : 0, tls);
      made = module.connect(dial, connecting, this::stopped);
    } finally {
      end(made);
    }
  }

  /**
   * Gives an address without a name its own digits as one, so that nobody looks it up backwards.
   */
  private static InetSocketAddress named(InetSocketAddress peer) throws UnknownHostException {
    InetAddress address = peer.getAddress();
    return new InetSocketAddress(
        InetAddress.getByAddress(peer.getHostString(), address.getAddress()), peer.getPort());
  }

  private Deadline limit(int timeout) {
    return Deadline.in(
        timeout == 0 ? module.config().connectTimeout() : Duration.ofMillis(timeout));
  }

  private void begin() throws SocketException {
    state.lock();
    try {
      if (closed) {
        throw closedHere();
      }
      if (link != null || connecting) {
        throw new SocketException("already connected");
      }
      connecting = true;
    } finally {
      state.unlock();
    }
  }

  private void end(@Nullable Link made) throws IOException {
    boolean unwanted;
    state.lock();
    try {
      connecting = false;
      unwanted = closed && made != null;
      if (made == null) {
        closed = true; // as a Java socket is after a failed connect
      } else {
        made.timeout(Duration.ofMillis(soTimeout));
        link = made;
      }
    } finally {
      state.unlock();
    }
    if (unwanted && made != null) {
      made.close();
      throw closedHere();
    }
  }

  private @Nullable IOException stopped() {
    return closed ? closedHere() : null;
  }

  private static SocketException closedHere() {
    return new SocketException("socket closed");
  }

  private Link open() throws SocketException {
    if (closed) {
      throw closedHere();
    }
    Link current = link;
    if (current == null) {
      throw new SocketException("socket is not connected");
    }
    return current;
  }

  /** Closes the link; see {@link Link#close}. A connect in another thread ends at once. */
  @Override
  public void close() throws IOException {
    Link current;
    state.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      current = link;
    } finally {
      state.unlock();
    }
    module.wake();
    if (current != null) {
      current.close();
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    Link current = open();
    if (inputShut) {
      throw new SocketException("input is shut down");
    }
    return new LinkInput(this, current);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    Link current = open();
    if (outputShut) {
      throw new SocketException("output is shut down");
    }
    return new LinkOutput(this, current);
  }

  @Override
  public void shutdownInput() throws IOException {
    open().inflow().shutdown();
    inputShut = true;
  }

  @Override
  public void shutdownOutput() throws IOException {
    open().outflow().shutdown(Deadline.in(module.config().sendTimeout().multipliedBy(2)));
    outputShut = true;
  }

  @Override
  public boolean isInputShutdown() {
    return inputShut;
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShut;
  }

  @Override
  public boolean isConnected() {
    return link != null;
  }

  @Override
  public boolean isBound() {
    return link != null;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    // any local end will do; the module chooses it when it connects
    if (local instanceof InetSocketAddress chosen
        && (chosen.getPort() != 0
            || chosen.getAddress() != null && !chosen.getAddress().isAnyLocalAddress())) {
      throw new SocketException("the local end of a link cannot be chosen: the module chooses it");
    }
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    Link current = link;
    return current == null ? null : current.peer().getAddress();
  }

  @Override
  public int getPort() {
    Link current = link;
    return current == null ? 0 : current.peer().getPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    Link current = link;
    return current == null ? null : current.peer();
  }

  /** The module does not say: any local address stands for it. */
  @Override
  public InetAddress getLocalAddress() {
    return Addresses.ANY;
  }

  @Override
  public int getLocalPort() {
    return link == null ? -1 : 0;
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return link == null ? null : new InetSocketAddress(getLocalAddress(), 0);
  }

  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    if (timeout < 0) {
      throw new IllegalArgumentException("a time-out is not negative: " + timeout);
    }
    throwIfClosed();
    state.lock();
    try {
      soTimeout = timeout;
      Link current = link;
      if (current != null) {
        current.timeout(Duration.ofMillis(timeout));
      }
    } finally {
      state.unlock();
    }
  }

  @Override
  public int getSoTimeout() throws SocketException {
    throwIfClosed();
    return soTimeout;
  }

  private void throwIfClosed() throws SocketException {
    if (closed) {
      throw closedHere();
    }
  }

  /** Takes effect when set before connecting: the module then asks a silent peer after 60 s. */
  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    throwIfClosed();
    keepAlive = on;
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    throwIfClosed();
    return keepAlive;
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    throwIfClosed();
    noDelay = on;
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    throwIfClosed();
    return noDelay;
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    throwIfClosed();
    linger = on ? seconds : -1;
  }

  @Override
  public int getSoLinger() throws SocketException {
    throwIfClosed();
    return linger;
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    throwIfClosed();
    sendBuffer = size;
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    throwIfClosed();
    return sendBuffer;
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
  public void setTrafficClass(int value) throws SocketException {
    throwIfClosed();
    trafficClass = value;
  }

  @Override
  public int getTrafficClass() throws SocketException {
    throwIfClosed();
    return trafficClass;
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
  public void setOOBInline(boolean on) throws SocketException {
    throwIfClosed();
    urgentInline = on;
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    throwIfClosed();
    return urgentInline;
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    // there is one way only
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    throw new SocketException("the module cannot send urgent data");
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
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
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public String toString() {
    Link current = link;
    return "LinkSocket[" + (current == null ? "not connected" : current.name()) + "]";
  }
}
