package io.espat.cli;

import io.espat.tls.TlsConfig;
import io.espat.tls.TlsVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whom to trust, and which versions of TLS. */
final class TlsOptions {
  @Option(
      names = {"--cacert", "--tls-trust-file"},
      paramLabel = "FILE",
      description = "Trust the CA certificates in this PEM file too (repeatable).")
  private List<Path> trustFiles = new ArrayList<>();

  @Option(names = "--no-system-ca", description = "Trust only what --cacert gives.")
  private boolean noSystemTrust;

  @Option(
      names = "--pinnedpubkey",
      paramLabel = "sha256//BASE64",
      description = "The server's public key must be this one (or one of several, with ;).")
  private @Nullable String pin;

  @Option(
      names = "--tls-fingerprint",
      paramLabel = "HEX",
      description = "The server's certificate must have this SHA-256 fingerprint.")
  private @Nullable String fingerprint;

  @Option(
      names = {"--tls-name", "--tls-host-override", "--tls-sni"},
      paramLabel = "NAME",
      description = "The name to find in the certificate, instead of the server's.")
  private @Nullable String name;

  @Option(
      names = "--tls-min",
      paramLabel = "1.2|1.3",
      converter = Version.class,
      description = "The oldest version allowed (default: 1.2).")
  private TlsVersion min = TlsVersion.TLS12;

  @Option(
      names = "--tls-max",
      paramLabel = "1.2|1.3",
      converter = Version.class,
      description = "The newest version allowed (default: 1.3).")
  private TlsVersion max = TlsVersion.TLS13;

  @Option(
      names = "--insecure",
      description = "Do not check the certificate: anyone in between can read everything.")
  private boolean insecure;

  @Option(
      names = "--resolve",
      paramLabel = "HOST:PORT:ADDRESS",
      description = "Use this address for HOST instead of asking the module (repeatable).")
  private List<String> resolve = new ArrayList<>();

  static final String INSECURE =
      "--insecure: the certificate is not checked, anyone in between can read everything";

  boolean insecure() {
    return insecure;
  }

  TlsConfig config(TimeOptions times) throws FailureException {
    if (min.compareTo(max) > 0) {
      throw FailureException.usage("--tls-min is above --tls-max", "exchange the two");
    }
    try {
      return build(times);
    } catch (IOException e) {
      throw new FailureException(
          Failure.of(ErrorId.FILE_READ, Causes.words(e))
              .what("a file of trusted certificates cannot be read")
              .remedy("give a PEM file of CA certificates with --cacert"),
          e);
    } catch (IllegalArgumentException e) {
      throw FailureException.usage(Causes.words(e), "see espat send --help for the form");
    }
  }

  private TlsConfig build(TimeOptions times) throws IOException {
    TlsConfig.Builder builder =
        TlsConfig.builder()
            .systemTrust(!noSystemTrust)
            .versions(min, max)
            .handshakeTimeout(times.timeout());
    for (Path file : trustFiles) builder.trustFile(file);
    if (pin != null) builder.pin(pin);
    if (fingerprint != null) builder.fingerprint(fingerprint);
    if (name != null) builder.name(name);
    if (insecure) builder.insecure();
    return builder.build();
  }

  /**
   * The addresses given for {@code server} by --resolve; what is said of other servers is unused.
   */
  List<InetAddress> addresses(ServerAddress server) throws FailureException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String each : resolve) {
      Resolved resolved = Resolved.parse(each);
      if (resolved.host().equalsIgnoreCase(server.host()) && resolved.port() == server.port()) {
        addresses.add(resolved.address());
      }
    }
    return addresses;
  }

  /** One --resolve. */
  private record Resolved(String host, int port, InetAddress address) {
    private static final Pattern FORM =
        Pattern.compile("([^:\\[\\]]+):(\\d{1,5}):\\[?([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)]?");

    static Resolved parse(String text) throws FailureException {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) throw unreadable(text);
      try {
        // The pattern lets literals only pass, so nobody is asked here.
        InetAddress literal = InetAddress.getByName(form.group(3));
        InetAddress named = InetAddress.getByAddress(form.group(1), literal.getAddress());
        return new Resolved(form.group(1), Integer.parseInt(form.group(2)), named);
      } catch (UnknownHostException e) {
        throw unreadable(text);
      }
    }

    private static FailureException unreadable(String text) {
      return FailureException.usage(
          "--resolve cannot be read: " + Escape.line(text),
          "write HOST:PORT:ADDRESS, for example mail.example.org:587:192.0.2.25");
    }
  }

  /** Reads 1.2 and 1.3. */
  static final class Version implements ITypeConverter<TlsVersion> {
    @Override
    public TlsVersion convert(String text) {
      return switch (text) {
        case "1.2" -> TlsVersion.TLS12;
        case "1.3" -> TlsVersion.TLS13;
        default -> throw new TypeConversionException("'" + text + "' is neither 1.2 nor 1.3");
      };
    }
  }
}
