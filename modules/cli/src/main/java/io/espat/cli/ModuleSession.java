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
  private final long start = System.nanoTime();

  private ModuleSession(EspAtModule module, int lineRate) {
    this.module = module;
    this.lineRate = lineRate;
  }

  /** Opens the module; {@code addresses} carry the names that it is not asked about. */
  static ModuleSession open(
      Run run, DeviceOptions options, TimeOptions times, List<InetAddress> addresses)
      throws IOException, FailureException {
    var environment = run.surroundings().environment();
    String device = options.device(environment);
    run.scene().doing("opening the module " + Escape.line(device));
    ModuleConfig.Builder config = options.config(environment, times).listener(new Teller(run));
    for (InetAddress each : addresses) config.address(each.getHostName(), each);
    EspAtModule module = run.hold(EspAtModule.open(config.build()));
    return new ModuleSession(module, options.isSerial(environment) ? module.line().baud() : 0);
  }

  EspAtModule module() {
    return module;
  }

  /** The links of the module, once it is known to be in a network. */
  SocketFactory sockets(Run run) throws IOException, FailureException {
    run.scene().doing("asking the module for its network");
    WifiState wifi = module.wifi();
    if (!wifi.joined()) {
      throw new FailureException(Failure.of(ErrorId.WIFI_ABSENT, "the module says so"));
    }
    run.scene().doing("connecting to " + run.scene().peer());
    return module.sockets();
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
    module.close();
  }

  /** Passes on what the module does. */
  private record Teller(Run run) implements ModuleListener {
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
      run.output().dialogue("**", Causes.words(cause));
    }
  }
}
