package io.espat.at;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espat.sim.Fault;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every call that blocks, on a module that says nothing: it ends when it is interrupted or closed.
 */
@Timeout(60)
class CancellationTest {
  /** An interrupted call ends at once, but for a piece that is being written; here with room. */
  private static final Duration INTERRUPTED = Duration.ofSeconds(2);

  /** Closing the module waits 2 s for a turn to say farewell in, and ends every call then. */
  private static final Duration CLOSED = Duration.ofSeconds(4);

  /** What the README allows for closing a module. */
  private static final Duration CLOSING = Duration.ofSeconds(8);

  /** Far beyond what a test waits: nothing here ends because its time has passed. */
  private static final ModuleConfig PATIENT =
      ModuleConfig.builder()
          .openTimeout(Duration.ofMinutes(10))
          .commandTimeout(Duration.ofMinutes(10))
          .connectTimeout(Duration.ofMinutes(10))
          .sendTimeout(Duration.ofMinutes(10))
          .build();

  /** A call that blocks. */
  private interface Action {
    void run(EspAtModule module, Socket open, Socket fresh) throws IOException;
  }

  /** The calls; each but {@code READ} makes the module fall silent by its first command. */
  enum Call {
    COMMAND((module, open, fresh) -> module.command(AtCommand.of("AT"))),
    WIFI((module, open, fresh) -> module.wifi()),
    SCAN((module, open, fresh) -> module.scanWifi()),
    JOIN((module, open, fresh) -> module.joinWifi("net", "passphrase".toCharArray())),
    LEAVE((module, open, fresh) -> module.leaveWifi()),
    RESOLVE((module, open, fresh) -> module.resolve("a.test")),
    PING((module, open, fresh) -> module.ping("127.0.0.1")),
    TIME((module, open, fresh) -> module.networkTime(List.of())),
    CONNECT((module, open, fresh) -> fresh.connect(new InetSocketAddress("127.0.0.1", 9))),
    CONNECT_BY_NAME(
        (module, open, fresh) -> fresh.connect(InetSocketAddress.createUnresolved("a.test", 25))),
    BIND((module, open, fresh) -> module.serverSockets().createServerSocket(0)),
    READ((module, open, fresh) -> open.getInputStream().read()),
    WRITE((module, open, fresh) -> open.getOutputStream().write(new byte[4 << 20])),
    SHUTDOWN(
        (module, open, fresh) -> {
          open.getOutputStream().write(new byte[100]);
          open.shutdownOutput();
        }),
    CLOSE(
        (module, open, fresh) -> {
          open.getOutputStream().write(new byte[100]);
          open.close();
        });

    private final Action action;

    Call(Action action) {
      this.action = action;
    }
  }

  /** A silent module with a call that blocks in a thread of its own. */
  private static final class Blocked implements AutoCloseable {
    final Peers peers = new Peers(socket -> socket.getInputStream().read());
    final SimulatedModule simulated = SimulatedModule.builder().build();
    final EspAtModule module =
        EspAtModule.open(ByteStream.of(simulated.input(), simulated.output()), PATIENT);
    final Socket open = module.sockets().createSocket("127.0.0.1", peers.port());
    final Socket fresh = module.sockets().createSocket();
    final FutureTask<Throwable> outcome;
    final Thread thread;

    Blocked(Call call) throws IOException {
      outcome = new FutureTask<>(() -> catchThrowable(() -> call.action.run(module, open, fresh)));
      thread = new Thread(outcome, "blocked in " + call);
      thread.setDaemon(true);
      simulated.inject(Fault.SILENT);
      thread.start();
      while (call != Call.READ && simulated.faultsHappened() == 0 || !waits()) {
        Thread.onSpinWait();
      }
    }

    private boolean waits() {
      return thread.getState() == Thread.State.WAITING
          || thread.getState() == Thread.State.TIMED_WAITING;
    }

    Throwable within(Duration limit) throws Exception {
      return outcome.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
      long start = System.nanoTime();
      module.close();
      assertThat(System.nanoTime() - start).isLessThan(CLOSING.toNanos());
      simulated.close();
      peers.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptEndsIt(Call call) throws Exception {
    try (Blocked blocked = new Blocked(call)) {
      blocked.thread.interrupt();
      Throwable thrown = blocked.within(INTERRUPTED);
      if (call == Call.SHUTDOWN || call == Call.CLOSE) {
        assertThat(thrown).as("bytes were not sent").isInstanceOf(SocketException.class);
      } else {
        assertThat(thrown).isInstanceOf(InterruptedIOException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingTheModuleEndsIt(Call call) throws Exception {
    try (Blocked blocked = new Blocked(call)) {
      Thread closer = new Thread(blocked.module::close);
      closer.start();
      assertThat(blocked.within(CLOSED)).isInstanceOf(ModuleLostException.class);
      closer.join(CLOSING.toMillis());
      assertThat(closer.isAlive()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CONNECT", "CONNECT_BY_NAME", "READ", "WRITE"})
  void closingTheSocketEndsIt(Call call) throws Exception {
    try (Blocked blocked = new Blocked(call)) {
      boolean connecting = call == Call.CONNECT || call == Call.CONNECT_BY_NAME;
      Thread closer =
          new Thread(
              () -> catchThrowable(() -> (connecting ? blocked.fresh : blocked.open).close()));
      closer.setDaemon(true);
      closer.start();
      assertThat(blocked.within(INTERRUPTED))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void anInterruptEndsAnOpening() throws Exception {
    try (SimulatedModule simulated = SimulatedModule.builder().fault(Fault.SILENT).build()) {
      FutureTask<Throwable> outcome =
          new FutureTask<>(
              () ->
                  catchThrowable(
                      () ->
                          EspAtModule.open(
                              ByteStream.of(simulated.input(), simulated.output()), PATIENT)));
      Thread thread = new Thread(outcome, "opening");
      thread.setDaemon(true);
      thread.start();
      while (simulated.faultsHappened() == 0) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      assertThat(outcome.get(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS))
          .isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void anInterruptedCallLeavesTheModuleToOthers() throws Exception {
    try (SimulatedModule simulated =
            SimulatedModule.builder().fault("at AT+CIPSTAMAC: SILENT for 1s").build();
        EspAtModule module =
            EspAtModule.open(
                ByteStream.of(simulated.input(), simulated.output()), ModuleConfig.defaults())) {
      FutureTask<Throwable> outcome =
          new FutureTask<>(
              () -> catchThrowable(() -> module.command(AtCommand.of("AT+CIPSTAMAC?"))));
      Thread thread = new Thread(outcome, "asking");
      thread.start();
      while (simulated.faultsHappened() == 0) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      assertThat(outcome.get(INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS))
          .isInstanceOf(InterruptedIOException.class);
      assertThat(module.command(AtCommand.of("AT+CIPSTAMAC?")).value("+CIPSTAMAC:")).isPresent();
    }
  }
}
