package io.espat.sim;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The links 0..4 and what they say by themselves; loop thread only. */
final class Links {
  private static final int KEEP_ALIVE_PROBES = 3;

  private final Firmware firmware;
  private final LineModel line;
  private final int frameLimit;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final LinkWords words;
  private final Faults faults;
  private final @Nullable SimLink[] links = new SimLink[Firmware.LINKS];
  private final @Nullable SimLink[] remains = new SimLink[Firmware.LINKS]; // closed, still unread
  private final Handshakes handshakes;
  private final Dials dials;
  private @Nullable Passthrough passthrough; // while it runs
  private final Server server;
  private final Reach reach = new Reach();
  private int reserved = -1; // the id that is being dialled
  private int turn; // the id of the link that is served first
  private boolean everOpened;
  private volatile long bytesReceived; // written by the loop thread only

  Links(Setup setup, EventLoop loop, Uart uart, Memory memory, Faults faults) {
    firmware = setup.firmware();
    line = setup.line();
    frameLimit = line.frame() == 0 ? firmware.frameLimit : line.frame();
    this.loop = loop;
    handshakes = new Handshakes(loop);
    this.uart = uart;
    this.memory = memory;
    words = new LinkWords(firmware, uart, memory);
    this.faults = faults;
    dials = new Dials(firmware, loop, this, new StaleClosed(faults, words::closed));
    server = new Server(firmware, loop, this);
  }

  Server server() {
    return server;
  }

  Dials dials() {
    return dials;
  }

  /** How the firmware speaks of links. */
  LinkWords words() {
    return words;
  }

  Reach reach() {
    return reach;
  }

  @Nullable SimLink at(int id) {
    return links[id];
  }

  /** The link of an id, or what of a closed one can still be read. */
  @Nullable SimLink readable(int id) {
    return links[id] == null ? remains[id] : links[id];
  }

  List<SimLink> open() {
    List<SimLink> open = new ArrayList<>();
    for (SimLink link : links) {
      if (link != null) {
        open.add(link);
      }
    }
    return open;
  }

  /** The open links that the server accepted. */
  List<SimLink> accepted() {
    return open().stream().filter(SimLink::accepted).toList();
  }

  /** The lowest free id, −1 when there is none. */
  int free() {
    for (int id = 0; id < links.length; id++) {
      if (links[id] == null && id != reserved) {
        return id;
      }
    }
    return -1;
  }

  /** Keeps an id from being given to a peer that is accepted; −1 none. */
  void reserve(int id) {
    reserved = id;
  }

  boolean everOpened() {
    return everOpened;
  }

  long bytesReceived() {
    return bytesReceived;
  }

  /** Makes what carries a link in clear on a connected socket. */
  LinkChannel plain(SocketChannel channel, SelectionKey key) throws IOException {
    LinkChannel near =
        new SendBuffer(new TcpChannel(channel, key, firmware), reach, firmware.window);
    return line.paced()
        ? new FarChannel(near, loop, line.roundTrip().toNanos(), line.segment())
        : near;
  }

  /** Makes what is connected the link of a free id. */
  SimLink open(int id, LinkChannel channel) {
    SimLink link = new SimLink(id, channel);
    link.whenSent(count -> faults.peerBytes(FaultRule.Direction.TO_PEERS, count));
    links[id] = link;
    remains[id] = null;
    everOpened = true;
    return link;
  }

  /** Makes a link of a peer that the server accepted, and says so. */
  void accept(int id, LinkChannel channel) {
    SimLink link = open(id, channel);
    link.accepted(true);
    words.connected(link);
    Passthrough through = passthrough;
    if (through != null) {
      through.joined(link);
    }
  }

  /** The handshakes under way. */
  Handshakes handshakes() {
    return handshakes;
  }

  /** Does what the sockets allow: one piece a link, or the send that holds the mutex. */
  void serve(@Nullable Intake sending) {
    if (sending != null) {
      SimLink held = sending.holds();
      if (held != null && held.takeWritable()) {
        sending.proceed();
      }
      return;
    }
    handshakes.serve();
    int first = turn;
    for (int i = 0; i < links.length; i++) {
      SimLink link = links[(first + i) % links.length];
      loop.asOfNow();
      if (link != null && owes(link)) {
        pushMore(link);
      } else if (link != null && link.takeReadable() && mayRead(link)) {
        receive(link);
      }
    }
    if (uart.hasRoom() && reach.alive()) {
      server.serve();
    }
  }

  /** Whether part of a record waits that the transmit ring had no room for. */
  private boolean owes(SimLink link) {
    return !passive(link) && link.unread() > 0;
  }

  /** Whether any link could push more, were there room; none can while a send holds the lock. */
  boolean owes(@Nullable Intake sending) {
    return sending == null && open().stream().anyMatch(this::owes);
  }

  private void pushMore(SimLink link) {
    while (link.unread() > 0 && uart.hasRoom()) {
      if (line.paced()) {
        turn = (link.id() + 1) % links.length; // the line has a speed: it is shared by turns
        gather(link);
      }
      pushFrame(link);
    }
    finishIfDrained(link);
  }

  /** Reads on while less than a frame is held and more is there: a frame has what a read finds. */
  private void gather(SimLink link) {
    while (link.unread() < frameLimit && link.takeReadable() && pull(link) > 0) {
      // each piece is a segment
    }
  }

  private int pull(SimLink link) {
    int count = link.pull();
    bytesReceived = bytesReceived + Math.max(0, count);
    faults.peerBytes(FaultRule.Direction.FROM_PEERS, Math.max(0, count));
    if (count < 0 && !passive(link)) {
      link.dropTail();
    }
    return count;
  }

  private boolean mayRead(SimLink link) {
    return passive(link) ? link.roomInWindow() : uart.hasRoom() && link.unread() == 0;
  }

  private void receive(SimLink link) {
    int count = pull(link);
    if (count < 0 && link.tail() > 0 && passive(link)) {
      announce(link);
    } else if (count < 0) {
      finishIfDrained(link);
    } else if (count > 0 && !passive(link)) {
      pushMore(link);
      if (faults.strike(Fault.CLOSED_IN_READ) != null) {
        breakOff(link);
      }
    } else if (count > 0 && !link.announced()) {
      announce(link);
    }
  }

  /** Tells the sockets what the module waits for. */
  void want(@Nullable Intake sending) {
    for (SimLink link : links) {
      if (link != null) {
        boolean writing = sending != null && sending.holds() == link && sending.writes();
        link.want(sending == null && mayRead(link), writing);
      }
    }
    handshakes.want();
    server.want(sending == null && uart.hasRoom() && reach.alive());
  }

  private boolean passive(SimLink link) {
    return memory.settings().passive[link.id()] && !raw();
  }

  /** Whether received data stands on the line as it is, as {@code AT+CIPMODE=1} has it. */
  boolean raw() {
    return memory.settings().passthrough && (!memory.settings().multiple || server.on());
  }

  /** Says {@code +IPD} with all data of an active link; head, data and tail are one write. */
  void push(SimLink link) {
    while (link.unread() > 0) {
      pushFrame(link);
    }
    link.dropTail();
  }

  private void pushFrame(SimLink link) {
    byte[] data = link.take(frameLimit);
    if (raw()) {
      words.raw(data);
    } else {
      words.data(link, data);
    }
  }

  /** Pushes what is unread of the links that are active. */
  void pushAll() {
    for (SimLink link : open()) {
      if (!passive(link)) {
        push(link);
        finishIfDrained(link);
      }
    }
  }

  /** Says that data waits, and how much. */
  void announce(SimLink link) {
    link.announced(true);
    if (faults.strike(Fault.MISSING_NOTICE) == null) {
      words.notice(link);
    }
  }

  /**
   * A fault: breaks a link off while it is read. What it holds stays, and then it goes silently.
   */
  void breakOff(SimLink link) {
    link.breakOff();
    if (link.unread() == 0) {
      close(link);
    } else {
      leave(link);
    }
  }

  /** Says CLOSED of a link of which something can still be read. */
  private void leave(SimLink link) {
    link.cutOff();
    remains[link.id()] = link;
    links[link.id()] = null;
    words.closed(link.id());
  }

  /** A fault: says again what a link has, or that the time is known. */
  void notice() {
    for (SimLink link : links) {
      if (link != null && link.announced()) {
        words.notice(link);
        return;
      }
    }
    uart.say("+TIME_UPDATED\r\n");
  }

  /** Ends a link whose peer is gone, once nothing of it is unread. */
  void finishIfDrained(SimLink link) {
    if (!link.ended() || links[link.id()] != link) {
      return;
    }
    if (link.readable() == 0) {
      close(link);
    } else if (firmware.has(Trait.CLOSED_BEFORE_READ)) {
      leave(link);
    }
  }

  /** Closes a link and says so. */
  void close(SimLink link) {
    link.close();
    links[link.id()] = null;
    words.closed(link.id());
    Passthrough of = passthrough;
    if (of != null) {
      of.lost(link);
    }
  }

  /** Names the passthrough that runs now, or none. */
  void passthrough(@Nullable Passthrough now) {
    passthrough = now;
    words.muted(now != null);
  }

  /**
   * The station lost its network: links end, but unread data keeps its link listed, and persistent
   * links wait for the network.
   */
  void networkLost() {
    List<SimLink> ending = open();
    boolean stays = ending.removeIf(this::persistent);
    ending.forEach(SimLink::cutOff);
    ending.forEach(this::finishIfDrained);
    reach.station(!stays);
  }

  private boolean persistent(SimLink link) {
    return memory.settings().persistent[link.id()];
  }

  /** The station has its network again: links that outlived its leave go on. */
  void networkFound() {
    reach.station(true);
  }

  /** As {@link #networkLost()}, and the peers are not told: a fault. */
  void networkGone() {
    open().stream().filter(link -> !persistent(link)).forEach(SimLink::breakOff);
    networkLost();
  }

  /** The network behind the access point dies, unless it lives again. */
  void network(boolean alive) {
    boolean dies = reach.alive() && !alive;
    reach.network(alive);
    if (dies) {
      open().forEach(this::probe);
    }
  }

  /** Ends a link with keep-alive whose three probes, a second apart, nobody answers. */
  private void probe(SimLink link) {
    int idle = memory.kept().tcp[link.id()].keepAlive();
    if (idle == 0) {
      return;
    }
    Runnable cancel =
        loop.after(
            Duration.ofSeconds(idle + KEEP_ALIVE_PROBES),
            () -> {
              if (links[link.id()] == link) {
                link.cutOff();
                finishIfDrained(link);
              }
            });
    reach.whenBack(cancel);
  }

  /** As {@link #networkLost}, with CLOSED said twice of each link that has nothing unread. */
  void networkLostTwice() {
    for (SimLink link : open()) {
      if (link.unread() == 0) {
        words.closed(link.id());
      }
    }
    networkLost();
  }

  /** Leaves the sockets alone. */
  void rest() {
    open().forEach(link -> link.want(false, false));
    handshakes.rest();
    server.want(false);
  }

  /** Ends everything without a word, to the host and to the peers. */
  void abort() {
    open().forEach(SimLink::breakOff);
    drop();
  }

  /** Ends everything without a word, as a restart does. */
  void drop() {
    dials.drop();
    handshakes.drop();
    for (SimLink link : open()) {
      link.close();
      links[link.id()] = null;
    }
    Arrays.fill(remains, null);
    reserved = -1;
    server.reset();
    reach.runBack();
    reach.station(true);
    everOpened = false;
  }
}
