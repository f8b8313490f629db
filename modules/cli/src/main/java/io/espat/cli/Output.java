package io.espat.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Everything the command says: results on standard output, everything else on standard error.
 *
 * <p>Safe for use by several threads: listeners of the module report from their own.
 */
final class Output implements Progress.Sink {
  private final Surroundings surroundings;
  private final OutputOptions options;
  private final boolean json;
  private final Style outStyle;
  private final Style errStyle;
  private final ReentrantLock lock = new ReentrantLock();
  private int barLength; // Guarded by lock.

  Output(Surroundings surroundings, OutputOptions options, boolean json) {
    this.surroundings = surroundings;
    this.options = options;
    this.json = json;
    this.outStyle =
        Style.of(options.color(), surroundings.outputIsTerminal(), surroundings.environment());
    this.errStyle =
        Style.of(options.color(), surroundings.errorIsTerminal(), surroundings.environment());
  }

  boolean json() {
    return json;
  }

  int verbosity() {
    return options.verbosity();
  }

  /** The colours of standard output. */
  Style style() {
    return outStyle;
  }

  /** Prints what was asked for, such as a listing. */
  void data(String line) {
    print(surroundings.out(), line);
  }

  /** Asks a person for a line, on standard error: the answers may go to a file. */
  void prompt(String text) {
    if (options.quiet()) return;
    surroundings.err().print(text);
    surroundings.err().flush();
  }

  /** Prints what was asked for, to a person or a shell; with {@code --json} the document has it. */
  void answer(String line) {
    if (!json) print(surroundings.out(), line);
  }

  /** Prints how it went, for a person: not with {@code --json} nor {@code -q}. */
  void result(String line) {
    if (!json && !options.quiet()) print(surroundings.out(), line);
  }

  /** Prints how it went, for a program; once in a run. */
  void result(Json document) {
    if (json) print(surroundings.out(), document.toString());
  }

  void warn(String text) {
    print(surroundings.err(), "espat: " + errStyle.strong("warning") + ": " + text);
  }

  /** Says what is going on, unless {@code -q} forbids it. */
  void note(String text) {
    if (!options.quiet()) print(surroundings.err(), text);
  }

  /** One stage done, with {@code -v}. */
  void stage(String name, Duration took, String detail) {
    if (options.verbosity() < 1) return;
    String line = String.format("== %-14s %8s  %s", name, Amount.time(took), Escape.line(detail));
    print(surroundings.err(), line.stripTrailing());
  }

  /** One line of a dialogue, with {@code -vv}; already free of secrets. */
  void dialogue(String marker, String line) {
    if (options.verbosity() < 2) return;
    print(surroundings.err(), errStyle.faint(marker) + " " + Escape.line(line.stripTrailing()));
  }

  void failure(Failure failure, Throwable cause) {
    String text = FailureText.of(failure);
    String head = "espat: " + Escape.line(failure.what());
    print(surroundings.err(), errStyle.bad(head) + text.substring(head.length()).stripTrailing());
    if (options.verbosity() >= 2) trace(cause);
  }

  /** Frames and messages only; the messages are escaped, as they may hold a server's words. */
  private void trace(Throwable cause) {
    String before = "** ";
    for (Throwable each : Causes.of(cause)) {
      print(surroundings.err(), before + Escape.line(each.toString()));
      for (StackTraceElement frame : each.getStackTrace()) {
        print(surroundings.err(), "**    at " + frame);
      }
      before = "** caused by ";
    }
  }

  /** A progress in the form that the options and the terminal ask for. */
  Progress progress(String name, long baud, ProgressOptions.Form form) {
    boolean terminal = surroundings.errorIsTerminal();
    boolean bar =
        form == ProgressOptions.Form.BAR || (form == ProgressOptions.Form.AUTO && terminal);
    boolean silent = form == ProgressOptions.Form.NONE || options.quiet();
    return new Progress(name, baud, bar, System::nanoTime, silent ? SILENCE : this);
  }

  @Override
  public void bar(String line) {
    lock.lock();
    try {
      String padding = " ".repeat(Math.max(0, barLength - line.length()));
      surroundings.err().print("\r" + line + padding);
      surroundings.err().flush();
      barLength = line.length();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void line(String line) {
    print(surroundings.err(), line);
  }

  private void print(PrintStream stream, String line) {
    lock.lock();
    try {
      if (barLength > 0) {
        surroundings.err().print("\r" + " ".repeat(barLength) + "\r");
        surroundings.err().flush();
        barLength = 0;
      }
      stream.println(line);
      stream.flush();
    } finally {
      lock.unlock();
    }
  }

  private static final Progress.Sink SILENCE =
      new Progress.Sink() {
        @Override
        public void bar(String line) {}

        @Override
        public void line(String line) {}
      };
}
