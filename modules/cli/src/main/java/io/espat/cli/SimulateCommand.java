package io.espat.cli;

import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code espat simulate}: a simulated module on a TCP port, until interrupted. */
@Command(
    name = "simulate",
    description = "Run a simulated module on a TCP port until interrupted.",
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat simulate --listen 127.0.0.1:3333 --host mail.test=127.0.0.1",
      "  espat simulate --firmware esp32-2.1 --baud 921600",
      "  espat simulate --fault LOST_BYTE@0.0001 --fault 'after 5s: WIFI_DROP' --seed 7 -v",
      "  espat simulate --allow-network -v"
    })
final class SimulateCommand implements Action {
  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final Pattern LISTEN =
      Pattern.compile(
          "(?:(?:\\[([0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)]|("
              + OCTET
              + "(?:\\."
              + OCTET
              + "){3}|localhost))?:)?(\\d{1,5})");

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      description = "Where the module's serial line is offered (default: 127.0.0.1:3333).")
  private String listen = "127.0.0.1:3333";

  @Option(
      names = "--host",
      paramLabel = "NAME=ADDRESS",
      description = "A name that the module can resolve (repeatable); localhost is known.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--allow-network",
      description = "Let the module dial beyond this computer, and ask its resolver.")
  private boolean allowNetwork;

  @Option(
      names = "--firmware",
      paramLabel = "NAME",
      description =
          "The firmware build to be (default: esp32-4): esp32c5-5, esp32-4, esp32-3, esp32c3-2.4,"
              + " esp32-2.1, esp8266-2 or esp8266-nonos.")
  private String firmware = "esp32-4";

  @Option(
      names = "--baud",
      paramLabel = "N",
      description = "Give the line this speed; without it bytes take no time.")
  private @Nullable String baud;

  @Option(
      names = "--fault",
      paramLabel = "FAULT",
      description = {
        "NAME happens once, NAME@PROBABILITY at random, 'WHEN: NAME' by a rule (repeatable):",
        "at AT+CIPSEND #3, at byte 9000 to host, after 5s, every ..., chance 0.01."
      })
  private List<String> faults = new ArrayList<>();

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description = "Rules of faults, one a line; # begins a comment (repeatable).")
  private List<Path> scripts = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What is drawn for the faults (default: random, and told).")
  private @Nullable String seed;

  @ArgGroup(validate = false)
  private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    InetSocketAddress address = address(listen);
    SimulatedOptions options = options();
    SimulatedModule.Builder builder = options.builder().allowNetwork(allowNetwork);
    if (output.verbosity() > 0) {
      builder.transcript(line -> run.output().line(Escape.line(line)));
    }
    CountDownLatch stopped = new CountDownLatch(1);
    run.hold(stopped::countDown);
    try (SimulatedModule module = run.hold(builder.build())) {
      run.scene().doing("listening on " + listen);
      int port = served(module, address);
      tell(run.output(), options, target(address, port));
      PseudoTerminal pty = PseudoTerminal.before(reached(address, port)).orElse(null);
      if (pty != null) run.hold(pty);
      tell(run.output(), address, port, pty);
      stopped.await(); // for ever, as asked
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.INTERRUPTED;
  }

  private static int served(SimulatedModule module, InetSocketAddress address)
      throws FailureException {
    try {
      return module.serve(address);
    } catch (IOException e) {
      throw new FailureException(Failure.of(ErrorId.NET_LISTEN, Causes.words(e)), e);
    }
  }

  private SimulatedOptions options() throws FailureException {
    SimulatedOptions options = new SimulatedOptions("--");
    for (String each : hosts) options.set("host", each);
    options.set("firmware", firmware);
    if (baud != null) options.set("baud", baud);
    for (Path each : scripts) options.script(each);
    for (String each : faults) options.set("fault", each);
    if (seed != null) options.set("seed", seed);
    return options;
  }

  private static void tell(Output out, SimulatedOptions options, String target) {
    out.data(
        "simulated module: "
            + options.firmware().title()
            + ", on its Wi-Fi, serial line on "
            + target);
    if (!options.faults().isEmpty()) {
      out.data("faults: --seed " + options.faults().seed() + " makes the same happen again");
    }
  }

  private void tell(Output out, InetSocketAddress address, int port, @Nullable PseudoTerminal pty) {
    String target = target(address, port);
    if (!address.getAddress().isLoopbackAddress()) {
      out.warn("whoever reaches " + target + " can use this module and what it may dial");
    }
    out.data("  espat info -d tcp://" + target);
    if (pty == null) {
      out.data("as a serial port, where socat is installed:");
      out.data("  socat pty,raw,echo=0,link=/tmp/espat-module tcp:" + target + ",nodelay");
      out.data("  espat info -d /tmp/espat-module");
    } else {
      out.data("  espat info -d " + pty.path());
    }
    out.data("one program at a time; interrupt to end it");
  }

  private static String target(InetSocketAddress address, int port) {
    String host = address.getHostString();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Where this computer reaches what listens there. */
  private static String reached(InetSocketAddress address, int port) {
    boolean anywhere = address.getAddress().isAnyLocalAddress();
    return anywhere
        ? target(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), port)
        : target(address, port);
  }

  private static InetSocketAddress address(String spec) throws FailureException {
    Matcher form = LISTEN.matcher(spec);
    if (form.matches()) {
      String host = form.group(1) != null ? form.group(1) : form.group(2);
      int port = Integer.parseInt(form.group(3));
      // The pattern lets literals and localhost only pass: the resolver is not asked for others.
      if (port <= 65_535) return bindable(host == null ? "127.0.0.1" : host, port);
    }
    throw unreadable(spec);
  }

  private static FailureException unreadable(String spec) {
    return FailureException.usage(
        "--listen cannot be read: " + Escape.line(spec), "write ADDRESS:PORT, as 127.0.0.1:3333");
  }

  private static InetSocketAddress bindable(String host, int port) throws FailureException {
    try {
      return new InetSocketAddress(
          host.equals("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host),
          port);
    } catch (UnknownHostException e) {
      throw unreadable(host);
    }
  }
}
