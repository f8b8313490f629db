package io.espat.tls;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Closes a socket when a job on it takes too long. A read can be limited by SO_TIMEOUT, a write to
 * a peer that does not read cannot.
 */
final class Watchdog implements AutoCloseable {
  private enum State {
    WATCHING,
    CALLED_OFF,
    FIRED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WATCHING);
  private final CountDownLatch calledOff = new CountDownLatch(1);

  private Watchdog() {}

  static Watchdog over(Socket socket, Duration limit, String job) {
    Watchdog dog = new Watchdog();
    Thread thread = new Thread(() -> dog.watch(socket, limit), "espat-tls-" + job);
    thread.setDaemon(true);
    thread.start();
    return dog;
  }

  /** Whether the limit was reached and the socket closed for it. */
  boolean fired() {
    return state.get() == State.FIRED;
  }

  /** Ends the watch; from then on {@link #fired()} does not change. */
  @Override
  public void close() {
    state.compareAndSet(State.WATCHING, State.CALLED_OFF);
    calledOff.countDown();
  }

  private void watch(Socket socket, Duration limit) {
    try {
      if (calledOff.await(limit.toNanos(), TimeUnit.NANOSECONDS)) return;
      if (state.compareAndSet(State.WATCHING, State.FIRED)) socket.close();
    } catch (IOException | InterruptedException e) {
      // The thread that works on the socket meets the failure itself.
    }
  }
}
