package io.espat.at;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The links that the module's server has let in and nobody has accepted yet. */
final class LinkServer {
  private final ServerTalk talk;
  private final ReentrantLock lock; // the lock of all links
  private final Condition changed;
  private final int port;
  private final int backlog;
  private final ArrayDeque<Link> waiting = new ArrayDeque<>(); // guarded by lock, as all below
  private boolean closed;
  private @Nullable ModuleLostException lost;

  /** Holds at most {@code backlog} links that nobody has accepted. */
  LinkServer(ServerTalk talk, int port, int backlog) {
    this.talk = talk;
    this.lock = talk.lock();
    this.changed = lock.newCondition();
    this.port = port;
    this.backlog = backlog;
  }

  int port() {
    return port;
  }

  /** Takes a link of a new peer; false when nobody wants it. Lock held, reader thread mostly. */
  boolean offer(Link link) {
    if (closed || lost != null || waiting.size() >= backlog) {
      return false;
    }
    waiting.addLast(link);
    changed.signal();
    return true;
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Blocks until a peer has come, at most for the time-out; zero waits for ever. */
  Link accept(Duration timeout) throws IOException {
    long end = System.nanoTime() + timeout.toNanos();
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          throw closedHere();
        }
        if (lost != null) {
          throw lost.again();
        }
        if (timeout.isZero()) {
          changed.await();
        } else if (changed.awaitNanos(end - System.nanoTime()) <= 0 && waiting.isEmpty()) {
          throw new SocketTimeoutException(
              "accepting on port " + port + ": nobody within " + timeout.toMillis() + " ms");
        }
      }
      return waiting.removeFirst();
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private InterruptedIOException interrupted() {
    changed.signal(); // a peer that this thread was woken for is another one's
    return AtChannel.interrupted("accepting on port " + port);
  }

  static SocketException closedHere() {
    return new SocketException("server socket closed");
  }

  /** Ends every wait and the module's server; links that nobody has accepted are closed on it. */
  void close() {
    drop();
    talk.end(this);
  }

  /** Ends every wait; the sender closes what nobody has accepted. */
  void drop() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(Link::abandon);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The module is lost, and every link with it; lock held. */
  void lost(ModuleLostException cause) {
    lost = cause;
    waiting.clear();
    changed.signalAll();
  }
}
