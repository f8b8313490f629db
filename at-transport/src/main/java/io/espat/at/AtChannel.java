package io.espat.at;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The command port of one module: one turn at a time, first come first served.
 *
 * <p>The reader thread delivers messages; who holds the turn takes those that answer commands. The
 * first cause of a loss is kept and handed to everybody.
 */
final class AtChannel {
  private static final Logger LOG = LogManager.getLogger();

  /** More than the longest answer ({@code AT+CMD?}, some 150 lines); beyond it there is noise. */
  private static final int MAX_REPLIES = 2048;

  private final Wire wire;
  private final ModuleConfig config;
  private final Events events;
  private final Consumer<Inbound> notices;
  private final Consumer<ModuleLostException> losses;
  private final AtomicLong commands = new AtomicLong();
  private final LineAccount account; // by the turn's holder

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition turnFree = lock.newCondition();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Object> waiting = new ArrayDeque<>(); // guarded by lock, as all below
  private final ArrayDeque<Inbound> replies = new ArrayDeque<>();
  private boolean taken;
  private boolean listening;
  private boolean restartExpected;
  private final EchoWatch echo = new EchoWatch();
  private int restarts;
  private @Nullable Link expected;
  private @Nullable AtCommand current;
  private @Nullable AtCommand asked; // the same, but for what a resynchronisation asks
  private @Nullable ModuleLostException lost;

  AtChannel(
      Wire wire,
      ModuleConfig config,
      Events events,
      Consumer<Inbound> notices,
      Consumer<ModuleLostException> losses) {
    this.wire = wire;
    this.account = new LineAccount(wire.line());
    this.config = config;
    this.events = events;
    this.notices = notices;
    this.losses = losses;
  }

  ModuleConfig config() {
    return config;
  }

  Events events() {
    return events;
  }

  ModuleLine line() {
    return wire.line();
  }

  long commands() {
    return commands.get();
  }

  String name() {
    return wire.name();
  }

  /**
   * Tells whether each side of the line can hold the other back by RTS/CTS: asked for, or proven by
   * a test. Without it the module loses what it cannot pass on at once.
   */
  boolean flowControlled() {
    return wire.line().rtsCts();
  }

  /** Takes an ordinary command's turn. */
  Turn take() throws IOException {
    return take(Deadline.in(patience()), Stop.NEVER);
  }

  /** How long a turn may be in coming: the longest exchange, its resynchronisation, and a bit. */
  private Duration patience() {
    return config.connectTimeout().plus(config.sendTimeout()).multipliedBy(2);
  }

  /**
   * Waits in line for the turn; who has it must close it.
   *
   * @throws SocketTimeoutException if it did not come in time
   * @throws ModuleLostException if the module is lost
   */
  Turn take(Deadline deadline, Stop stop) throws IOException {
    Object me = new Object();
    lock.lock();
    try {
      waiting.addLast(me);
      while (lost == null && (taken || waiting.peekFirst() != me)) {
        throwIfStopped(stop);
        long left = deadline.left();
        if (left <= 0) {
          throw new SocketTimeoutException(
              "waiting for a turn on " + name() + ": the module was still busy with " + busyWith());
        }
        turnFree.awaitNanos(left);
      }
      throwIfLost();
      throwIfStopped(stop);
      taken = true;
      return new Turn(this);
    } catch (InterruptedException e) {
      throw interrupted("waiting for a turn on " + name());
    } finally {
      waiting.remove(me);
      turnFree.signalAll();
      lock.unlock();
    }
  }

  /** Names what the holder of the turn asked last; lock held. */
  private String busyWith() {
    return asked == null ? "another command" : asked.toString();
  }

  /** Takes the turn if nobody has it or waits for it. */
  @Nullable Turn takeIfFree() throws IOException {
    lock.lock();
    try {
      throwIfLost();
      if (taken || !waiting.isEmpty()) {
        return null;
      }
      taken = true;
      return new Turn(this);
    } finally {
      lock.unlock();
    }
  }

  /** Gives the turn back. */
  void give() {
    lock.lock();
    try {
      taken = false;
      listening = false;
      expected = null;
      current = null;
      asked = null;
      replies.clear();
      turnFree.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Makes every waiting thread look at its {@link Stop} again. */
  void wake() {
    lock.lock();
    try {
      turnFree.signalAll();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Names the link that the next OK opens, or that the next fetched bytes belong to. */
  void expect(@Nullable Link link) {
    lock.lock();
    try {
      expected = link;
    } finally {
      lock.unlock();
    }
  }

  /** Says whether {@code ready} is welcome, as it is while the module is being brought up. */
  void expectRestart(boolean welcome) {
    lock.lock();
    try {
      restartExpected = welcome;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how often the module has said {@code ready} while that was welcome. */
  int restarts() {
    lock.lock();
    try {
      return restarts;
    } finally {
      lock.unlock();
    }
  }

  /** Writes a command line; what arrived before it answers nothing any more. */
  void write(AtCommand command) throws IOException {
    lock.lock();
    try {
      asked = command;
    } finally {
      lock.unlock();
    }
    probe(command);
  }

  /** Writes a command line on behalf of one that is unanswered. */
  void probe(AtCommand command) throws IOException {
    byte[] bytes = command.bytes();
    lock.lock();
    try {
      throwIfLost();
      replies.clear();
      listening = true;
      current = command;
      echo.written(command);
    } finally {
      lock.unlock();
    }
    LOG.trace("{} -> {}", name(), command);
    commands.incrementAndGet();
    try {
      writeOrLose(bytes);
    } finally {
      if (command.secret()) {
        java.util.Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  /** Keeps what arrives for {@link #next}, though nothing was asked. */
  void listen() {
    lock.lock();
    try {
      replies.clear();
      listening = true;
    } finally {
      lock.unlock();
    }
  }

  /** Writes payload, or {@code +++}, in one piece. */
  void writeRaw(byte[] bytes) throws IOException {
    LOG.trace("{} -> {} bytes", name(), bytes.length);
    writeOrLose(bytes);
  }

  private void writeOrLose(byte[] bytes) throws IOException {
    // half a command would cost the module; the wait for its answer is interrupted instead
    boolean interrupted = Thread.interrupted();
    long start = System.nanoTime();
    try {
      wire.write(this, bytes);
      account.written(bytes.length, start, System.nanoTime());
    } catch (IOException e) {
      lose(new ModuleLostException(AtException.LOST, "writing " + name() + ": " + e, e));
      throw lostNow();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Notes that the module has answered what was written last; turn held. */
  void quiet() {
    account.answered(System.nanoTime());
  }

  /** Returns how long it takes until all that was written has passed the line; turn held. */
  Duration untilQuiet() {
    return Duration.ofNanos(account.untilQuiet(System.nanoTime()));
  }

  /** Returns an answer that is there already, or null. */
  @Nullable Inbound poll() throws IOException {
    lock.lock();
    try {
      throwIfLost();
      return replies.pollFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the next answer, or null when none came in time. */
  @Nullable Inbound next(Deadline deadline, Stop stop) throws IOException {
    lock.lock();
    try {
      while (replies.isEmpty()) {
        throwIfLost();
        throwIfStopped(stop);
        long left = deadline.left();
        if (left <= 0) {
          return null;
        }
        arrived.awaitNanos(left);
      }
      return replies.removeFirst();
    } catch (InterruptedException e) {
      throw interrupted("waiting for " + name());
    } finally {
      lock.unlock();
    }
  }

  /** Files a message. Reader thread only; never blocks. */
  void deliver(Inbound message) {
    Link link;
    boolean restarted;
    boolean secret;
    boolean up;
    boolean echoed;
    lock.lock();
    try {
      link = expected;
      up = !restartExpected;
      restarted = message instanceof Inbound.Ready && up;
      restarts += message instanceof Inbound.Ready ? 1 : 0;
      secret = current != null && current.secret();
      echoed = current != null && echo.restarted(message, current, up);
    } finally {
      lock.unlock();
    }
    if (LOG.isTraceEnabled()) {
      LOG.trace("{} <- {}", name(), Shown.of(message, secret));
    }
    if (restarted) {
      lose(new ModuleLostException(AtException.LOST, name() + ": the module restarted", null));
      return;
    }
    if (echoed) {
      String what = ": the module restarted unheard: it echoes commands again";
      lose(new ModuleLostException(AtException.LOST, name() + what, null));
      return;
    }
    if (message instanceof Inbound.Damaged damaged) {
      damaged(damaged.text(), up);
      return;
    }
    if (isNotice(message)) {
      notices.accept(message);
      return;
    }
    // before the turn's holder hears of it, so that notices behind it are filed in their order
    if (link != null && message instanceof Inbound.Fetched fetched) {
      link.fetched(fetched.bytes());
    }
    if (message instanceof Inbound.Fetched) {
      return; // its bytes are good until the next message only
    }
    if (link != null && message instanceof Inbound.Ok) {
      link.opened();
    }
    file(message);
  }

  /**
   * A frame whose header cannot be read is a gap that nobody could place; a damaged notice only
   * makes a reader wait for the next one. Before the bring-up has ended there is noise.
   */
  private void damaged(String text, boolean up) {
    if (up && (wire.line().pushing() || text.indexOf(':') >= 0)) {
      lose(
          new ModuleLostException(
              AtException.LOST,
              name() + ": bytes were lost on the wire: a header is damaged",
              null));
    }
  }

  /** How long the answer to an ordinary command may take. */
  Duration answerLimit() {
    return config.commandTimeout().plus(wire.line().backlog());
  }

  private void file(Inbound message) {
    lock.lock();
    try {
      if (listening && replies.size() < MAX_REPLIES) {
        replies.addLast(message);
        arrived.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isNotice(Inbound message) {
    return message instanceof Inbound.Waiting
        || message instanceof Inbound.Data
        || message instanceof Inbound.Opened
        || message instanceof Inbound.Closed
        || message instanceof Inbound.Wifi;
  }

  /** Declares the module lost; only the first cause counts. */
  void lose(ModuleLostException cause) {
    lock.lock();
    try {
      if (lost != null) {
        return;
      }
      lost = cause;
      turnFree.signalAll();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    LOG.debug("{} is lost: {}", name(), cause.getMessage());
    losses.accept(cause);
  }

  /** Returns the first cause of the loss, or null while the module is there. */
  @Nullable ModuleLostException loss() {
    lock.lock();
    try {
      return lost;
    } finally {
      lock.unlock();
    }
  }

  private ModuleLostException lostNow() {
    ModuleLostException first = loss();
    return first == null
        ? new ModuleLostException(AtException.LOST, name() + " is lost", null)
        : first.again();
  }

  private void throwIfLost() throws ModuleLostException {
    if (lost != null) {
      throw lost.again();
    }
  }

  private static void throwIfStopped(Stop stop) throws IOException {
    IOException reason = stop.reason();
    if (reason != null) {
      throw reason;
    }
  }

  /** Keeps the interrupt status, as blocking I/O does. */
  static InterruptedIOException interrupted(String doing) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted while " + doing);
  }
}
