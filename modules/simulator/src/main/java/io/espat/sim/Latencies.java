package io.espat.sim;

/** How long the module takes from what it has heard to what it says; loop thread only. */
final class Latencies {
  private final EventLoop loop;
  private final long command;
  private final long verdict;

  Latencies(EventLoop loop, LineModel line) {
    this.loop = loop;
    command = line.commandLatency().toNanos();
    verdict = line.verdictLatency().toNanos();
  }

  /** Runs what a command does, whose last byte has arrived now. */
  void command(Runnable action) {
    later(loop.now(), command, action);
  }

  /** Runs what speaks the verdict on a payload, and returns what takes it back. */
  Runnable verdict(long payloadArrived, Runnable action) {
    return later(payloadArrived, verdict, action);
  }

  private Runnable later(long since, long delay, Runnable action) {
    if (delay == 0) {
      action.run();
      return () -> {};
    }
    return loop.notBefore(since + delay, action);
  }
}
