package io.espat.at;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The five links of a module: which are in use, which have something to send, and the one lock that
 * guards what they hold.
 *
 * <p>Nothing is read or written on the wire while the lock is held.
 */
final class Links {
  private static final Logger LOG = LogManager.getLogger();
  static final int COUNT = 5;

  /** A link is busy for a moment after its socket was closed; longer than this nobody waits. */
  private static final Duration SLOT_WAIT = Duration.ofSeconds(5);

  /**
   * What the sender thread is to do next for a link: send what it holds, close it, or have the
   * module hold back what comes for it.
   */
  record Work(Link link, Job job) {
    enum Job {
      SEND,
      CLOSE,
      HOLD_BACK
    }
  }

  /**
   * Who has sent or fetched will soon again: as long as that nobody else takes the line for long.
   */
  private static final Duration TALK = Duration.ofSeconds(10);

  /** Who has just connected sends or fetches at once, or is served without the turn. */
  private static final Duration OPENING = Duration.ofSeconds(2);

  final ReentrantLock lock = new ReentrantLock();
  final ReceiveSwitch receiving = new ReceiveSwitch();
  final Chunks chunks = new Chunks(); // guarded by lock
  final Serving serving = new Serving(lock);
  final Ipv6 ipv6 = new Ipv6();
  private final Condition work = lock.newCondition();
  private final Condition released = lock.newCondition();
  private final @Nullable Link[] slots = new Link[COUNT]; // guarded by lock, as all below
  private final long[] talksUntil = new long[COUNT];
  private final ArrayDeque<Link> abandoned = new ArrayDeque<>();
  private int nextSlot;
  private int nextSender;
  private boolean ended;
  private @Nullable ModuleLostException lost;
  private @Nullable Settled settled;

  /** What every link is made with, known once the module has been brought up. */
  private record Settled(AtChannel channel, Dialect dialect) {}

  /**
   * Makes a link in a free slot; the one that was free longest, so that stale notices find none.
   */
  Link reserve(InetSocketAddress peer, Deadline deadline, Stop stop) throws IOException {
    Deadline limit = deadline.orSooner(SLOT_WAIT);
    lock.lock();
    try {
      while (true) {
        if (lost != null) {
          throw lost.again();
        }
        IOException stopped = stop.reason();
        if (stopped != null) {
          throw stopped;
        }
        for (int i = 0; i < COUNT; i++) {
          // a server takes the lowest free one
          int id = serving.on() ? COUNT - 1 - i : (nextSlot + i) % COUNT;
          if (slots[id] == null) {
            nextSlot = (id + 1) % COUNT;
            return make(id, peer);
          }
        }
        if (limit.passed()) {
          throw new SocketException(
              "connecting to " + peer + ": all " + COUNT + " links of the module are in use");
        }
        released.awaitNanos(limit.left());
      }
    } catch (InterruptedException e) {
      throw AtChannel.interrupted("waiting for a free link");
    } finally {
      lock.unlock();
    }
  }

  private Link make(int id, @Nullable InetSocketAddress peer) {
    Settled known = settled;
    if (known == null) {
      throw new IllegalStateException("the module is not open");
    }
    Link link = new Link(this, known.channel(), known.dialect(), id, peer);
    slots[id] = link;
    talksUntil[id] = System.nanoTime();
    return link;
  }

  /** Begins to dial, unless the module has given the id to a peer of its server; turn held. */
  boolean dial(Link link) {
    lock.lock();
    try {
      boolean ours = slots[link.id()] == link;
      if (ours) {
        link.dial();
      }
      return ours;
    } finally {
      lock.unlock();
    }
  }

  /** Makes whoever waits for a free slot look at its {@link Stop} again. */
  void wake() {
    lock.lock();
    try {
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the slot is still this link's; asked in a turn. */
  boolean holds(Link link) {
    lock.lock();
    try {
      return slots[link.id()] == link;
    } finally {
      lock.unlock();
    }
  }

  /** Frees the slot of a link that the module has closed. */
  void release(Link link) {
    lock.lock();
    try {
      if (slots[link.id()] == link) {
        slots[link.id()] = null;
        released.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Leaves a link to the sender thread, which closes it on the module when its turn comes. */
  void abandon(Link link) {
    lock.lock();
    try {
      abandoned.addLast(link);
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Files a notice. Reader thread only. */
  void notice(Inbound message) {
    lock.lock();
    try {
      if (message instanceof Inbound.Waiting waiting) {
        Link link = at(waiting.link());
        if (link != null) {
          link.announced(waiting.bytes());
        }
      } else if (message instanceof Inbound.Data data) {
        Link link = at(data.link());
        if (link != null) {
          link.pushed(data.bytes());
        } else {
          strayed(data.link(), data.bytes().remaining());
        }
      } else if (message instanceof Inbound.Opened opened) {
        opened(opened.link());
      } else if (message instanceof Inbound.Closed closed) {
        Link link = at(closed.link());
        if (link != null) {
          link.closedByModule();
        }
      } else if (message instanceof Inbound.Wifi wifi) {
        wifi(wifi.state());
      }
    } finally {
      lock.unlock();
    }
  }

  /** A connection that none of ours waited for is one that the module's server let in. */
  private void opened(int id) {
    Link link = at(id);
    if (link != null && link.connected() || id < 0 || id >= COUNT || settled == null) {
      return;
    }
    if (link != null) {
      link.displaced();
    }
    enter(make(id, null).accepted());
  }

  private void enter(Link link) {
    if (!serving.offer(link)) {
      abandoned.addLast(link);
      work.signalAll();
    }
  }

  /** The module has given the id that this link was dialled with to a peer of its server. */
  void giveAway(Link link) {
    lock.lock();
    try {
      if (!link.isOpen()) { // its CONNECT comes yet
        release(link);
      } else if (!link.goneOnModule()) {
        enter(link.accepted());
      } else {
        release(link);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Bytes for a link that is not there are missing in one that is: the id came damaged. */
  private void strayed(int id, int count) {
    for (Link link : slots) {
      if (link != null && link.isOpen()) {
        String what = count + " bytes came for link " + id + ", which is not open";
        link.noCleanEnd(new SocketException(link.name() + ": cannot be trusted, " + what));
      }
    }
  }

  private void wifi(Inbound.Wifi.State state) {
    for (Link link : slots) {
      if (link != null && state == Inbound.Wifi.State.DISCONNECTED) {
        link.wifiLost();
      }
    }
  }

  /** Returns the link with that id; lock held. */
  @Nullable Link at(int id) {
    return id >= 0 && id < COUNT ? slots[id] : null;
  }

  /**
   * Returns the bytes that the answer of {@code AT+CIPRECVLEN?} reports; holder of the turn only.
   */
  void lengths(int[] waiting) {
    lock.lock();
    try {
      for (int id = 0; id < Math.min(COUNT, waiting.length); id++) {
        Link link = slots[id];
        if (link != null && waiting[id] > 0 && receiving.passive(id)) {
          link.announced(waiting[id]);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes what the bring-up found, and how it set the receive mode of all links. */
  void begin(AtChannel channel, Dialect dialect, boolean passive) {
    lock.lock();
    try {
      settled = new Settled(channel, dialect);
      receiving.begin(dialect.receive(), passive);
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the module has been told how to serve this link. */
  void receive(Link link, boolean passive) {
    lock.lock();
    try {
      receiving.set(link.id(), passive);
      link.tellReceiving(receiving.global(), !passive);
      link.changed().signalAll(); // its readers may poll from now on, or need not
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells whether the module should push to this link again; where there is but one setting, no
   * other link's reader may be behind.
   */
  boolean pushesAgain(Link link) {
    lock.lock();
    try {
      boolean others = true;
      for (Link other : slots) {
        others &= other == null || other.inflow().held() <= ReceiveSwitch.CAUGHT_UP;
      }
      return link.inflow().caughtUp() && (others || !receiving.global());
    } finally {
      lock.unlock();
    }
  }

  /** The firmware does not switch: whose reader is too slow will fail. */
  void receiveAsItIs() {
    lock.lock();
    try {
      receiving.stay();
    } finally {
      lock.unlock();
    }
  }

  /** Notes that a conversation was about this link. */
  void talked(Link link) {
    talks(link, TALK);
  }

  /** Notes that this link was opened. */
  void talkedFirst(Link link) {
    talks(link, OPENING);
  }

  private void talks(Link link, Duration memory) {
    lock.lock();
    try {
      talksUntil[link.id()] = System.nanoTime() + memory.toNanos();
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether the line is needed by another link, as far as can be foreseen; lock held. */
  boolean othersTalk(Link link) {
    long now = System.nanoTime();
    for (Link other : slots) {
      if (other != null
          && other != link
          && (other.outflow().leaving() || talksUntil[other.id()] - now > 0)) {
        return true;
      }
    }
    return false;
  }

  /** Tells the sender that a link's output, or its time, has changed; lock held. */
  void outputChanged() {
    work.signalAll();
  }

  /** Blocks until the sender has something to do; null once the module is lost or closed. */
  @Nullable Work awaitWork() {
    lock.lock();
    try {
      while (!ended && lost == null) {
        Link closing = abandoned.pollFirst();
        if (closing != null) {
          return new Work(closing, Work.Job.CLOSE);
        }
        for (Link link : slots) {
          if (link != null && link.inflow().behind()) {
            return new Work(link, Work.Job.HOLD_BACK); // first: until then its buffer fills
          }
        }
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        for (int i = 0; i < COUNT; i++) {
          int id = (nextSender + i) % COUNT;
          Link link = slots[id];
          long due = link == null ? Long.MAX_VALUE : link.outflow().dueIn(now);
          if (link != null && due <= 0) {
            nextSender = (id + 1) % COUNT; // fair turns
            link.outflow().begin();
            return new Work(link, Work.Job.SEND);
          }
          wait = Math.min(wait, due);
        }
        if (wait == Long.MAX_VALUE) {
          work.await();
        } else {
          work.awaitNanos(wait);
        }
      }
      return null;
    } catch (InterruptedException e) {
      LOG.trace("the sender thread ends");
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Fails every link with the same first cause. */
  void failAll(ModuleLostException cause) {
    lock.lock();
    try {
      if (lost == null) {
        lost = cause;
      }
      for (Link link : slots) {
        if (link != null) {
          link.moduleLost(cause);
        }
      }
      serving.lost(cause);
      work.signalAll();
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the sender thread. */
  void end() {
    lock.lock();
    try {
      ended = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
