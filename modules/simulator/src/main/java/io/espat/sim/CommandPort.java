package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The input side of the firmware: what a chunk from the host means depends on what the module is
 * doing; loop thread only.
 */
final class CommandPort {
  private enum State {
    COMMAND,
    EXECUTING,
    INTAKE,
    RESTARTING
  }

  private static final byte[] FORCED_RESTART = "AT+RST\r\n".getBytes(US_ASCII);
  private static final int CHUNKS_A_ROUND = 32;

  private final Uart uart;
  private final Transcript transcript;
  private final Memory memory;
  private final CommandTable commands;
  private final Firmware firmware;
  private final Faults faults;
  private final LineBuffer line = new LineBuffer();
  private State state = State.COMMAND;
  private long execution; // which command runs, so that a late answer of a cut-off one is dropped
  private @Nullable Intake intake; // in state INTAKE
  private Runnable restart = () -> {};
  private @Nullable Latencies latencies; // none: at once
  private Runnable notice = () -> {};
  private @Nullable Runnable begun; // runs once the input at hand is taken

  CommandPort(
      Uart uart, Transcript transcript, Memory memory, CommandTable commands, Faults faults) {
    this.uart = uart;
    this.transcript = transcript;
    this.memory = memory;
    this.commands = commands;
    firmware = commands.firmware();
    this.faults = faults;
  }

  /** What the chunk {@code AT+RST} does while another command runs. */
  void onForcedRestart(Runnable action) {
    restart = action;
  }

  /** How long the module takes. */
  void latencies(Latencies taken) {
    latencies = taken;
  }

  /** What the module sleeps for, as {@link Pacing} has it. */
  int expects() {
    Intake current = intake;
    if (current != null) {
      return current.complete() ? Pacing.CHUNKS : current.wants();
    }
    if (state != State.COMMAND) {
      return Pacing.CHUNKS;
    }
    return memory.settings().echo ? Pacing.ECHOED_LINE : Pacing.LINE;
  }

  /** What stands inside a reply where a fault says so. */
  void onNotice(Runnable action) {
    notice = action;
  }

  /** Whether input is taken now; payload is, even while the host does not read. */
  boolean takes() {
    Intake current = intake;
    return current == null ? uart.hasRoom() : current.takes();
  }

  /**
   * Takes some chunks and says whether more may wait.
   *
   * <p>What is already there behind a command or a payload was sent without waiting for the answer:
   * the firmware meets it while it executes or sends, so both begin only after it was taken.
   */
  boolean takeInput() {
    Intake current = intake;
    if (current != null) {
      current.look();
    }
    boolean more = takeChunks();
    Runnable next = begun;
    begun = null;
    if (next != null) {
      next.run();
    }
    return more || begun != null;
  }

  private boolean takeChunks() {
    for (int i = 0; i < CHUNKS_A_ROUND; i++) {
      if (!takes()) {
        return false;
      }
      byte[] chunk = uart.poll();
      if (chunk == null) {
        return false;
      }
      accept(chunk);
    }
    return true;
  }

  private void accept(byte[] chunk) {
    switch (state) {
      case COMMAND -> command(chunk);
      case EXECUTING -> whileExecuting(chunk);
      case INTAKE -> payload(chunk);
      case RESTARTING -> transcript.dropped(chunk.length);
    }
  }

  private void command(byte[] chunk) {
    if (hasNul(chunk)) {
      transcript.dropped(chunk.length + line.length());
      line.clear();
      return;
    }
    int offset = 0;
    while (offset < chunk.length) {
      int next = line.take(chunk, offset);
      boolean echoed = memory.settings().echo;
      if (echoed) {
        echo(Arrays.copyOfRange(chunk, offset, next < 0 ? chunk.length : next));
      }
      if (next < 0) {
        return;
      }
      note(echoed);
      if (dispatch(chunk.length - next)) {
        return; // the command ran; what followed it in this chunk was met by "busy p..."
      }
      offset = next;
    }
  }

  private void echo(byte[] bytes) {
    if (firmware.has(Trait.ECHO_DOUBLES_CR)) {
      String text = new String(bytes, ISO_8859_1);
      uart.echo(text.replace("\r", "\r\r").getBytes(ISO_8859_1));
    } else {
      uart.echo(bytes);
    }
  }

  private static boolean hasNul(byte[] chunk) {
    for (byte one : chunk) {
      if (one == 0) {
        return true;
      }
    }
    return false;
  }

  private void note(boolean echoed) {
    if (line.overlong()) {
      transcript.dropped(line.length());
    } else {
      transcript.command(line.bytes(), echoed);
    }
  }

  /** Runs the gathered line and says whether it was one that could be run. */
  private boolean dispatch(int following) {
    CommandTable.Handler handler;
    CommandLine parsed;
    try {
      if (line.overlong()) {
        throw Refusal.code(Refusal.NOT_AT);
      }
      parsed = CommandLine.parse(line.line());
      handler = commands.find(parsed);
    } catch (Refusal refusal) {
      refuse(refusal);
      return false;
    } finally {
      line.clear();
    }
    return begin(parsed, handler, following);
  }

  private boolean begin(CommandLine parsed, CommandTable.Handler handler, int following) {
    faults.command(parsed.name());
    if (faults.silences()) {
      return true;
    }
    boolean lost = faults.strike(Fault.BUSY) != null;
    if (lost || faults.strike(Fault.BUSY_EXECUTED) != null) {
      busy();
    }
    if (lost) {
      return true;
    }
    if (faults.strike(Fault.ERROR) != null) {
      refuse(Refusal.plain());
      return false;
    }
    state = State.EXECUTING;
    execution++;
    if (following > 0) {
      transcript.dropped(following);
      busy();
    }
    Arguments arguments = parsed.arguments();
    begun = () -> executeLater(guard(() -> execute(handler, arguments)));
    return true;
  }

  private void executeLater(Runnable command) {
    if (latencies == null) {
      command.run();
    } else {
      latencies.command(command);
    }
  }

  private void execute(CommandTable.Handler handler, Arguments arguments) {
    try {
      handler.action().run(arguments);
      if (!handler.later()) {
        done();
      }
    } catch (Refusal refusal) {
      refuse(refusal);
    }
  }

  private void whileExecuting(byte[] chunk) {
    if (Arrays.equals(chunk, FORCED_RESTART)) {
      transcript.command(chunk, false);
      uart.say("\r\nWill force to restart!!!\r\n");
      restart.run();
      return;
    }
    transcript.dropped(chunk.length);
    busy();
  }

  /** Says that what came was lost. */
  void busy() {
    uart.say(busyWord());
  }

  String busyWord() {
    return (memory.settings().errorCodes ? "ERR CODE:0x010b0000\r\n" : "") + "\r\nbusy p...\r\n";
  }

  /** Ends the running command, or its intake, with OK. */
  void done() {
    endReply();
    uart.say("\r\nOK\r\n");
  }

  /** Ends the running command, or its intake, with ERROR. */
  void refuse(Refusal refusal) {
    endReply();
    String why = refusal.explanation(firmware, memory.settings().errorCodes);
    uart.say(why + "\r\nERROR\r\n");
  }

  /** Wraps what a running command does later: nothing, once that command was cut off. */
  Runnable guard(Runnable action) {
    long mine = execution;
    return () -> {
      if (state == State.EXECUTING && execution == mine) {
        action.run();
      }
    };
  }

  /** As {@link #guard(Runnable)}, for an action that is handed an answer. */
  <T extends @Nullable Object> Consumer<T> guard(Consumer<T> action) {
    long mine = execution;
    return answer -> {
      if (state == State.EXECUTING && execution == mine) {
        action.accept(answer);
      }
    };
  }

  private void endReply() {
    if (faults.strike(Fault.NOTICE_INSIDE_REPLY) != null) {
      notice.run();
    }
    release();
  }

  /** Prompts for what follows the running command; its chunks go to the intake until it ends. */
  void prompt(Intake next) {
    if (!faults.stalls(Fault.STALL_BEFORE_PROMPT, guard(() -> promptNow(next)))) {
      promptNow(next);
    }
  }

  private void promptNow(Intake next) {
    if (firmware.has(Trait.SPLIT_PROMPT)) {
      uart.say("\r\nOK\r\n");
      begun = () -> open(next, "\r\n>"); // a round later: other messages fit between
    } else {
      open(next, firmware.has(Trait.SPACED_PROMPT) ? "\r\nOK\r\n> " : "\r\nOK\r\n\r\n>");
    }
  }

  private void open(Intake next, String prompt) {
    enter(next, prompt);
    faults.restarts(Fault.RESTART_AFTER_PROMPT);
  }

  /** As {@link #prompt}, without a command before it. */
  void enter(Intake next) {
    enter(next, "\r\n>");
  }

  private void enter(Intake next, String prompt) {
    intake = next;
    state = State.INTAKE;
    uart.say(prompt);
  }

  /** Whether no command runs and nothing is prompted for. */
  boolean idle() {
    return state == State.COMMAND;
  }

  private void payload(byte[] chunk) {
    Intake current = intake;
    if (current == null) {
      throw new IllegalStateException("no intake behind the prompt");
    }
    if (current.complete()) {
      transcript.dropped(chunk.length);
      if (firmware.has(Trait.BUSY_SENDING) && uart.hasRoom()) {
        uart.say("busy s...\r\n");
      }
    } else if (faults.restarts(Fault.RESTART_IN_PAYLOAD)) {
      transcript.dropped(chunk.length);
    } else if (current.cancels() && faults.strike(Fault.SEND_CANCELED) != null) {
      current.cancel();
      accept(chunk);
    } else {
      transcript.payload(chunk, current.secret());
      current.take(chunk);
    }
  }

  /** Runs an action of the intake once the input at hand is taken. */
  void later(Runnable action) {
    begun = action;
  }

  /** Speaks the verdict on a payload that had arrived then; returns what takes that back. */
  Runnable verdictOn(long payloadArrived, Runnable speak) {
    if (latencies == null) {
      speak.run();
      return () -> {};
    }
    return latencies.verdict(payloadArrived, speak);
  }

  /** Ends the intake with its final word, which may be none. */
  void verdict(String word) {
    Intake current = intake;
    boolean stalls =
        (word.startsWith("\r\nSEND OK") || word.startsWith("\r\nSEND FAIL"))
            && faults.stalls(
                Fault.STALL_BEFORE_VERDICT,
                () -> {
                  if (intake == current) {
                    speak(word);
                  }
                });
    if (!stalls) {
      speak(word);
    }
  }

  private void speak(String word) {
    release();
    if (!word.isEmpty()) {
      uart.say(word);
    }
  }

  private void release() {
    intake = null;
    state = State.COMMAND;
    faults.ended();
  }

  /** The links are gone: a send that waits for one fails. */
  void networkLost() {
    Intake current = sending();
    if (current != null) {
      current.proceed();
    }
  }

  /** Loses what the host writes, without a word. */
  void loseInput() {
    byte[] chunk;
    while ((chunk = uart.poll()) != null) {
      transcript.dropped(chunk.length);
    }
  }

  /** The intake whose send holds the socket lock: until that ends no link is read. */
  @Nullable Intake sending() {
    Intake current = intake;
    return current != null && current.holds() != null ? current : null;
  }

  /** Stops taking input until {@link #ready}. */
  void restarting() {
    state = State.RESTARTING;
    execution++;
    begun = null;
    Intake current = intake;
    intake = null;
    if (current != null) {
      current.abandon();
    }
    line.clear();
  }

  void ready() {
    state = State.COMMAND;
  }
}
