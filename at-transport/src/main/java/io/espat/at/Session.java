package io.espat.at;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One life of a module, from its bring-up to its loss or its farewell, with links of its own.
 *
 * <p>Nothing of it is used again, so nobody who is late can disturb the session after it.
 */
final class Session {
  private static final Logger LOG = LogManager.getLogger();
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Wire wire;
  private final ModuleConfig config;
  private final Events events;
  private final Network network;
  private final Links links = new Links();
  private final AtChannel channel;
  private final Thread sender;
  private final BiConsumer<Session, ModuleLostException> losses;
  private volatile @Nullable BringUp broughtUp;

  /**
   * Takes the wire.
   *
   * @param losses hears once that this session is lost, after its links have failed
   */
  Session(
      Wire wire,
      ModuleConfig config,
      Events events,
      Network network,
      BiConsumer<Session, ModuleLostException> losses) {
    this.wire = wire;
    this.config = config;
    this.events = events;
    this.network = network;
    this.losses = losses;
    this.channel = new AtChannel(wire, config, events, this::notice, this::lost);
    this.sender = config.threadFactory().newThread(new Sender(links));
    this.sender.setName("espat sender " + wire.name());
    channel.expectRestart(true); // before its "ready" can be read
    wire.attach(channel);
  }

  /** Brings the module up; the session is to be closed if that fails. */
  void begin() throws IOException {
    sender.start();
    try (Turn turn = channel.take()) {
      BringUp bringUp = new BringUp(channel, turn);
      bringUp.run();
      links.begin(channel, bringUp.dialect(), bringUp.passive());
      channel.line().pushing(!bringUp.passive());
      wire.framesEnd(Dialect.framesEnd(bringUp.info()));
      broughtUp = bringUp;
    }
  }

  /** Asks whether the module is in its Wi-Fi network. */
  boolean joined(Deadline deadline, Stop stop) throws IOException {
    try (Turn turn = channel.take(deadline, stop)) {
      return Wifi.joined(turn);
    }
  }

  /** Tells whether the module was brought up, though it may be lost since. */
  boolean begun() {
    return broughtUp != null;
  }

  ModuleInfo info() {
    return up().info();
  }

  Dialect dialect() {
    return up().dialect();
  }

  DialectInfo dialectInfo() {
    return DialectInfo.of(dialect(), channel.flowControlled(), up().passive());
  }

  private BringUp up() {
    BringUp done = broughtUp;
    if (done == null) {
      throw new IllegalStateException("the module is not open");
    }
    return done;
  }

  AtChannel channel() {
    return channel;
  }

  Links links() {
    return links;
  }

  /** Returns the first cause of the loss, or null while the module is there. */
  @Nullable ModuleLostException loss() {
    return channel.loss();
  }

  /** Ends the links in good order where the module can be reached, and everybody's waits. */
  void close(ModuleLostException cause) {
    boolean reached = channel.loss() == null;
    if (reached && (begun() || channel.line().restore().isPresent())) {
      links.failAll(cause); // or the CLOSED of the farewell would be the peers' ends
      farewell();
    }
    channel.lose(cause);
    links.end();
  }

  Thread sender() {
    return sender;
  }

  /** Ends the links in good order, so that their peers need not find out by time-outs. */
  private void farewell() {
    Deadline deadline = Deadline.in(config.commandTimeout()).orSooner(FAREWELL);
    try (Turn turn = channel.take(deadline, Stop.NEVER)) {
      if (links.serving.on()) {
        turn.ask(AtCommand.of("AT+CIPSERVER=0"), deadline, Stop.NEVER);
      }
      goodbye(turn, deadline);
      Optional<AtCommand> restore = channel.line().restore();
      if (restore.isPresent()) {
        turn.ask(restore.get(), deadline, Stop.NEVER);
      }
    } catch (IOException e) {
      LOG.debug("{}: closing without a farewell: {}", wire.name(), e.getMessage());
    }
  }

  private static void goodbye(Turn turn, Deadline deadline) throws IOException {
    try {
      turn.ask(AtCommand.of("AT+CIPCLOSE=5"), deadline, Stop.NEVER);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.debug("no link was open: {}", e.getMessage());
    }
  }

  private void notice(Inbound message) {
    links.notice(message);
    if (message instanceof Inbound.Wifi wifi && wifi.state() != Inbound.Wifi.State.CONNECTED) {
      boolean joined = wifi.state() == Inbound.Wifi.State.GOT_IP;
      network.joined(joined);
      events.wifi(joined);
    }
  }

  /** Called once, by the thread that found out. */
  private void lost(ModuleLostException cause) {
    links.failAll(cause);
    losses.accept(this, cause);
  }
}
