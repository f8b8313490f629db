package io.espat.interop;

import io.espat.at.ByteStream;
import io.espat.at.EspAtModule;
import io.espat.at.FlowControl;
import io.espat.at.ModuleConfig;
import io.espat.sim.SimulatedModule;
import io.espat.sim.TestAuthority;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsUpgrader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Runs one {@link Scenario} and says what must not be: nothing, if all is well. */
final class SoakRun {
  /** Longer than any call of this configuration may take, by what the engine documents. */
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
  private static final int READ_TIMEOUT = 4000;

  private final Scenario scenario;
  private final @Nullable SSLContext server;
  private final @Nullable TlsUpgrader client;
  private final Queue<Thread> engineThreads = new ConcurrentLinkedQueue<>();
  private final List<String> findings = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();
  private int completed;
  private long faults;

  SoakRun(Scenario scenario, TestAuthority authority, SSLContext server) throws IOException {
    this.scenario = scenario;
    this.server = scenario.secured() ? server : null;
    this.client =
        scenario.secured()
            ? TlsUpgrader.of(
                TlsConfig.builder().systemTrust(false).trust(authority.certificate()).build())
            : null;
  }

  /** How many links carried everything. */
  int completed() {
    return completed;
  }

  /** How many faults happened. */
  long faults() {
    return faults;
  }

  /** What the callers were told, one after the other. */
  List<String> outcomes() {
    return outcomes;
  }

  List<String> findings() throws Exception {
    try (SimulatedModule simulated =
        SimulatedModule.builder()
            .firmware(scenario.firmware())
            .host("peer.test", "127.0.0.1")
            .faults(scenario.plan())
            .build()) {
      with(simulated);
      faults = simulated.faultsHappened();
    }
    for (Thread thread : engineThreads) {
      TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_LIMIT.toMillis());
      if (thread.isAlive()) {
        findings.add("a thread is left: " + thread.getName());
      }
    }
    return findings;
  }

  private void with(SimulatedModule simulated) throws Exception {
    ByteStream wire = ByteStream.of(simulated.input(), simulated.output());
    EspAtModule module;
    try {
      module =
          EspAtModule.open(
              new ChoppedStream(wire, "soak " + scenario.seed(), scenario.chop()), config());
    } catch (IOException e) {
      outcomes.add("not opened: " + e.getMessage());
      return; // told to the caller, which is all that can be asked for
    }
    List<SoakPeer> peers = new ArrayList<>();
    try {
      run(module, peers);
    } finally {
      long start = System.nanoTime();
      module.close();
      if (System.nanoTime() - start > CLOSE_LIMIT.toNanos()) {
        findings.add("closing the module took too long");
      }
      for (SoakPeer peer : peers) {
        peer.close();
      }
    }
  }

  private ModuleConfig config() {
    return ModuleConfig.builder()
        .flow(FlowControl.RTS_CTS)
        .receive(scenario.receive())
        .openTimeout(Duration.ofSeconds(3))
        .commandTimeout(Duration.ofMillis(700))
        .connectTimeout(Duration.ofSeconds(2))
        .sendTimeout(Duration.ofMillis(1200))
        .threadFactory(this::thread)
        .build();
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    engineThreads.add(thread);
    return thread;
  }

  private void run(EspAtModule module, List<SoakPeer> peers) throws Exception {
    List<Caller> callers = new ArrayList<>();
    for (Scenario.Traffic traffic : scenario.links()) {
      SoakPeer peer = new SoakPeer(traffic, server);
      peers.add(peer);
      callers.add(
          new Caller(new SoakLink(traffic, module.sockets(), client, peer.port(), READ_TIMEOUT)));
    }
    long end = System.nanoTime() + LIMIT.toNanos();
    for (Caller caller : callers) {
      judge(caller, end);
    }
    for (SoakPeer peer : peers) {
      String wrong = peer.wrong();
      if (wrong != null) {
        findings.add(wrong);
      }
    }
  }

  private void judge(Caller caller, long end) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedJoin(caller.thread, Math.max(1, end - System.nanoTime()));
    Throwable failure = caller.failure;
    outcomes.add(failure == null ? "complete" : failure.toString());
    if (caller.thread.isAlive()) {
      StringBuilder where = new StringBuilder("a caller hangs:");
      for (StackTraceElement element : caller.thread.getStackTrace()) {
        where.append("\n      ").append(element);
      }
      findings.add(where.toString());
    } else if (failure == null) {
      completed++;
    } else if (failure instanceof SoakLink.EarlyEnd && !scenario.mayEndEarly()
        || !(failure instanceof IOException)) {
      findings.add(failure.toString());
    }
  }

  /** One caller with its thread and what it was told. */
  private static final class Caller {
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    Caller(SoakLink link) {
      thread =
          new Thread(
              () -> {
                try {
                  link.run();
                } catch (IOException | RuntimeException | Error e) {
                  failure = e;
                }
              },
              "soak caller");
      thread.setDaemon(true);
      thread.start();
    }
  }
}
