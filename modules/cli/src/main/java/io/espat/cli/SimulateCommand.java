package io.espat.cli;

import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
      "  espat simulate --allow-network -v"
    })
final class SimulateCommand implements Action {
  private static final Pattern LISTEN =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+|localhost))?:?(\\d{1,5})");
  private static final Pattern LOOPBACK = Pattern.compile("127\\..*|::1|localhost");

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

  @ArgGroup(validate = false)
  private OutputOptions output = new OutputOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    InetSocketAddress address = address(listen);
    SimulatedModule.Builder builder = SimulatedModule.builder().allowNetwork(allowNetwork);
    for (String each : hosts) SimulatedHosts.add(builder, "--host", each);
    if (output.verbosity() > 0) {
      builder.transcript(line -> run.output().line(Escape.line(line)));
    }
    CountDownLatch stopped = new CountDownLatch(1);
    run.hold(stopped::countDown);
    try (SimulatedModule module = run.hold(builder.build())) {
      run.scene().doing("listening on " + listen);
      tell(run.output(), address, served(module, address));
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

  private void tell(Output out, InetSocketAddress address, int port) {
    String host = address.getHostString();
    String target = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    if (!LOOPBACK.matcher(host).matches()) {
      out.warn("whoever reaches " + target + " can use this module and what it may dial");
    }
    out.data("simulated module: ESP32, AT 4.2, on its Wi-Fi, serial line on " + target);
    out.data("  espat info -d tcp://" + target);
    out.data("as a serial port, in another terminal:");
    out.data("  socat pty,raw,echo=0,link=/tmp/espat-module tcp:" + target + ",nodelay");
    out.data("  espat info -d /tmp/espat-module");
    out.data("interrupt to end it");
  }

  private static InetSocketAddress address(String spec) throws FailureException {
    Matcher form = LISTEN.matcher(spec);
    if (form.matches()) {
      String host = form.group(1) != null ? form.group(1) : form.group(2);
      int port = Integer.parseInt(form.group(3));
      // The pattern lets literals and localhost only pass: the resolver is not asked for others.
      if (port <= 65_535) return bindable(host == null ? "127.0.0.1" : host, port);
    }
    throw FailureException.usage(
        "--listen cannot be read: " + Escape.line(spec), "write ADDRESS:PORT, as 127.0.0.1:3333");
  }

  private static InetSocketAddress bindable(String host, int port) throws FailureException {
    try {
      return new InetSocketAddress(
          host.equals("localhost") ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host),
          port);
    } catch (UnknownHostException e) {
      throw FailureException.usage("--listen has no address that can be read", "");
    }
  }
}
