package io.espat.cli;

import io.espat.ftp.FtpsClient;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** What all commands on a file server have in common: the session and its report. */
abstract class FilesCommand extends ServerCommand {
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
      return Json.report(command, status)
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
  public ExitCode run(Run run) throws IOException, FailureException {
    secrets().check(server().user() != null);
    ServerAddress address = server().address(Protocol.FILES);
    if (address.mode() == TlsMode.NONE) {
      throw FailureException.usage("files are never moved without TLS", "leave --tls none out");
    }
    check();
    TlsConfig trust = tls().config(times());
    List<InetAddress> resolved = tls().addresses(address);
    run.scene().server(Protocol.FILES, address);
    if (tls().insecure()) run.output().warn(TlsOptions.INSECURE);
    FtpsClient.Builder builder =
        FtpsClient.builder(address.host())
            .port(address.port())
            .mode(address.mode())
            .tls(trust)
            .connectTimeout(times().connect())
            .timeout(times().timeout());
    login(run, builder::login);
    return session(run, address, builder, resolved);
  }

  private ExitCode session(
      Run run, ServerAddress address, FtpsClient.Builder builder, List<InetAddress> resolved)
      throws IOException, FailureException {
    try (ModuleSession module = ModuleSession.open(run, device(), times(), resolved)) {
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
