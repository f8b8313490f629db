package io.espat.tls;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * What is needed to resume the session of one connection, any number of times, and the identity
 * that was proven in it. Lives as long as the connection, and is wiped with it.
 *
 * <p>A ticket is offered whatever its size: an FTPS server may refuse a data connection without it.
 */
final class SavedSession {
  private static final int MOST_TICKETS = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Ticket> tickets = new ArrayDeque<>(); // Guarded by lock, as all below
  private @Nullable Session12 session12;
  private List<X509Certificate> chain = List.of();
  private boolean wiped;

  /** What a handshake offers: at most one of the two. */
  record Offer(
      @Nullable Session12 source,
      @Nullable TlsSession session12,
      @Nullable Ticket ticket13,
      List<X509Certificate> chain) {

    /** Wipes the copied key, once the handshake is over. */
    void wipe() {
      if (ticket13 != null) ticket13.wipe();
    }
  }

  void identity(List<X509Certificate> proven) {
    lock.lock();
    try {
      chain = proven;
    } finally {
      lock.unlock();
    }
  }

  void keep(Session12 session) {
    lock.lock();
    try {
      session12 = session;
    } finally {
      lock.unlock();
    }
  }

  void keep(Ticket ticket) {
    lock.lock();
    try {
      if (wiped || !ticket.isFresh()) {
        ticket.wipe();
        return;
      }
      if (tickets.size() == MOST_TICKETS) tickets.removeFirst().wipe();
      tickets.addLast(ticket);
    } finally {
      lock.unlock();
    }
  }

  boolean canResume() {
    lock.lock();
    try {
      dropStale();
      return session12 != null || !tickets.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** What to offer, or null if there is nothing. */
  @Nullable Offer offer(BcTlsCrypto crypto) throws IOException {
    lock.lock();
    try {
      dropStale();
      if (!tickets.isEmpty()) return new Offer(null, null, tickets.getLast().copy(), chain);
      Session12 known = session12;
      return known == null ? null : new Offer(known, known.copy(crypto), null, chain);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what a server declined, so that the next connection offers something else. */
  void forget(Offer declined) {
    lock.lock();
    try {
      Ticket ticket = declined.ticket13();
      if (ticket != null) drop(ticket::isCopyOf);
      Session12 source = declined.source();
      if (source != null && source == session12) {
        source.wipe();
        session12 = null;
      }
    } finally {
      lock.unlock();
    }
  }

  void wipe() {
    lock.lock();
    try {
      wiped = true;
      tickets.forEach(Ticket::wipe);
      tickets.clear();
      if (session12 != null) session12.wipe();
      session12 = null;
    } finally {
      lock.unlock();
    }
  }

  private void dropStale() {
    drop(ticket -> !ticket.isFresh());
  }

  private void drop(Predicate<Ticket> unwanted) {
    tickets.removeIf(
        ticket -> {
          if (!unwanted.test(ticket)) return false;
          ticket.wipe();
          return true;
        });
  }
}
