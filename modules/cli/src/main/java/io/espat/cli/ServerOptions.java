package io.espat.cli;

import io.espat.tls.TlsMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server, how it is encrypted, and who logs in. */
final class ServerOptions {
  /** The values of --tls; the names are what the user types. */
  enum Tls {
    STARTTLS(TlsMode.STARTTLS),
    IMPLICIT(TlsMode.IMPLICIT),
    NONE(TlsMode.NONE);

    private final TlsMode mode;

    Tls(TlsMode mode) {
      this.mode = mode;
    }
  }

  @Option(
      names = {"-S", "--server", "--host"},
      paramLabel = "HOST[:PORT]",
      description = "The server, or a URL such as smtp://HOST, smtps://, ftp://, ftps://.")
  private @Nullable String server;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "TCP port (default: 587 or 465 for mail, 21 or 990 for files).")
  private @Nullable String port;

  @Option(
      names = "--tls",
      paramLabel = "MODE",
      description = {
        "starttls (default; AUTH TLS for files), implicit (default on 465 and 990) or none."
      })
  private @Nullable Tls tls;

  @Option(
      names = {"--starttls", "--ssl-reqd"},
      hidden = true,
      description = "--tls starttls")
  private boolean starttls;

  @Option(names = "--tls-on-connect", hidden = true, description = "--tls implicit")
  private boolean onConnect;

  @Option(
      names = "--allow-cleartext",
      description = "Needed with --tls none; a password is still never sent in clear.")
  private boolean allowCleartext;

  @Option(
      names = {"-u", "--user", "--auth-user"},
      paramLabel = "NAME",
      description = "Log in with this name.")
  private @Nullable String user;

  /** The server, after all that can be wrong with the options has been checked. */
  ServerAddress address(Protocol protocol) throws FailureException {
    if (server == null) {
      throw FailureException.usage(
          "no server was named", "add --server HOST or --server HOST:PORT");
    }
    ServerAddress address = ServerAddress.parse(server, protocol, port, mode());
    if (user != null) checkUser(user);
    if (address.mode() == TlsMode.NONE) checkCleartext();
    return address;
  }

  @Nullable String user() {
    return user;
  }

  private @Nullable TlsMode mode() throws FailureException {
    List<TlsMode> asked = new ArrayList<>();
    if (tls != null) asked.add(tls.mode);
    if (starttls) asked.add(TlsMode.STARTTLS);
    if (onConnect) asked.add(TlsMode.IMPLICIT);
    if (asked.stream().distinct().count() > 1) {
      throw FailureException.usage("--tls and its synonyms contradict each other", "keep one");
    }
    return asked.isEmpty() ? null : asked.get(0);
  }

  private static void checkUser(String user) throws FailureException {
    // Not repeated in the message: what stands behind the colon is most likely a password.
    if (user.indexOf(':') >= 0) {
      throw FailureException.usage(
          "--user takes a name only, NAME:PASSWORD is refused", SecretOptions.SOURCES);
    }
    if (user.isEmpty() || user.chars().anyMatch(Character::isISOControl)) {
      throw FailureException.usage("--user is empty or has control characters in it", "");
    }
  }

  private void checkCleartext() throws FailureException {
    if (!allowCleartext) {
      throw FailureException.usage(
          "--tls none sends everything readable by anyone on the way",
          "add --allow-cleartext if you mean it");
    }
    if (user != null) {
      throw FailureException.usage(
          "a password is never sent in clear", "leave --user out, or leave --tls none out");
    }
  }
}
