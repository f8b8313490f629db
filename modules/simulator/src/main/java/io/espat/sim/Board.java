package io.espat.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The parts of one module wired together, its thread and its one serial line. */
final class Board {
  private static final Logger LOG = LogManager.getLogger(Board.class);
  private static final long CLOSE_LIMIT_MILLIS = 5000;

  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Links links;
  private final CommandPort port;
  private final Station station;
  private final Faults faults;
  private final Mishaps mishaps;
  private final HostLine hostLine;
  private final @Nullable PacedLine paced;
  private boolean held; // in reset, by the host's RTS and DTR; loop thread only
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Pipes pipes; // guarded by lock
  private @Nullable TcpLine tcp; // guarded by lock
  private volatile @Nullable PacedTcp pacedTcp; // set once
  private boolean closed; // guarded by lock

  Board(Setup setup) {
    try {
      loop = new EventLoop();
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated module cannot watch sockets", e);
    }
    Transcript transcript = new Transcript(setup.transcript(), setup.payloadShown());
    memory = new Memory(setup.line().uart());
    setup.certificates().forEach(memory.manufacturing()::preload);
    CommandTable table = new CommandTable(setup.firmware());
    Resolver resolver = new Resolver(setup, loop);
    uart = new Uart(transcript);
    faults = new Faults(setup.faults(), transcript);
    port = new CommandPort(uart, transcript, memory, table, faults);
    links = new Links(setup, loop, uart, memory, faults);
    port.onNotice(links::notice);
    station = new Station(setup, loop, uart, memory, links, port);
    LinkSecurity security = new LinkSecurity(setup.firmware(), memory);
    Parts parts =
        new Parts(setup, loop, uart, memory, links, resolver, port, station, faults, security);
    new BasicCommands(parts, table).register();
    new WifiCommands(parts).register(table);
    new StationCommands(parts).register(table);
    new AddressCommands(parts).register(table);
    new NetworkCommands(parts).register(table);
    new TimeCommands(parts).register(table);
    new FlashCommands(parts).register(table);
    new DialCommands(parts).register(table);
    new LinkCommands(parts).register(table);
    new DataCommands(parts).register(table);
    new ServerCommands(parts).register(table);
    new PassthroughCommands(parts).register(table);
    new MfgCommands(parts).register(table);
    new SslCommands(parts).register(table);
    port.latencies(new Latencies(loop, setup.line()));
    hostLine = new HostLine(this::hostChanged, this::cts);
    mishaps = new Mishaps(parts);
    paced =
        setup.line().paced()
            ? new PacedLine(setup.line(), loop, hostLine, setup.line().uart())
            : null;
    thread = new Thread(this::run, "espat-sim-module");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      faults.start(mishaps);
      station.switchOn();
      loop.run(this::round);
    } catch (IOException e) {
      LOG.error("the simulated module stops: {}", e.getMessage());
    } finally {
      switchOff();
    }
  }

  private void hostChanged() {
    if (paced == null) {
      return;
    }
    paced.hostChanged();
    boolean low = paced.holdsReset();
    loop.post(() -> reset(low));
  }

  /** The host pulls the module's reset line low, or lets it go. */
  private void reset(boolean low) {
    if (held && !low) {
      mishaps.crash();
    }
    held = low;
  }

  private boolean cts() {
    return paced == null || paced.cts();
  }

  private boolean round() {
    if (held || mishaps.silent()) {
      port.loseInput();
      links.rest();
      uart.rest();
      return false;
    }
    uart.wake();
    boolean more = port.takeInput();
    loop.asOfNow();
    boolean stalled = !port.takes();
    links.serve(port.sending());
    loop.asOfNow();
    uart.flush();
    links.want(port.sending());
    boolean takes = port.takes();
    uart.tune(memory.settings().uart);
    uart.want(takes, port.expects());
    return more
        || (stalled && takes)
        || uart.roomAgain()
        || (links.owes(port.sending()) && uart.hasRoom());
  }

  private void switchOff() {
    lock.lock();
    try {
      closed = true; // a line asked for from now on is born closed
    } finally {
      lock.unlock();
    }
    links.drop();
    uart.close();
    try {
      loop.close();
    } catch (IOException e) {
      LOG.debug("closing the selector of the simulated module: {}", e.getMessage());
    }
  }

  Pipes pipes() {
    lock.lock();
    try {
      if (tcp != null) {
        throw new IllegalStateException("the module's line is served on TCP");
      }
      Pipes line = pipes;
      if (line == null) {
        Pipes made = paced == null ? PipeLine.wakes(loop) : paced;
        line = made;
        pipes = made;
        plug(made, () -> {});
      }
      return line;
    } finally {
      lock.unlock();
    }
  }

  HostLine hostLine() {
    pipes(); // one module has one line
    return hostLine;
  }

  int serve(InetSocketAddress address) throws IOException {
    lock.lock();
    try {
      if (pipes != null || tcp != null) {
        throw new IllegalStateException("the module's line is already in use");
      }
      if (closed) {
        throw new IOException("serving on " + address + ": the simulated module is switched off");
      }
      TcpLine line = TcpLine.bind(address, loop, this::clientLost);
      int bound = line.port();
      tcp = line;
      pacedTcp = paced == null ? null : new PacedTcp(line, paced, loop);
      plug(pacedTcp == null ? line : pacedTcp, line::start);
      return bound;
    } finally {
      lock.unlock();
    }
  }

  private void clientLost() {
    uart.lost();
    PacedTcp line = pacedTcp;
    if (line != null) {
      line.clear();
    }
  }

  private void plug(Line line, Runnable then) {
    if (closed) {
      line.close();
      return;
    }
    loop.post(
        () -> {
          FaultyLine wires = new FaultyLine(line, loop, faults);
          uart.plug(wires, paced == null ? Pacing.NONE : paced);
          mishaps.on(wires);
          then.run();
        });
  }

  void inject(Fault fault) {
    loop.post(() -> faults.inject(fault));
  }

  long strikes() {
    return faults.strikes();
  }

  long bytesFromHost() {
    return uart.bytesFromHost();
  }

  long bytesToHost() {
    return uart.bytesToHost();
  }

  int listeningPort() {
    return links.server().port();
  }

  void network(boolean alive) {
    if (Thread.currentThread() == thread) {
      links.network(alive);
      return;
    }
    CompletableFuture<Void> applied = new CompletableFuture<>();
    loop.post(
        () -> {
          links.network(alive);
          applied.complete(null);
        });
    try {
      applied.get(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("the simulated module has not heard of its network yet: {}", e.getMessage());
    }
  }

  long lostFromHost() {
    return paced == null ? 0 : paced.lostFromHost();
  }

  long lostToHost() {
    return paced == null ? 0 : paced.lostToHost();
  }

  long bytesFromPeers() {
    return links.bytesReceived();
  }

  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    loop.end();
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = false;
    try {
      TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_LIMIT_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    closeLines();
  }

  /** Ends a line that was made too late for the thread to know of it. */
  private void closeLines() {
    lock.lock();
    try {
      if (pipes != null) {
        pipes.close();
      }
      if (tcp != null) {
        tcp.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
