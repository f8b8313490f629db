package io.espat.cli;

import io.espat.ftp.FtpsClient;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;

/** What all commands on a file server have in common: the options, the session, the report. */
abstract class FilesCommand implements Action {
  @ArgGroup(validate = false, heading = "%nThe server:%n")
  private ServerOptions server = new ServerOptions();

  @ArgGroup(validate = false, heading = "%nThe password:%n")
  private SecretOptions secrets = new SecretOptions();

  @ArgGroup(validate = false, heading = "%nTrust:%n")
  private TlsOptions tls = new TlsOptions();

  @ArgGroup(validate = false, heading = "%nThe module:%n")
  private DeviceOptions device = new DeviceOptions();

  @ArgGroup(validate = false, heading = "%nTimes:%n")
  private TimeOptions times = new TimeOptions();

  @ArgGroup(validate = false, heading = "%nOutput:%n")
  private OutputOptions output = new OutputOptions();

  @ArgGroup(validate = false)
  private ReportOptions report = new ReportOptions();

  /** Checks the command's own arguments before anything is touched. */
  abstract void check() throws IOException, FailureException;

  /** Does the work in a session that is logged in. */
  abstract ExitCode work(Session files) throws IOException, FailureException;

  /** A session with the server, and what belongs to it. */
  record Session(
      Run run,
      ServerAddress address,
      ModuleSession module,
      Transfers transfers,
      FtpsClient client) {
    /** The document that every one of these commands reports. */
    Json json(String command, String status) {
      return new Json()
          .put("schema", 1)
          .put("command", command)
          .put("status", status)
          .put("server", SendCommand.serverJson(run, address))
          .put(
              "tls",
              Peer.add(
                      new Json()
                          .put("mode", SendCommand.word(address.mode()))
                          .put("version", client.tlsVersion().protocol())
                          .put("suite", client.suite()),
                      Peer.certificate(client.session()))
                  .put("dataConnections", client.dataConnections())
                  .put("resumed", client.resumedConnections()))
          .put("timing", run.timing().json())
          .put("uart", module.uart());
    }
  }

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public boolean json() {
    return report.json();
  }

  @Override
  public @Nullable Duration maxTime() {
    return times.max();
  }

  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    secrets.check(server.user() != null);
    ServerAddress address = server.address(Protocol.FILES);
    if (address.mode() == TlsMode.NONE) {
      throw FailureException.usage("files are never moved without TLS", "leave --tls none out");
    }
    check();
    TlsConfig trust = tls.config(times);
    List<InetAddress> resolved = tls.addresses(address);
    run.scene().server(Protocol.FILES, address);
    if (tls.insecure()) run.output().warn(TlsOptions.INSECURE);
    FtpsClient.Builder builder =
        FtpsClient.builder(address.host())
            .port(address.port())
            .mode(address.mode())
            .tls(trust)
            .connectTimeout(times.connect())
            .timeout(times.timeout());
    login(builder, run);
    return session(run, address, builder, resolved);
  }

  private void login(FtpsClient.Builder builder, Run run) throws FailureException {
    String user = server.user();
    if (user == null) return;
    try (Secret secret = secrets.secret(user, run.surroundings())) {
      builder.login(user, secret.chars());
    } catch (IllegalArgumentException e) {
      throw FailureException.usage(Causes.words(e), "");
    }
  }

  private ExitCode session(
      Run run, ServerAddress address, FtpsClient.Builder builder, List<InetAddress> resolved)
      throws IOException, FailureException {
    try (ModuleSession module = ModuleSession.open(run, device, times, resolved)) {
      Transfers transfers = new Transfers(run, module.lineRate());
      builder.sockets(module.sockets(run)).listener(transfers);
      try (FtpsClient client = run.hold(builder.open())) {
        InetAddress found = client.serverAddress();
        if (found != null) run.scene().address(found.getHostAddress());
        return work(new Session(run, address, module, transfers, client));
      }
    }
  }
}
