package io.espat.at;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of one send: command, prompt, payload in pieces, verdict. Nothing is ever sent
 * twice.
 *
 * <p>{@code AT+CIPSENDL} where more bytes go than one {@code AT+CIPSEND} takes: the module passes
 * them on in blocks, and one prompt and one verdict serve them all.
 */
final class SendTalk {
  private static final String PROGRESS = "+CIPSENDL:";
  private static final String NONE = "no verdict";

  /** What is to be sent, and whether it still is. */
  interface Payload {
    /** Returns the next piece, empty when there are no more. */
    byte[] piece();

    /** Says why no more of it is wanted, or returns null. */
    @Nullable String stopped();
  }

  private final Turn turn;
  private final AtChannel channel;
  private final Payload payload;
  private final AtCommand command;
  private final String doing;
  private final int size;
  private final long confirmed;
  private final boolean bulk;
  private String outcome = NONE;
  private int written;
  private String progress = "";
  private String arrived = "";
  private boolean excess;
  private int counted = -1; // by the module, where it says so

  /**
   * Prepares a send of {@code size} bytes.
   *
   * @param place what the link leads to, and {@code confirmed} how many bytes of it were sent
   *     before, for messages
   */
  SendTalk(
      Turn turn,
      AtChannel channel,
      Payload payload,
      AtCommand command,
      int size,
      String place,
      long confirmed) {
    this.turn = turn;
    this.channel = channel;
    this.payload = payload;
    this.command = command;
    this.size = size;
    this.confirmed = confirmed;
    this.bulk = command.toString().startsWith("AT+CIPSENDL=");
    this.doing = "sending " + size + " bytes on " + place;
  }

  /** Tells whether a message is what {@code AT+CIPSENDL} reports on its way. */
  static boolean isProgress(Inbound message) {
    return message instanceof Inbound.Line line && line.text().startsWith(PROGRESS);
  }

  /**
   * Runs it to its verdict.
   *
   * @throws IOException unless that is SEND OK; how much was sent is not known then
   */
  void run() throws IOException {
    long start = System.nanoTime();
    try {
      awaitPrompt();
      String reason = write();
      if (written < size) {
        cancel();
        throw failed(reason + " after " + written + " of them had been written");
      }
      awaitVerdict();
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      channel.events().exchanged(command.toString(), outcome, took);
    }
  }

  private void awaitPrompt() throws IOException {
    Deadline deadline = Deadline.in(channel.answerLimit());
    Deadline busyEnd = null;
    ask();
    while (true) {
      Inbound message = channel.next(busyEnd == null ? deadline : busyEnd, Stop.NEVER);
      if (message instanceof Inbound.Prompt) {
        channel.quiet();
        return;
      } else if (message instanceof Inbound.Failed) {
        turn.answered();
        outcome = "ERROR";
        throw failed("refused with ERROR before the payload");
      } else if (message instanceof Inbound.Busy busy) {
        busyEnd = busy.sending() ? null : deadline.orSooner(Turn.BUSY_GRACE);
      } else if (message == null && busyEnd != null && !deadline.passed()) {
        // a repeated command would be payload if the module collects already: make sure first
        busyEnd = null;
        turn.resynchronise(deadline);
        if (turn.tookQuestions()) {
          throw failed("the prompt came late, behind other commands");
        }
        ask();
      } else if (message == null) {
        throw late("no prompt within " + channel.config().commandTimeout().toMillis() + " ms");
      }
    }
  }

  private void ask() throws IOException {
    turn.write(command);
    turn.collecting(true);
  }

  /**
   * Writes the payload until all is written, nobody wants it any more, or the module has given its
   * verdict; returns the reason if there is one.
   */
  private @Nullable String write() throws IOException {
    String reason = payload.stopped();
    while (reason == null) {
      byte[] piece = payload.piece();
      if (piece.length == 0) {
        return payload.stopped();
      }
      channel.writeRaw(piece);
      written += piece.length;
      reason = written < size ? early() : null;
      if (reason == null) {
        reason = payload.stopped();
      }
    }
    return reason;
  }

  /** Returns the verdict that came between two pieces, if there is one. */
  private @Nullable String early() throws IOException {
    for (Inbound message = channel.poll(); message != null; message = channel.poll()) {
      if (isVerdict(message)) {
        turn.collecting(!(message instanceof Inbound.SendCancelled));
        outcome = words(message) + (message instanceof Inbound.SendOk ? " too early," : "");
        return outcome;
      }
    }
    return null;
  }

  /**
   * Ends a send in its middle: the module counts until it has all, or hears {@code +++} alone. If
   * its verdict was there before, or does not come, the resynchronisation finds out how things
   * stand.
   */
  private void cancel() throws IOException {
    if (!outcome.equals(NONE)) {
      return;
    }
    outcome = "stopped";
    turn.isolatedPluses(Turn.GUARD_NANOS);
    Deadline deadline = Deadline.in(channel.config().commandTimeout());
    Inbound message = channel.next(deadline, Stop.NEVER);
    while (message != null && !isVerdict(message)) {
      message = channel.next(deadline, Stop.NEVER);
    }
    if (message instanceof Inbound.SendCancelled) {
      turn.answered();
    }
  }

  private void awaitVerdict() throws IOException {
    Duration limit = channel.config().sendTimeout();
    Deadline deadline =
        Deadline.in(limit.plus(channel.line().time(size)).plus(channel.line().backlog()));
    Inbound message = channel.next(deadline, Stop.NEVER);
    while (message != null && !isVerdict(message)) {
      message = channel.next(deadline, Stop.NEVER);
    }
    if (message == null) {
      throw late("no verdict within " + limit.toMillis() + " ms after the payload");
    }
    outcome = words(message);
    if (counted >= 0 && counted != size) {
      // its command lost a digit on the line: the rest of the payload was taken for command lines
      turn.collecting(false);
      throw failed("the module counted " + counted + " bytes");
    } else if (message instanceof Inbound.SendOk
        || message instanceof Inbound.SendFail && hasAll()) {
      turn.answered();
    } else if (message instanceof Inbound.SendCancelled) {
      turn.collecting(false); // what follows +++ was taken for a command line: resynchronise
    }
    if (!(message instanceof Inbound.SendOk)) {
      throw failed(outcome);
    } else if (excess) {
      throw failed("the module counted more bytes than announced");
    }
  }

  /**
   * Tells whether the module has received the whole payload. {@code AT+CIPSENDL} may fail before:
   * then the rest, which is still on its way, is no payload any more but lines that get answers.
   */
  private boolean hasAll() {
    return !bulk || arrived.equals(Integer.toString(size));
  }

  /** Tells a verdict from what else is said during a send, and takes note of that. */
  private boolean isVerdict(Inbound message) {
    if (isProgress(message)) {
      String[] counts = ((Inbound.Line) message).text().substring(PROGRESS.length()).split(",", -1);
      progress = counts[0].matches("\\d{1,9}") ? counts[0] : progress;
      arrived = counts.length == 2 ? counts[1] : arrived;
    } else if (message instanceof Inbound.Busy busy && !busy.sending()) {
      excess = true;
    } else if (message instanceof Inbound.Received received) {
      counted = received.bytes();
    }
    return message instanceof Inbound.SendOk
        || message instanceof Inbound.SendFail
        || message instanceof Inbound.SendCancelled
        || message instanceof Inbound.Failed;
  }

  private static String words(Inbound verdict) {
    if (verdict instanceof Inbound.SendOk) {
      return "SEND OK";
    } else if (verdict instanceof Inbound.SendFail) {
      return "SEND FAIL";
    }
    boolean cancelled = verdict instanceof Inbound.SendCancelled;
    return cancelled ? "cancelled by the module" : "ERROR instead of a verdict";
  }

  private AtException failed(String what) {
    String message = doing + ": " + what + known();
    return new AtException(AtException.REFUSED, message, command.toString(), List.of(), null);
  }

  private SocketTimeoutException late(String what) {
    return new SocketTimeoutException(doing + ": " + what + known());
  }

  /** Says what is known of the peer's share; of the rest an unknown part has left. */
  private String known() {
    String some = progress.isEmpty() ? "" : ", " + progress + " of these passed on by the module";
    return " (" + confirmed + " bytes confirmed before" + some + ")";
  }
}
