package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The right to speak to the module: while it is held, answers belong to its holder.
 *
 * <p>A turn that is closed before the module has given a final answer is not given back at once: a
 * thread of its own resynchronises first, so that no late answer can be taken for another one.
 */
final class Turn implements AutoCloseable {
  private static final Logger LOG = LogManager.getLogger();

  /** How long the real answer may follow a {@code busy p...}; esp-at #731. */
  static final Duration BUSY_GRACE = Duration.ofMillis(200);

  private static final int MAX_RESENDS = 5;
  private static final int MAX_LINES = 1000;

  /** A question of the resynchronisation, and how the line begins that only it is answered with. */
  private record Probe(AtCommand command, String answer) {
    Probe(String command, String answer) {
      this(AtCommand.of(command), answer);
    }
  }

  /**
   * Asked in turn: the answer to the last question comes behind those to all earlier ones, however
   * late they are. Each is known since 2.0.
   */
  private static final List<Probe> PROBES =
      List.of(
          new Probe("AT+CIPMUX?", "+CIPMUX:1"),
          new Probe("AT+CIPMODE?", "+CIPMODE:0"),
          new Probe("AT+CIPDINFO?", "+CIPDINFO:"),
          new Probe("AT+SYSLOG?", "+SYSLOG:"));

  private static final Duration PROBE_WAIT = Duration.ofSeconds(1);

  /** The guard time of +++ is 20 ms; the wire and its drivers may hold bytes a little longer. */
  static final long GUARD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Something to do once the module answers again, such as closing a link that nobody wants. */
  @FunctionalInterface
  interface CleanUp {
    void run(Turn turn) throws IOException;
  }

  private final AtChannel channel;
  private boolean unanswered; // by the turn's holder, as all below
  private boolean collecting;
  private boolean prompted;
  private boolean tookQuestions;
  private @Nullable CleanUp cleanUp;

  Turn(AtChannel channel) {
    this.channel = channel;
  }

  /** Sends a command and returns its answer, within the command's limit or the configured one. */
  AtReply ask(AtCommand command) throws IOException {
    Duration limit = command.limit();
    Duration effective = limit.isZero() ? channel.config().commandTimeout() : limit;
    return ask(command, Deadline.in(effective.plus(channel.line().backlog())), Stop.NEVER);
  }

  /**
   * Sends a command and returns its answer.
   *
   * @throws AtException if the module answered ERROR
   * @throws SocketTimeoutException if it did not answer in time
   */
  AtReply ask(AtCommand command, Deadline deadline, Stop stop) throws IOException {
    long start = System.nanoTime();
    List<String> lines = new ArrayList<>();
    Deadline busyEnd = null;
    int resends = 0;
    write(command);
    while (true) {
      Inbound message = channel.next(busyEnd == null ? deadline : busyEnd, stop);
      if (message == null && busyEnd != null && !deadline.passed()) {
        busyEnd = null;
        if (resends < MAX_RESENDS) {
          resends++;
          write(command);
        }
      } else if (message == null) {
        throw unanswered(command, start);
      } else if (message instanceof Inbound.Ok) {
        return answered(command, lines, start, resends);
      } else if (message instanceof Inbound.Failed) {
        throw refused(command, lines, start, resends);
      } else if (message instanceof Inbound.Busy busy) {
        busyEnd = busy.sending() ? null : deadline.orSooner(BUSY_GRACE);
      } else if (message instanceof Inbound.Prompt) {
        collecting = true; // nobody asked for payload; the resynchronisation ends it
        throw exchanged(
            command,
            start,
            new AtException(
                AtException.REFUSED,
                command + ": the module asks for payload",
                command.toString(),
                List.of(),
                null));
      } else if (message instanceof Inbound.Line line) {
        busyEnd = null; // an information line: the command is being executed after all
        collect(lines, line.text(), command);
      }
    }
  }

  private static void collect(List<String> lines, String text, AtCommand command) {
    boolean echo = text.startsWith("AT") && !text.startsWith("AT version");
    boolean mayBeEcho = command.secret() && Shown.line(text, true).startsWith("(");
    if (!echo && !mayBeEcho && lines.size() < MAX_LINES) {
      lines.add(text);
    }
  }

  private AtReply answered(AtCommand command, List<String> lines, long start, int resends)
      throws IOException {
    Duration took = since(start);
    settled(resends);
    channel.events().exchanged(command.toString(), "OK", took);
    return new AtReply(lines, took);
  }

  private AtException refused(AtCommand command, List<String> lines, long start, int resends)
      throws IOException {
    settled(resends);
    channel.events().exchanged(command.toString(), "ERROR", since(start));
    List<String> words =
        lines.stream().filter(line -> !Shown.line(line, false).startsWith("(")).toList();
    String detail = words.isEmpty() ? "" : " " + words;
    return new AtException(
        AtException.REFUSED,
        command + ": the module answered ERROR" + detail,
        command.toString(),
        words,
        null);
  }

  /** After a command was sent more than once its second answer may still come: flush it. */
  private void settled(int resends) throws IOException {
    if (resends > 0) {
      resynchronise(Deadline.in(channel.config().commandTimeout()));
    }
    answered();
  }

  private SocketTimeoutException unanswered(AtCommand command, long start) {
    Duration took = since(start);
    return exchanged(
        command,
        start,
        new SocketTimeoutException(
            command + ": no answer from the module within " + took.toMillis() + " ms"));
  }

  private <E extends IOException> E exchanged(AtCommand command, long start, E failure) {
    channel.events().exchanged(command.toString(), "no answer", since(start));
    return failure;
  }

  /** Says whether the module takes what is written for payload, as far as is known. */
  void collecting(boolean collecting) {
    this.collecting = collecting;
  }

  /** Says that the module has given its final answer, to all that was written. */
  void answered() {
    collecting = false;
    unanswered = false;
    channel.quiet();
  }

  /** Says what to do before the turn is given back if the module has not answered by then. */
  void ifUnanswered(CleanUp cleanUp) {
    this.cleanUp = cleanUp;
  }

  /** Writes a command line without waiting for an answer. */
  void write(AtCommand command) throws IOException {
    unanswered = true;
    channel.write(command);
  }

  /** Hears what the module says without having been asked. */
  void listen() {
    channel.listen();
  }

  /** Returns the next message, or null when none came in time. */
  @Nullable Inbound next(Duration limit) throws IOException {
    return channel.next(Deadline.in(limit), Stop.NEVER);
  }

  /** Returns the next OK or ERROR, or null when neither came in time. */
  @Nullable Inbound outcome(Duration limit) throws IOException {
    Deadline deadline = Deadline.in(limit);
    Inbound message = channel.next(deadline, Stop.NEVER);
    while (message != null
        && !(message instanceof Inbound.Ok)
        && !(message instanceof Inbound.Failed)) {
      message = channel.next(deadline, Stop.NEVER);
    }
    return message;
  }

  /**
   * Sends {@code +++} with silence around it on the line, which ends a collection or passthrough.
   */
  void isolatedPluses(long silenceNanos) throws IOException {
    Pause.nanos(channel.untilQuiet().toNanos() + silenceNanos);
    channel.writeRaw(new byte[] {'+', '+', '+'});
    Pause.nanos(channel.untilQuiet().toNanos() + silenceNanos);
  }

  /** Resynchronises within a command's own limit. */
  void resynchronise(Deadline deadline) throws IOException {
    resynchronise(deadline, deadline);
  }

  /**
   * Finds the common ground again: ends a collection, then asks for something only this question is
   * answered with, until the answer comes. Pluses that were not alone on the line were payload:
   * they are said again as long as the module says nothing, and so are those that came before a
   * late prompt.
   *
   * @param busyEnd how long a module may go on that only says {@code busy p...}: it is still at the
   *     old command (a name server that does not answer costs it half a minute), not silent
   * @throws IOException if it did not come in time; the module is to be declared lost
   */
  private void resynchronise(Deadline deadline, Deadline busyEnd) throws IOException {
    Deadline end = deadline;
    prompted = false;
    tookQuestions = false;
    for (int i = 0; !end.passed(); i++) {
      if (collecting) {
        isolatedPluses(GUARD_NANOS);
      }
      Probe probe = PROBES.get(i % PROBES.size());
      channel.probe(probe.command());
      Deadline wait = end.orSooner(PROBE_WAIT);
      end = deadline;
      boolean known = false;
      Inbound message = channel.next(wait, Stop.NEVER);
      while (message != null && !(message instanceof Inbound.Failed)) {
        known |= message instanceof Inbound.Line line && line.text().startsWith(probe.answer());
        if (known && message instanceof Inbound.Ok) {
          answered();
          return;
        }
        if (message instanceof Inbound.Busy) {
          end = busyEnd;
          wait = end.orSooner(BUSY_GRACE);
        }
        note(message);
        message = channel.next(wait, Stop.NEVER);
      }
      tookQuestions |= prompted;
      collecting &= message == null;
    }
    throw new SocketTimeoutException(
        channel.name() + ": the module did not find back to its commands");
  }

  /** Busy and progress come from a module that collects, too; a prompt from one that begins to. */
  private void note(Inbound message) {
    if (message instanceof Inbound.Prompt) {
      prompted = true;
      collecting = true;
    } else if (!(message instanceof Inbound.Busy) && !SendTalk.isProgress(message)) {
      tookQuestions |=
          message instanceof Inbound.Received
              || message instanceof Inbound.SendOk
              || message instanceof Inbound.SendFail;
      prompted &= !(message instanceof Inbound.SendCancelled);
      collecting = false;
    }
  }

  /**
   * Tells whether the module may have taken questions of the last resynchronisation for payload,
   * because a prompt was late.
   */
  boolean tookQuestions() {
    return tookQuestions;
  }

  /** Gives the turn back, by way of a resynchronisation if the module owes an answer. */
  @Override
  public void close() {
    if (!unanswered || channel.loss() != null) {
      channel.give();
      return;
    }
    LOG.debug("{}: a command is unanswered, resynchronising", channel.name());
    Thread thread = channel.config().threadFactory().newThread(this::settle);
    thread.setName("espat resync " + channel.name());
    thread.start();
  }

  private void settle() {
    ModuleConfig config = channel.config();
    Duration limit = config.commandTimeout().multipliedBy(2);
    Deadline longer = Deadline.in(limit.plus(config.connectTimeout()));
    try {
      resynchronise(cleanUp == null ? Deadline.in(limit) : longer, longer);
      if (cleanUp != null) {
        cleanUp.run(this);
      }
    } catch (IOException e) {
      channel.lose(new ModuleLostException(AtException.SILENT, channel.name() + silence(), e));
    } finally {
      channel.give();
    }
  }

  /**
   * A module that has restarted is back at its stored speed and cannot be heard at a raised one.
   */
  private String silence() {
    ModuleLine line = channel.line();
    int raised = line.baud();
    if (raised == line.home()) {
      return ": the module fell silent";
    }
    boolean back = false;
    try {
      line.set(line.home());
      channel.write(AtCommand.of("AT"));
      Inbound first = outcome(BUSY_GRACE.multipliedBy(2)); // ERROR, behind what was garbage to it
      channel.write(AtCommand.of("AT"));
      back = outcome(BUSY_GRACE.multipliedBy(2)) != null || first != null;
    } catch (IOException e) {
      LOG.debug("{}: {}", channel.name(), e.getMessage());
    }
    return back
        ? ": the module restarted: it is back from " + raised + " to " + line.home() + " baud"
        : ": the module fell silent at " + raised + " baud (opened at " + line.home() + ")";
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
