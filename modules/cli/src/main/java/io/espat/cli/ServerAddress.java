package io.espat.cli;

import io.espat.tls.TlsMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which server, on which port, encrypted how. */
record ServerAddress(String host, int port, TlsMode mode) {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
  private static final Pattern BRACKETED = Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::(.*))?");
  private static final Pattern PLAIN = Pattern.compile("([^:]*)(?::([^:]*))?");
  private static final Pattern ADDRESS_V6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*:.*");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]*)|[0-9A-Fa-f:.]+");

  /**
   * Reads HOST, HOST:PORT, [ADDRESS]:PORT or a URL.
   *
   * @param portOption the value of --port, or null
   * @param modeOption the value of --tls or one of its synonyms, or null
   */
  static ServerAddress parse(
      String spec, Protocol protocol, @Nullable String portOption, @Nullable TlsMode modeOption)
      throws FailureException {
    String rest = spec;
    String scheme = null;
    Matcher url = SCHEME.matcher(spec);
    if (url.matches()) {
      scheme = scheme(url.group(1), protocol);
      rest = authority(url.group(2));
    }
    refuseUserinfo(rest);
    Matcher form = (rest.startsWith("[") ? BRACKETED : PLAIN).matcher(rest);
    if (!form.matches() || !HOST.matcher(form.group(1)).matches()) throw unreadable(rest);
    return complete(form.group(1), port(form.group(2), portOption), scheme, protocol, modeOption);
  }

  private static ServerAddress complete(
      String host,
      @Nullable Integer port,
      @Nullable String scheme,
      Protocol protocol,
      @Nullable TlsMode modeOption)
      throws FailureException {
    boolean implicitUrl = scheme != null && protocol.isImplicit(scheme);
    if (implicitUrl && modeOption != null && modeOption != TlsMode.IMPLICIT) {
      throw FailureException.usage(
          "--server says " + scheme + "://, which is --tls implicit, but --tls says otherwise",
          "leave one of the two out");
    }
    TlsMode mode = modeOption;
    if (mode == null) {
      boolean implicit = implicitUrl || (port != null && port == protocol.implicitPort());
      mode = implicit ? TlsMode.IMPLICIT : TlsMode.STARTTLS;
    }
    return new ServerAddress(host, port != null ? port : usualPort(protocol, mode), mode);
  }

  private static int usualPort(Protocol protocol, TlsMode mode) {
    return mode == TlsMode.NONE ? protocol.clearPort() : protocol.port(mode == TlsMode.IMPLICIT);
  }

  private static String scheme(String written, Protocol protocol) throws FailureException {
    String scheme = written.toLowerCase(Locale.ROOT);
    if (protocol.schemes().contains(scheme)) return scheme;
    throw FailureException.usage(
        "--server cannot be a " + scheme + " URL here",
        "write HOST, HOST:PORT, " + String.join("://HOST or ", protocol.schemes()) + "://HOST");
  }

  private static String authority(String afterScheme) throws FailureException {
    int slash = afterScheme.indexOf('/');
    if (slash < 0) return afterScheme;
    if (slash == afterScheme.length() - 1) return afterScheme.substring(0, slash);
    refuseUserinfo(afterScheme);
    throw FailureException.usage(
        "--server takes a server, not a path on it", "give the path as the REMOTE argument");
  }

  private static void refuseUserinfo(String text) throws FailureException {
    // Not repeated in the message: what stands before the @ may be a password.
    if (text.indexOf('@') < 0) return;
    throw FailureException.usage(
        "--server may not carry a user name or a password", SecretOptions.SOURCES);
  }

  private static @Nullable Integer port(@Nullable String inSpec, @Nullable String option)
      throws FailureException {
    if (option != null && !option.matches("\\d+")) {
      throw FailureException.usage(
          "--port takes a TCP port number: did you mean --device?",
          "name the serial port with -d " + Escape.line(option));
    }
    if (inSpec != null && option != null && !inSpec.equals(option)) {
      throw FailureException.usage(
          "--server names port " + Escape.line(inSpec) + ", --port says " + option,
          "leave one of the two out");
    }
    String text = inSpec != null ? inSpec : option;
    if (text == null) return null;
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65_535) {
      throw FailureException.usage(
          "'" + Escape.line(text) + "' is no port number", "a port is a number from 1 to 65535");
    }
    return port;
  }

  private static FailureException unreadable(String rest) {
    String help =
        ADDRESS_V6.matcher(rest).matches()
            ? "put an IPv6 address in brackets: [" + Escape.line(rest) + "]"
            : "write HOST, HOST:PORT or a URL such as smtp://HOST";
    return FailureException.usage(
        "--server cannot be read as a server: " + Escape.line(rest), help);
  }

  /** HOST:PORT as messages show it. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
