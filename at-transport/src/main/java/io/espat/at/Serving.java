package io.espat.at;

import java.net.BindException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Who the connections that the module lets in are for: the module has one server. */
final class Serving {
  private final ReentrantLock lock; // the lock of all links
  private @Nullable LinkServer server; // guarded by lock

  Serving(ReentrantLock lock) {
    this.lock = lock;
  }

  /** Lets what the module accepts go to this server. */
  void begin(LinkServer next) throws BindException {
    lock.lock();
    try {
      if (server != null && !server.closed()) {
        throw new BindException(
            "the module has one server, and it listens on port " + server.port() + " already");
      }
      server = next;
    } finally {
      lock.unlock();
    }
  }

  /** The module does not listen for this server any more. */
  void end(LinkServer ended) {
    lock.lock();
    try {
      server = server == ended ? null : server;
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the module listens. */
  boolean on() {
    lock.lock();
    try {
      return server != null;
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the module listens for this one. */
  boolean serves(LinkServer one) {
    lock.lock();
    try {
      return server == one;
    } finally {
      lock.unlock();
    }
  }

  /** Hands a new connection over; false when nobody wants it. Lock held. */
  boolean offer(Link link) {
    return server != null && server.offer(link);
  }

  /** Lock held. */
  void lost(ModuleLostException cause) {
    if (server != null) {
      server.lost(cause);
    }
  }
}
