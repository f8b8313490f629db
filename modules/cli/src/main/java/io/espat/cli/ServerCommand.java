package io.espat.cli;

import java.util.function.BiConsumer;
import picocli.CommandLine.ArgGroup;

/** What all commands on a server have in common: where it is, whom to trust, how to log in. */
abstract class ServerCommand extends ModuleCommand {
  @ArgGroup(validate = false, order = 20, heading = "%nThe server:%n")
  private ServerOptions server = new ServerOptions();

  @ArgGroup(validate = false, order = 30, heading = "%nThe password:%n")
  private SecretOptions secrets = new SecretOptions();

  @ArgGroup(validate = false, order = 40, heading = "%nTrust:%n")
  private TlsOptions tls = new TlsOptions();

  final ServerOptions server() {
    return server;
  }

  final SecretOptions secrets() {
    return secrets;
  }

  final TlsOptions tls() {
    return tls;
  }

  /** Gets the password and hands it to a client under construction, if there is a user at all. */
  final void login(Run run, BiConsumer<String, char[]> builder) throws FailureException {
    String user = server.user();
    if (user == null) return;
    try (Secret secret = secrets.secret(user, run.surroundings())) {
      builder.accept(user, secret.chars());
    } catch (IllegalArgumentException e) {
      throw FailureException.usage(Causes.words(e), "");
    }
  }
}
