package io.espat.cli;

import io.espat.at.ByteStream;
import io.espat.at.EspAtModule;
import io.espat.at.ModuleConfig;
import io.espat.at.ModuleStatistics;
import io.espat.sim.SimulatedModule;
import io.espat.tls.TlsConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demonstration: servers, a simulated module, a watched serial wire between it and espat, and
 * the proofs.
 *
 * <p>Nothing in it is a rehearsal: module, mail client and file client are those of {@code send}
 * and {@code upload}; they know only a byte stream.
 */
final class Demo implements AutoCloseable {
  private final Run run;
  private final DemoText text;
  private final DemoSecrets secrets = DemoSecrets.random();
  private final Path folder;
  private final Path remote;
  private final DemoServers servers;
  private final SimulatedModule simulated;
  private final WatchedWire wire;

  Demo(Run run) throws IOException {
    this.run = run;
    this.text = new DemoText(run.output());
    this.folder = Files.createTempDirectory("espat-demo-");
    this.remote = Files.createDirectory(folder.resolve("server"));
    this.servers = run.hold(new DemoServers(remote, secrets.password()));
    this.simulated = run.hold(simulatedModule());
    this.wire =
        new WatchedWire(ByteStream.of(simulated.input(), simulated.output()), secrets.watched());
  }

  private static SimulatedModule simulatedModule() throws IOException {
    InetAddress loopback = Inet4Address.getByAddress(new byte[] {127, 0, 0, 1});
    return SimulatedModule.builder()
        .host(DemoServers.MAIL_HOST, loopback)
        .host(DemoServers.FILES_HOST, loopback)
        .build();
  }

  void perform() throws IOException, FailureException {
    text.opening(servers);
    DemoTell tell = new DemoTell(text, run);
    text.chapter("the module");
    run.scene().doing("opening the simulated module");
    ModuleConfig config = ModuleConfig.builder().listener(tell.module()).build();
    long start = System.nanoTime();
    try (EspAtModule module = run.hold(EspAtModule.open(wire, config))) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      text.stage(
          "OPEN",
          took,
          module.info().chip() + ", AT " + module.info().atVersion() + ", on its Wi-Fi");
      new DemoMail(run, text, servers, secrets).send(module.sockets(), trust(), tell.mail());
      new DemoFile(run, text, servers, secrets, folder)
          .move(module.sockets(), trust(), tell.files());
      proveTheWire(module.statistics());
    }
    text.closing(run.timing().total());
  }

  private TlsConfig trust() throws IOException {
    return TlsConfig.builder()
        .systemTrust(false)
        .trust(servers.authority().certificate())
        .handshakeTimeout(Duration.ofSeconds(20))
        .build();
  }

  private void proveTheWire(ModuleStatistics statistics) throws FailureException {
    text.chapter("the serial wire, both directions, in clear, base64 and hex");
    text.line(
        "crossed",
        statistics.commands()
            + " AT commands, "
            + Amount.bytes(statistics.bytesSent())
            + " to the module, "
            + Amount.bytes(statistics.bytesReceived())
            + " from it");
    long control = wire.found(secrets.control());
    text.check(
        "EHLO name",
        "seen " + times(control) + ": sent in clear, so the search works",
        control == 1);
    absent("mail marker", secrets.mailMarker());
    absent("file marker", secrets.fileMarker());
    absent("password", secrets.password());
    demand(control == 1, "the control text was seen " + times(control) + ", not once");
  }

  private void absent(String name, String secret) throws FailureException {
    long found = wire.found(secret);
    text.check(name, found == 0 ? "never" : "seen " + times(found), found == 0);
    demand(found == 0, "the " + name + " crossed the serial wire in clear");
  }

  private static String times(long count) {
    return count == 1 ? "once" : count + " times";
  }

  /** Every claim of the demonstration is checked here or it is not made. */
  static void demand(boolean condition, String otherwise) throws FailureException {
    if (!condition) throw new FailureException(Failure.of(ErrorId.DEMO_MISMATCH, otherwise));
  }

  @Override
  public void close() throws IOException {
    simulated.close();
    servers.close();
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) Files.deleteIfExists(each);
  }
}
