package io.espat.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in a thread of its own, so that nothing in it can hold the command beyond its time.
 *
 * <p>When the time is over the work is stopped by closing what it holds. Work that even then does
 * not end within five seconds is left to its daemon thread.
 */
final class TimeLimit {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private TimeLimit() {}

  /** Thrown when the time was over before the work was done. */
  static final class Exceeded extends Exception {
    private static final long serialVersionUID = 1L;

    Exceeded(Duration limit, @Nullable Throwable end) {
      super("not done within " + Amount.time(limit), end);
    }
  }

  static <T> T run(Callable<T> work, @Nullable Duration limit, Runnable stop)
      throws Exceeded, ExecutionException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "espat-command");
    thread.setDaemon(true);
    thread.start();
    if (limit == null) return task.get();
    try {
      return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      Thread stopper = new Thread(stop, "espat-stop");
      stopper.setDaemon(true);
      stopper.start();
      return late(task, limit);
    }
  }

  /** What was done all the same while it was being stopped, such as an accepted mail, counts. */
  private static <T> T late(FutureTask<T> task, Duration limit)
      throws Exceeded, InterruptedException {
    try {
      return task.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new Exceeded(limit, null);
    } catch (ExecutionException e) {
      throw new Exceeded(limit, e.getCause());
    }
  }
}
