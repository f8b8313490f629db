package io.espat.at;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the module: its life, its two directions, and why it failed if it did.
 *
 * <p>A {@code Link} is never used again; only its id is. Life: connecting, open, then closed by the
 * peer, failed, or both; {@code closed} by us at last. Received bytes come before the reason of an
 * end.
 */
final class Link implements ByteStream {
  private static final Logger LOG = LogManager.getLogger();

  private final Links links;
  private final AtChannel channel;
  private final int id;
  private volatile @Nullable InetSocketAddress peer; // null until asked for, if it came to us
  private final ReentrantLock lock; // the lock of all links
  private final Condition changed;
  private final LinkTalk talk;
  private final Inflow inflow;
  private final Outflow outflow;

  private boolean dialling; // guarded by lock, as all below
  private boolean open;
  private int early;
  private boolean peerClosed;
  private boolean goneOnModule;
  private boolean wifiLost;
  private boolean failureTold;
  private boolean beginTold; // to listeners, as the next
  private boolean endTold;
  private @Nullable IOException failure;
  private volatile boolean closed; // written under the lock; read by Stop, which may not take it

  /** Makes a link to a peer; null for one that the module's server accepts. */
  Link(Links links, AtChannel channel, Dialect dialect, int id, @Nullable InetSocketAddress peer) {
    this.links = links;
    this.channel = channel;
    this.id = id;
    this.peer = peer;
    this.lock = links.lock;
    this.changed = lock.newCondition();
    this.talk = new LinkTalk(links, channel, this);
    this.outflow = new Outflow(this, links, channel, dialect);
    this.inflow = new Inflow(this, outflow, dialect, links.receiving, links.chunks);
  }

  int id() {
    return id;
  }

  /** Returns the peer; the module is asked, once, for one that it let in. */
  InetSocketAddress peer() {
    InetSocketAddress known = peer;
    return known == null ? talk.askPeer() : known;
  }

  void peer(InetSocketAddress found) {
    peer = found;
  }

  LinkTalk talk() {
    return talk;
  }

  ReentrantLock lock() {
    return lock;
  }

  /** Signalled at every change of this link. */
  Condition changed() {
    return changed;
  }

  @Override
  public String name() {
    return "link " + id + " to " + place();
  }

  String place() {
    InetSocketAddress known = peer;
    return known == null ? "a peer" : known.getHostString() + ":" + known.getPort();
  }

  /** Longer than anything that others may do in their turns. */
  long patience() {
    ModuleConfig config = channel.config();
    return config.connectTimeout().plus(config.sendTimeout()).toNanos() * 2;
  }

  // ---- what the reader thread reports

  /** The command that connects is about to be written; lock held. */
  void dial() {
    dialling = true;
  }

  /**
   * CONNECT: tells whether it is this connection's, or that of a peer which the module's server let
   * in with the same id. What came before it was of an earlier connection; lock held.
   */
  boolean connected() {
    if (!dialling && (!open || goneOnModule)) {
      return false;
    }
    if (goneOnModule) { // a peer had come and gone before the module got to our command
      inflow.clear();
      goneOnModule = false;
      peerClosed = false;
    }
    open = true;
    early = 0;
    return true;
  }

  /** The module has let this link's peer in: it is connected and not ours to choose; lock held. */
  Link accepted() {
    peer = null;
    dialling = false;
    open = true;
    return this;
  }

  /** The module has given the id to another connection: nothing more can be had; lock held. */
  void displaced() {
    goneOnModule |= open;
    if (inflow.lost()) {
      noCleanEnd(new SocketException(name() + ": the module dropped bytes that were not fetched"));
    }
  }

  /** The OK of the command that connects; bytes before it without CONNECT are of nobody knows. */
  void opened() {
    lock.lock();
    try {
      open = true;
      dialling = false;
      inflow.answered();
      if (early > 0) {
        noCleanEnd(new SocketException(name() + ": " + early + " bytes came before CONNECT"));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the module said, in this turn, that it is connected. */
  boolean isOpen() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** So many bytes wait in the module now; lock held. */
  void announced(int bytes) {
    if (open && !closed) {
      inflow.announced(bytes);
    }
  }

  /** Bytes that were asked for. */
  void fetched(ByteBuffer bytes) {
    lock.lock();
    try {
      Link owner = links.at(id); // another one, if the module has given the id away
      if (owner != null && !owner.closed) {
        owner.inflow.fetched(bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that the module pushed (active receive); lock held. */
  void pushed(ByteBuffer bytes) {
    if (!open) {
      early += bytes.remaining();
    } else if (!closed) {
      inflow.pushed(bytes);
    }
  }

  /** The module says CLOSED: the peer's end of the stream, unless the network went away. */
  void closedByModule() {
    if (!open) {
      return; // of an earlier connection in the same slot; esp-at #590
    }
    goneOnModule = true;
    if (wifiLost) {
      fail(new SocketException(name() + ": closed because the module lost its Wi-Fi network"));
    } else if (failure == null) {
      peerClosed = true;
      inflow.closedByModule();
    }
    changed.signalAll();
    links.outputChanged();
  }

  /**
   * The module left its network, and this connection with it, although CLOSED may come only when
   * all is read and the network is back.
   */
  void wifiLost() {
    wifiLost |= open;
  }

  void moduleLost(ModuleLostException cause) {
    goneOnModule = true;
    peerClosed &= !inflow.lost();
    fail(cause);
  }

  // ---- the end and its reason; lock held

  /** Keeps the first cause; output that is still held will not be sent. */
  void fail(IOException cause) {
    outflow.drop();
    if (failure == null) {
      failure = cause;
      LOG.debug("{} failed: {}", name(), cause.getMessage());
      tellEnd();
    }
    changed.signalAll();
    links.outputChanged();
  }

  /** Tells listeners that this link is connected; an end that came sooner is told behind it. */
  void tellBegin(InetSocketAddress to) {
    lock.lock();
    try {
      beginTold = true;
      channel.events().opened(id, to);
      if (failure != null || closed) {
        tellEnd();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells them once that it has ended; lock held, and none of theirs runs meanwhile. */
  private void tellEnd() {
    if (beginTold && !endTold) {
      endTold = true;
      channel.events().closed(id, failure);
    }
  }

  /** Tells listeners that the module has been told to push, or to keep what comes; lock held. */
  void tellReceiving(boolean all, boolean pushed) {
    channel.events().receiving(all ? ModuleListener.ALL_LINKS : id, pushed);
  }

  boolean failed() {
    return failure != null;
  }

  boolean closed() {
    return closed;
  }

  boolean peerClosed() {
    return peerClosed;
  }

  boolean goneOnModule() {
    return goneOnModule;
  }

  /** Says why output is pointless, or returns null while it is not. */
  @Nullable String outputEnd() {
    if (failure != null) {
      return "stopped because the link has failed";
    } else if (goneOnModule) {
      return "closed by the peer";
    }
    return wifiLost ? "the module lost its Wi-Fi network" : null;
  }

  /** Takes the peer's end back: bytes before it are missing, so it is none. */
  void noCleanEnd(IOException cause) {
    peerClosed = false;
    fail(cause);
  }

  /** Throws the first cause, as an exception of the caller's own. */
  void throwIfFailed() throws IOException {
    if (failure != null) {
      throw told();
    }
  }

  void throwIfClosed() throws SocketException {
    if (closed) {
      throw closedHere();
    }
  }

  private IOException told() {
    failureTold = true;
    IOException cause = failure;
    if (cause instanceof ModuleLostException lost) {
      return lost.again();
    }
    SocketException copy = new SocketException(cause == null ? "closed" : cause.getMessage());
    copy.initCause(cause);
    return copy;
  }

  private SocketException closedHere() {
    return new SocketException(name() + ": socket closed");
  }

  /** Ends waits for the turn or for an answer; takes no lock, because it is asked under one. */
  @Nullable IOException stopped() {
    return closed ? closedHere() : null;
  }

  /** Closes without waiting: the thread that was interrupted is not to be held up. */
  InterruptedIOException interrupted(String doing) {
    InterruptedIOException interrupted = AtChannel.interrupted(doing + " " + name());
    try {
      close();
    } catch (IOException e) {
      interrupted.addSuppressed(e);
    }
    return interrupted;
  }

  /** Has the sender close it on the module, because nothing that comes can be used; lock held. */
  void abandon() {
    links.abandon(this);
  }

  /** Makes the sender look what there is to do for this link; lock held. */
  void outputChanged() {
    links.outputChanged();
  }

  // ---- closing

  /**
   * Sends what is held, waits for its verdict, and closes the link on the module.
   *
   * <p>Blocks at most twice the send time-out and five times the line time of what is held, for
   * four other links may be sending as well. Calls blocked in other threads end at once; if one of
   * them is a write, output is incomplete anyhow: what is held is dropped and a send that is under
   * way stopped, and this blocks at most twice the command time-out and the line time of a piece,
   * 0.1 s or 1 KiB. When this thread is interrupted, it is the sender that closes.
   *
   * @throws IOException if bytes that were written could not be handed over, unless that was thrown
   *     before
   */
  @Override
  public void close() throws IOException {
    Deadline deadline;
    boolean gone;
    IOException unsent;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      inflow.clear();
      deadline = closeDeadline();
      changed.signalAll();
      channel.wake(); // for whoever waits for a turn or an answer on behalf of this link
      outflow.awaitVerdict(deadline);
      gone = goneOnModule;
      unsent = outflow.lostBytes() && !failureTold ? told() : null;
      tellEnd();
      if (failed()) { // the module may be finding back to its commands; nobody gains by waiting
        deadline = deadline.orSooner(channel.config().commandTimeout());
      }
    } finally {
      lock.unlock();
    }
    if (gone) {
      links.release(this);
    } else {
      closeOrAbandon(deadline);
    }
    if (unsent != null) {
      throw unsent;
    }
  }

  private Deadline closeDeadline() {
    ModuleConfig config = channel.config();
    if (outflow.hasBlockedWriters()) {
      fail(new SocketException(name() + ": closed while another thread was writing"));
      failureTold = true; // to that thread
      return Deadline.in(config.commandTimeout().plus(SendSize.pieceTime(channel.line())));
    }
    Duration line = channel.line().time(outflow.left()).multipliedBy(Links.COUNT);
    return Deadline.in(config.sendTimeout().multipliedBy(2).plus(line));
  }

  private void closeOrAbandon(Deadline deadline) {
    if (Thread.currentThread().isInterrupted()) {
      links.abandon(this);
      return;
    }
    try {
      talk.close(deadline);
    } catch (ModuleLostException e) {
      links.release(this);
    } catch (IOException e) {
      LOG.debug("{}: closing it is left to the sender: {}", name(), e.getMessage());
      links.abandon(this);
    }
  }

  // ---- the two directions

  @Override
  public void timeout(Duration timeout) {
    inflow.timeout(timeout);
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    return count == 0 ? 0 : inflow.read(buffer, offset, count);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    outflow.write(bytes, offset, count);
  }

  /** Sends at once only while another thread waits for an answer; a read of this one will send. */
  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      throwIfFailed();
      if (inflow.hasBlockedReaders()) {
        outflow.urge();
      }
    } finally {
      lock.unlock();
    }
  }

  Inflow inflow() {
    return inflow;
  }

  Outflow outflow() {
    return outflow;
  }
}
