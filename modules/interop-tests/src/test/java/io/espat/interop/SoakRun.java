package io.espat.interop;

import io.espat.at.ByteStream;
import io.espat.at.EspAtModule;
import io.espat.at.FlowControl;
import io.espat.at.ModuleConfig;
import io.espat.at.Recovery;
import io.espat.interop.Scenario.Meddling;
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
  private static final Recovery REOPEN =
      new Recovery(4, Duration.ofSeconds(20), Duration.ofMillis(50));
  private static final Duration HANDSHAKE = Duration.ofSeconds(6);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final Scenario scenario;
  private final @Nullable SSLContext server;
  private final @Nullable TlsUpgrader client;
  private final Queue<Thread> engineThreads = new ConcurrentLinkedQueue<>();
  private final List<String> findings = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();
  private volatile @Nullable EspAtModule module;
  private volatile List<SoakCaller> callers = List.of();
  private volatile boolean meddled;
  private int completed;
  private long faults;

  SoakRun(Scenario scenario, TestAuthority authority, SSLContext server) throws IOException {
    this.scenario = scenario;
    this.server = scenario.secured() ? server : null;
    this.client =
        scenario.secured()
            ? TlsUpgrader.of(
                TlsConfig.builder()
                    .systemTrust(false)
                    .trust(authority.certificate())
                    .handshakeTimeout(HANDSHAKE)
                    .build())
            : null;
  }

  /** How many connections carried everything. */
  int completed() {
    return completed;
  }

  /** How many faults happened. */
  long faults() {
    return faults;
  }

  /** Whether a thread has meddled. */
  boolean meddled() {
    return meddled;
  }

  /** What the callers were told, one after the other. */
  List<String> outcomes() {
    return outcomes;
  }

  List<String> findings() throws Exception {
    try (SimulatedModule simulated = simulated()) {
      with(simulated);
      faults = simulated.faultsHappened();
    }
    for (Thread thread : engineThreads) {
      TimeUnit.MILLISECONDS.timedJoin(thread, CLOSE_LIMIT.toMillis());
      if (thread.isAlive()) {
        findings.add("a thread is left: " + thread.getName());
      }
    }
    boolean lossless = scenario.wire().baud() == 0 || scenario.wire().wired();
    boolean failed = outcomes.stream().anyMatch(outcome -> !outcome.equals(SoakCaller.COMPLETE));
    if (faults == 0 && !meddled && lossless && failed) {
      findings.add("nothing happened, and yet: " + outcomes);
    }
    return findings;
  }

  private SimulatedModule simulated() throws IOException {
    SimulatedModule.Builder builder =
        SimulatedModule.builder()
            .firmware(scenario.firmware())
            .host("peer.test", "127.0.0.1")
            .faults(scenario.plan());
    if (scenario.wire().model() != null) {
      builder.line(scenario.wire().model());
    }
    if (Boolean.getBoolean("espat.soak.transcript")) {
      builder.transcript(System.err::println);
    }
    return builder.build();
  }

  private ByteStream wire(SimulatedModule simulated) {
    ByteStream wire = ByteStream.of(simulated.input(), simulated.output());
    String name = "soak " + scenario.seed();
    long trip = scenario.meddling().atByte();
    int chop = scenario.wire().chop();
    return scenario.wire().baud() == 0
        ? new ChoppedStream(wire, name, chop, trip, this::meddle)
        : new SoakLine(wire, simulated.hostLine(), name, chop, trip, this::meddle);
  }

  private void with(SimulatedModule simulated) throws Exception {
    EspAtModule opened;
    try {
      opened = EspAtModule.open(wire(simulated), config());
    } catch (IOException e) {
      outcomes.add("not opened: " + e);
      return; // told to the caller, which is all that can be asked for
    }
    module = opened;
    List<SoakPeer> peers = new ArrayList<>();
    try {
      run(opened, peers);
    } finally {
      long start = System.nanoTime();
      opened.close();
      if (System.nanoTime() - start > CLOSE_LIMIT.toNanos()) {
        findings.add("closing the module took too long");
      }
      for (SoakPeer peer : peers) {
        peer.close();
      }
    }
  }

  private ModuleConfig config() {
    boolean wired = scenario.wire().wired();
    ModuleConfig.Builder config =
        ModuleConfig.builder()
            .flow(wired ? FlowControl.RTS_CTS : FlowControl.AUTO)
            .receive(scenario.receive())
            .recovery(scenario.reopens() ? REOPEN : Recovery.NONE)
            .openTimeout(Duration.ofSeconds(3))
            .commandTimeout(Duration.ofMillis(700))
            .connectTimeout(Duration.ofSeconds(2))
            .sendTimeout(Duration.ofMillis(1200))
            .threadFactory(this::thread);
    if (scenario.wire().baud() > 0) {
      config.baud(scenario.wire().baud());
    }
    return config.build();
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    engineThreads.add(thread);
    return thread;
  }

  private void run(EspAtModule opened, List<SoakPeer> peers) throws Exception {
    List<SoakCaller> made = new ArrayList<>();
    for (List<Scenario.Traffic> traffic : scenario.callers()) {
      List<SoakLink> links = new ArrayList<>();
      for (Scenario.Traffic one : traffic) {
        SoakPeer peer = new SoakPeer(one, server);
        peers.add(peer);
        links.add(new SoakLink(one, opened.sockets(), client, peer, scenario.mayBeCutInAFrame()));
      }
      made.add(new SoakCaller(links));
    }
    callers = List.copyOf(made);
    made.forEach(SoakCaller::start);
    for (SoakCaller caller : made) {
      caller.await();
      outcomes.addAll(caller.outcomes());
      completed += (int) caller.outcomes().stream().filter(SoakCaller.COMPLETE::equals).count();
      findings.addAll(caller.findings(scenario));
    }
  }

  /** Another thread than the one that moves the bytes, as any thread may close. */
  private void meddle() {
    if (scenario.meddling().what() != Meddling.What.NOTHING) {
      Thread thread = new Thread(this::meddleNow, "soak meddler");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void meddleNow() {
    EspAtModule opened = module;
    if (opened == null || callers.isEmpty()) {
      return; // still being opened
    }
    meddled = true;
    SoakCaller caller = callers.get(scenario.meddling().caller());
    switch (scenario.meddling().what()) {
      case CLOSE_SOCKET -> caller.closeSocket();
      case INTERRUPT -> caller.interrupt();
      default -> opened.close();
    }
  }
}
