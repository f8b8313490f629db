package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The list of what is asked of a module before it is used, each line with its reason.
 *
 * <p>A module that restarts meanwhile, as boards do whose reset hangs on DTR, is begun with again.
 */
final class BringUp {
  private static final Logger LOG = LogManager.getLogger();
  private static final int RESTARTS = 3;

  /** Bytes of the answer to {@code AT+CMD?}, and some to spare. */
  private static final int LISTING = 8 * 1024;

  private final AtChannel channel;
  private final Turn turn;
  private ModuleInfo info = ModuleInfo.parse(List.of());
  private int restarts;
  private Dialect dialect = Dialect.old(Dialect.Receive.ACTIVE, false, info);

  BringUp(AtChannel channel, Turn turn) {
    this.channel = channel;
    this.turn = turn;
  }

  ModuleInfo info() {
    return info;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Tells whether the module was told to keep data until it is asked for. */
  boolean passive() {
    return wantsPassive() && dialect.receive() != Dialect.Receive.ACTIVE;
  }

  private boolean wantsPassive() {
    return switch (channel.config().receive()) {
      case ACTIVE -> false;
      case PASSIVE -> true;
      case AUTO ->
          !channel.flowControlled(); // bytes the host is too slow for would be lost on the wire
    };
  }

  /** Runs the list until it has been gone through without a restart, some times at most. */
  void run() throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        channel.expectRestart(true);
        list();
        throwIfRestarted();
        return;
      } catch (ModuleLostException e) {
        throw e;
      } catch (SocketTimeoutException | AtException e) {
        if (attempt == RESTARTS) {
          throw e;
        }
        LOG.debug("{}: bring-up begins again: {}", channel.name(), e.getMessage());
      }
    }
  }

  private void throwIfRestarted() throws SocketTimeoutException {
    channel.expectRestart(false); // from here on it is a loss
    if (channel.restarts() != restarts) {
      throw new SocketTimeoutException(channel.name() + ": the module keeps restarting");
    }
  }

  private void list() throws IOException {
    channel.line().begin();
    if (channel.config().reset() == ResetMode.LINE) {
      stage("reset", () -> new LineReset(channel, turn).run());
    }
    stage("sync", () -> new Voice(channel, turn).find());
    if (channel.config().reset() == ResetMode.AT) {
      stage("reset", this::reset);
    }
    restarts = channel.restarts(); // what is set from now on must last
    stage("echo off", () -> ask("ATE0")); // an echo may split notices, and would show a passphrase
    stage("identify", () -> info = ModuleInfo.parse(ask("AT+GMR").lines()));
    stage("dialect", () -> dialect = learn());
    stage("normal mode", () -> attempt("AT+CIPMODE=0")); // raw bytes come without +IPD until then
    stage("stale links", this::closeStaleLinks); // of a program before us; CIPMUX needs none open
    stage("several links", () -> ask("AT+CIPMUX=1"));
    stage("peer info off", () -> ask("AT+CIPDINFO=0")); // fetched bytes cannot be told from it
    stage("plain notices", () -> ensure("SYSMSG", "0")); // +LINK_CONN would hide a failed connect
    stage("error codes", () -> attempt("AT+SYSLOG=1")); // +ERRNO and ERR CODE before ERROR
    stage("line", () -> new LineSetup(channel, turn).run());
    channel.events().line(channel.line().info());
    stage("receive mode", this::receiveMode);
    stage("send time-out", this::boundSends);
    stage("bulk reports", this::reportRarely);
  }

  /** One line of the list. */
  private interface Step {
    void run() throws IOException;
  }

  private void stage(String name, Step step) throws IOException {
    long start = System.nanoTime();
    step.run();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    LOG.debug("{}: {} took {} ms", channel.name(), name, took.toMillis());
    channel.events().stage(name, took);
  }

  /** The list takes longer than an ordinary answer where the line is slow: 6 s at 9600 baud. */
  private AtCommand listing() {
    Duration limit = channel.config().commandTimeout().plus(channel.line().time(LISTING));
    return AtCommand.builder("AT+CMD?").limit(limit).build();
  }

  private AtReply ask(String command) throws IOException {
    return turn.ask(AtCommand.of(command));
  }

  /** Asks for something that not every firmware knows. */
  private @Nullable AtReply attempt(String command) throws IOException {
    return attempt(AtCommand.of(command));
  }

  private @Nullable AtReply attempt(AtCommand command) throws IOException {
    try {
      return turn.ask(command);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.debug("{}: {} is not known here", channel.name(), command);
      return null;
    }
  }

  private void ensure(String name, String value) throws IOException {
    AtReply reply = attempt("AT+" + name + "?");
    if (reply != null && !reply.value("+" + name + ":").orElse("").equals(value)) {
      setForNow("AT+" + name + "=" + value);
    }
  }

  /** Sets something that this firmware may refuse. */
  private void setForNow(String command) throws IOException {
    try {
      Unstored.set(turn, AtCommand.of(command));
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.debug("{}: {} is refused", channel.name(), command);
    }
  }

  private void reset() throws IOException {
    ask("AT+RST");
    Deadline deadline = Deadline.in(channel.config().openTimeout());
    while (!deadline.passed()) {
      Inbound message = turn.next(Duration.ofNanos(Math.max(0, deadline.left())));
      if (message instanceof Inbound.Ready) {
        new Voice(channel, turn).find();
        return;
      }
    }
    throw new ModuleLostException(
        AtException.SILENT, channel.name() + ": the module did not come back from AT+RST", null);
  }

  private Dialect learn() throws IOException {
    AtReply commands = attempt(listing());
    if (commands != null && commands.value("+CMD:").isPresent()) {
      return Dialect.of(commands.lines(), info);
    }
    Dialect.Receive receive = Dialect.Receive.ACTIVE;
    if (attempt("AT+CIPRECVMODE?") != null) {
      receive = Dialect.Receive.GLOBAL;
    }
    return Dialect.old(receive, attempt("AT+CIPTCPOPT?") != null, info);
  }

  private void closeStaleLinks() throws IOException {
    boolean several = ask("AT+CIPMUX?").value("+CIPMUX:").orElse("").equals("1");
    attempt(several ? "AT+CIPCLOSE=5" : "AT+CIPCLOSE");
  }

  /** Active is set too: a program before us may have left it otherwise. */
  private void receiveMode() throws IOException {
    int value = wantsPassive() ? 1 : 0;
    switch (dialect.receive()) {
      case PER_LINK -> ask("AT+CIPRECVTYPE=5," + value);
      case GLOBAL -> ask("AT+CIPRECVMODE=" + value);
      default -> {
        if (wantsPassive()) {
          LOG.warn("{}: this firmware can only push data", channel.name());
        }
      }
    }
  }

  /**
   * Makes the progress reports of {@code AT+CIPSENDL} rare: by default there is one for each
   * kilobyte. Blocks stay as large as they can be.
   */
  private void reportRarely() throws IOException {
    if (!dialect.bulk() || !channel.flowControlled()) {
      return;
    }
    AtReply reply = attempt("AT+CIPSENDLCFG?");
    if (reply != null && !reply.value("+CIPSENDLCFG:").orElse("").equals("1048576,2920")) {
      attempt("AT+CIPSENDLCFG=1048576,2920");
    }
  }

  /**
   * Lets a send into a dead network fail: without this the module blocks for good, swallowing
   * commands (seen with 4.2).
   */
  private void boundSends() throws IOException {
    if (!dialect.tcpOptions()) {
      return;
    }
    long millis = Math.max(1, channel.config().sendTimeout().toMillis() * 3 / 4);
    AtReply reply = attempt("AT+CIPTCPOPT?");
    boolean set =
        reply != null
            && reply.lines().stream().filter(line -> line.startsWith("+CIPTCPOPT:")).count()
                == Links.COUNT
            && reply.lines().stream()
                .filter(line -> line.startsWith("+CIPTCPOPT:"))
                .allMatch(line -> sendTimeout(line).equals(Long.toString(millis)));
    if (!set) {
      setForNow("AT+CIPTCPOPT=5,,," + millis);
    }
  }

  /** Takes the third value of {@code +CIPTCPOPT:id,linger,nodelay,sndtimeo,keepalive}. */
  private static String sendTimeout(String line) {
    String[] fields = line.split(",", -1);
    return fields.length > 3 ? fields[3] : "";
  }
}
