package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private static final Duration SYNC_WAIT = Duration.ofMillis(500);
  private static final int SYNC_TRIES = 3;

  /** Bytes of the answer to {@code AT+CMD?}, and some to spare. */
  private static final int LISTING = 8 * 1024;

  /** Longer than between two tries, because that is how their late answers are spaced. */
  private static final Duration LATE_WAIT = Duration.ofMillis(750);

  private static final long SHORT_SILENCE = TimeUnit.MILLISECONDS.toNanos(50);

  /** After leaving passthrough the module wants a second of silence. */
  private static final long LONG_SILENCE = TimeUnit.MILLISECONDS.toNanos(1000);

  private final AtChannel channel;
  private final Turn turn;
  private final LineQuality quality = new LineQuality();
  private ModuleInfo info = ModuleInfo.parse(List.of());
  private Dialect dialect = Dialect.old(Dialect.Receive.ACTIVE, false);
  private boolean flowControlled; // RTS/CTS is wired and works

  BringUp(AtChannel channel, Turn turn) {
    this.channel = channel;
    this.turn = turn;
    this.flowControlled = channel.config().flow() == FlowControl.RTS_CTS;
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
      case AUTO -> !flowControlled; // bytes the host is too slow for would be lost on the wire
    };
  }

  /** Runs the list. */
  void run() throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        list();
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

  private void list() throws IOException {
    stage("sync", this::sync);
    if (channel.config().reset() == ResetMode.AT) {
      stage("reset", this::reset);
    }
    stage("echo off", () -> ask("ATE0")); // an echo may split notices, and would show a passphrase
    stage("identify", () -> info = ModuleInfo.parse(ask("AT+GMR").lines()));
    stage("dialect", () -> dialect = learn());
    stage("normal mode", () -> attempt("AT+CIPMODE=0")); // raw bytes come without +IPD until then
    stage("stale links", this::closeStaleLinks); // of a program before us; CIPMUX needs none open
    stage("several links", () -> ask("AT+CIPMUX=1"));
    stage("peer info off", () -> ask("AT+CIPDINFO=0")); // fetched bytes cannot be told from it
    stage("plain notices", () -> ensure("SYSMSG", "0")); // +LINK_CONN would hide a failed connect
    stage("error codes", () -> attempt("AT+SYSLOG=1")); // +ERRNO and ERR CODE before ERROR
    stage("receive mode", this::receiveMode);
    stage("send time-out", this::boundSends);
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
    Duration limit = channel.config().commandTimeout().plus(channel.lineTime(LISTING));
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

  /**
   * Sets what the firmware would store, without its storing it: what a session needs must not
   * outlast it, and each write wears the flash. {@code AT+SYSSTORE} itself is not stored.
   */
  private void setForNow(String command) throws IOException {
    AtReply storing = attempt("AT+SYSSTORE?");
    boolean stores = storing != null && storing.value("+SYSSTORE:").orElse("").equals("1");
    if (stores) {
      ask("AT+SYSSTORE=0");
    }
    attempt(command);
    if (stores) {
      ask("AT+SYSSTORE=1");
    }
  }

  /**
   * Finds the module's voice. {@code +++} comes first: if a program died in the middle of a send,
   * the module still collects, and any command would go to the peer as payload.
   */
  private void sync() throws IOException {
    Deadline deadline = Deadline.in(channel.config().openTimeout());
    long silence = SHORT_SILENCE;
    int owed = 0;
    while (!deadline.passed()) {
      turn.isolatedPluses(silence);
      for (int i = 0; i < SYNC_TRIES; i++) {
        turn.write(AtCommand.of("AT"));
        Inbound answer = answer(SYNC_WAIT);
        if (answer instanceof Inbound.Ok) {
          skipLate(owed);
          return;
        }
        owed += answer == null ? 1 : 0;
      }
      silence = LONG_SILENCE;
    }
    throw quality.silence(channel.name(), channel.config());
  }

  /**
   * Returns OK or ERROR, or null if neither came in time; ERROR is an answer, but to a line that
   * began with our {@code +++}.
   */
  private @Nullable Inbound answer(Duration limit) throws IOException {
    Deadline deadline = Deadline.in(limit);
    while (!deadline.passed()) {
      Inbound message = turn.next(Duration.ofNanos(Math.max(0, deadline.left())));
      if (message == null || message instanceof Inbound.Ok || message instanceof Inbound.Failed) {
        return message;
      }
      quality.heard(message);
    }
    return null;
  }

  /** On a slow line the answers to earlier tries still come; they must not answer what follows. */
  private void skipLate(int owed) throws IOException {
    for (int left = owed; left > 0 && answer(LATE_WAIT) != null; left--) {
      LOG.debug("{}: a late answer", channel.name());
    }
  }

  private void reset() throws IOException {
    ask("AT+RST");
    Deadline deadline = Deadline.in(channel.config().openTimeout());
    while (!deadline.passed()) {
      Inbound message = turn.next(Duration.ofNanos(Math.max(0, deadline.left())));
      if (message instanceof Inbound.Ready) {
        sync();
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
    return Dialect.old(receive, attempt("AT+CIPTCPOPT?") != null);
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
