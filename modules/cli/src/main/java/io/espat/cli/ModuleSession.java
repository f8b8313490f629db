package io.espat.cli;

import io.espat.at.EspAtModule;
import io.espat.at.ModuleConfig;
import io.espat.at.ModuleListener;
import io.espat.at.ModuleLostException;
import io.espat.at.ModuleStatistics;
import io.espat.at.WifiState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import javax.net.SocketFactory;

/** The module for the time of one command. */
final class ModuleSession implements AutoCloseable {
  private final EspAtModule module;
  private final int lineRate;
  private final Teller teller;
  private final long start = System.nanoTime();

  private ModuleSession(EspAtModule module, int lineRate, Teller teller) {
    this.module = module;
    this.teller = teller;
    this.lineRate = lineRate;
  }

  /** Opens the module; {@code addresses} carry the names that it is not asked about. */
  static ModuleSession open(
      Run run, DeviceOptions options, TimeOptions times, List<InetAddress> addresses)
      throws IOException, FailureException {
    var environment = run.surroundings().environment();
    String device = options.device(environment);
    run.scene().doing("opening the module " + Escape.line(device));
    Teller teller = new Teller(run);
    ModuleConfig.Builder config = options.config(environment, times).listener(teller);
    for (InetAddress each : addresses) config.address(each.getHostName(), each);
    EspAtModule module = run.hold(EspAtModule.open(config.build()));
    if (options.raisesSpeed() && module.line().baud() == 0) {
      run.output()
          .warn("--switch-baud changes nothing: " + Escape.line(device) + " has no speed to set");
    }
    return new ModuleSession(
        module, options.isSerial(environment) ? module.line().baud() : 0, teller);
  }

  EspAtModule module() {
    return module;
  }

  /** The links of the module, once it is known to be in a network. */
  SocketFactory sockets(Run run) throws IOException, FailureException {
    requireNetwork(run);
    run.scene().doing("connecting to " + run.scene().peer());
    return module.sockets();
  }

  /** Nobody waits for servers that the module cannot reach. */
  void requireNetwork(Run run) throws IOException, FailureException {
    run.scene().doing("asking the module for its network");
    WifiState wifi = module.wifi();
    if (!wifi.joined()) {
      throw new FailureException(Failure.of(ErrorId.WIFI_ABSENT, "the module says so"));
    }
  }

  /** The speed of the serial line, 0 when it is not known. */
  int lineRate() {
    return lineRate;
  }

  Json uart() {
    ModuleStatistics statistics = module.statistics();
    return new Json()
        .put("baud", lineRate > 0 ? lineRate : null)
        .put("tx", statistics.bytesSent())
        .put("rx", statistics.bytesReceived())
        .put("commands", statistics.commands())
        .put("utilisation", lineRate > 0 ? utilisation(statistics) : null);
  }

  /** The share of the busier direction: 10 bits on the line for each byte. */
  private double utilisation(ModuleStatistics statistics) {
    long busier = Math.max(statistics.bytesSent(), statistics.bytesReceived());
    double seconds = Math.max(1, System.nanoTime() - start) / 1e9;
    return Math.round(busier * 1000.0 / lineRate / seconds) / 100.0;
  }

  @Override
  public void close() {
    teller.closing = true;
    module.close();
  }

  /** Passes on what the module does. */
  private static final class Teller implements ModuleListener {
    private final Run run;
    private volatile boolean closing;

    Teller(Run run) {
      this.run = run;
    }

    @Override
    public void stage(String name, Duration took) {
      run.stage(name, took, "");
    }

    @Override
    public void exchanged(String redactedCommand, String outcome, Duration took) {
      run.output().dialogue("*>", redactedCommand);
      run.output().dialogue("<*", outcome + "  " + Amount.time(took));
    }

    @Override
    public void opened(int link, InetSocketAddress peer) {
      InetAddress address = peer.getAddress();
      if (address != null) run.scene().address(address.getHostAddress());
      run.output().dialogue("==", "link " + link + " to " + peer);
    }

    @Override
    public void lost(ModuleLostException cause) {
      if (!closing) run.output().dialogue("**", Causes.words(cause));
    }
  }
}
