package io.espat.at;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The conversations about one link: connect, fetch, ask how much waits, close. */
final class LinkTalk {
  private static final Logger LOG = LogManager.getLogger();

  /** What the module holds for a link at most, and a bit. */
  private static final int WINDOW = 8 * 1024;

  private final Links links;
  private final AtChannel channel;
  private final Link link;

  LinkTalk(Links links, AtChannel channel, Link link) {
    this.links = links;
    this.channel = channel;
    this.link = link;
  }

  /**
   * Connects, by the address that the module resolved; false when the module has given the id to a
   * peer of its server.
   */
  boolean connect(Dial dial, Deadline deadline, Stop stop) throws IOException {
    LinkTls tls = new LinkTls(dial, link.id());
    boolean release = true;
    try (Turn turn = channel.take(deadline, stop)) {
      requireFamily(dial, turn);
      turn.ifUnanswered(tls::clear);
      tls.prepare(turn);
      if (!links.dial(link)) {
        tls.clear(turn);
        return false;
      }
      channel.expect(link);
      turn.ifUnanswered(
          owed -> {
            tls.clear(owed);
            closeLate(owed);
          });
      long start = System.nanoTime();
      release = false; // from here on the slot is free when the module has closed the link
      try {
        turn.ask(dial.command(link.id()), deadline, stop);
        channel.expect(null);
        tls.clear(turn);
      } catch (ModuleLostException e) {
        throw e;
      } catch (AtException e) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        channel.expect(null);
        tls.clear(turn);
        if (givenAway(turn)) {
          return false;
        }
        if (link.isOpen()) {
          closeLate(turn); // the ERROR was for a repeated command: the first had been executed
        }
        release = true;
        throw dial.tls() == null
            ? Refusal.of(dial.place(), e, turn, took)
            : TlsRefusal.of(dial, e, turn, took);
      } catch (SocketTimeoutException e) {
        throw Refusal.late(dial.place(), e);
      }
      links.talkedFirst(link);
      link.tellBegin(dial.peer());
      return true;
    } finally {
      if (release) {
        links.release(link);
      }
    }
  }

  /** A peer of the module's server may have been let in with this id just before. */
  private boolean givenAway(Turn turn) throws IOException {
    if (!links.serving.on()
        || !LinkState.of(link.id(), turn).map(LinkState::accepted).orElse(false)) {
      return false;
    }
    links.giveAway(link);
    return true;
  }

  /** Asks who a link that was let in leads to; a peer that is gone is nobody. */
  InetSocketAddress askPeer() {
    try (Turn turn = channel.take()) {
      Optional<LinkState> state =
          links.holds(link) ? LinkState.of(link.id(), turn) : Optional.empty();
      if (state.isPresent() && links.holds(link)) {
        link.peer(state.get().remote());
        return state.get().remote();
      }
    } catch (IOException e) {
      LOG.debug("{}: not known where it leads: {}", link.name(), e.getMessage());
    }
    return Addresses.NOBODY;
  }

  private void requireFamily(Dial dial, Turn turn) throws IOException {
    if (dial.six() && !links.ipv6.use(turn)) {
      throw new SocketException(
          "connecting to " + dial.place() + ": the module's firmware has no IPv6 (AT+CIPV6)");
    }
  }

  /** Closes it on the module, in a turn; sender thread, or a caller in close. */
  void close(Deadline deadline) throws IOException {
    try (Turn turn = channel.take(deadline, Stop.NEVER)) {
      turn.ifUnanswered(this::closeLate);
      closeLate(turn);
    }
  }

  /** Ends the connection, unless a resynchronisation has done so, and frees its slot. */
  private void closeLate(Turn turn) throws IOException {
    if (!links.holds(link)) {
      return;
    }
    try {
      turn.ask(AtCommand.builder("AT+CIPCLOSE").with(link.id()).build());
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.trace("{}: the module had closed it already", link.name());
    }
    links.release(link);
  }

  /** Gets what waits in the module; the reader thread files it before the answer ends. */
  void fetch(Deadline deadline, Stop stop) throws IOException {
    try (Turn turn = channel.take(deadline, stop)) {
      int most = link.inflow().fetchSize();
      if (most == 0) {
        return; // another thread was quicker
      }
      if (links.pushesAgain(link)) {
        pushAgain(turn, stop);
        return;
      }
      channel.expect(link);
      links.talked(link);
      Deadline limit = Deadline.in(channel.answerLimit().plus(channel.line().time(most)));
      AtCommand command = AtCommand.builder("AT+CIPRECVDATA").with(link.id()).with(most).build();
      try {
        turn.ask(command, limit, stop);
        link.inflow().fetchDone();
      } catch (ModuleLostException e) {
        throw e;
      } catch (AtException e) {
        // nothing waits, too little memory for that many bytes, or the link is gone
        if (link.inflow().fetchRefused()) {
          lengths(turn, stop);
        }
      } catch (SocketTimeoutException e) {
        link.inflow().failed(new SocketException(link.name() + ": " + e.getMessage()));
      }
    }
  }

  /** Switches to active receive: what waits is pushed before the OK (4.2) or behind it (2.1). */
  private void pushAgain(Turn turn, Stop stop) throws IOException {
    Deadline limit = Deadline.in(channel.answerLimit().plus(channel.line().time(WINDOW)));
    try {
      turn.ask(links.receiving.command(link.id(), false), limit, stop);
      links.receive(link, false);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException | SocketTimeoutException e) {
      LOG.debug("{}: stays with passive receive: {}", link.name(), e.getMessage());
      links.receiveAsItIs();
    }
  }

  /**
   * Switches to passive receive: what was pushed by then stays ahead of what is fetched later,
   * because both come by the same wire. Sender thread.
   */
  void holdBack() throws IOException {
    try (Turn turn = channel.take()) {
      if (!link.inflow().isBehind()) {
        return; // the reader was quicker than the turn
      }
      turn.ask(links.receiving.command(link.id(), true));
      links.receive(link, true);
    } catch (ModuleLostException e) {
      throw e;
    } catch (IOException e) {
      links.receiveAsItIs();
      throw e;
    }
  }

  /** Asks how much waits, in case the notice got lost (esp-at #294, #598, #649). */
  void poll(Stop stop) throws IOException {
    Turn turn = channel.takeIfFree();
    if (turn != null) {
      try (turn) {
        if (link.inflow().stuck()) {
          keepAgain(turn, stop);
        } else {
          lengths(turn, stop);
        }
      } catch (SocketTimeoutException e) {
        LOG.debug("{}: no answer to a poll", link.name());
      }
    }
  }

  /** Asks whether something waits behind CLOSED, which then is to be fetched (zephyr #52702). */
  void confirmEnd(Deadline deadline, Stop stop) throws IOException {
    try (Turn turn = channel.take(deadline, stop)) {
      try {
        int[] waiting = lengths(turn, stop);
        if (waiting.length <= link.id()) {
          String unknown = ": closed, and the module does not say whether bytes wait there";
          link.inflow().failed(new SocketException(link.name() + unknown));
        } else if (waiting[link.id()] > 0 && !link.inflow().kept()) {
          keepAgain(turn, stop);
          links.lengths(waiting);
        }
      } catch (SocketTimeoutException e) {
        LOG.debug("{}: no answer to what waits behind CLOSED", link.name()); // asked again
      }
    }
  }

  /** This firmware does not push what came while it was to keep it: that is fetched. */
  private void keepAgain(Turn turn, Stop stop) throws IOException {
    links.receiveAsItIs();
    turn.ask(links.receiving.command(link.id(), true), Deadline.in(channel.answerLimit()), stop);
    links.receive(link, true);
  }

  /** Returns what the module says that it keeps, nothing if it does not say. */
  private int[] lengths(Turn turn, Stop stop) throws IOException {
    Deadline deadline = Deadline.in(channel.answerLimit());
    boolean closed = link.inflow().closedBefore();
    try {
      AtReply reply = turn.ask(AtCommand.of("AT+CIPRECVLEN?"), deadline, stop);
      int[] waiting = reply.value("+CIPRECVLEN:").map(RecvLen::parse).orElse(new int[0]);
      links.lengths(waiting);
      if (closed && waiting.length > link.id() && waiting[link.id()] == 0) {
        link.inflow().endConfirmed();
      }
      return waiting;
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      link.inflow().notPollable();
      return new int[0];
    }
  }
}
