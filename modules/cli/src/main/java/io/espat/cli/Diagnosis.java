package io.espat.cli;

import io.espat.at.AtException;
import io.espat.at.DeviceException;
import io.espat.at.ModuleLostException;
import io.espat.at.WifiException;
import io.espat.ftp.FtpsException;
import io.espat.smtp.RecipientResult;
import io.espat.smtp.SmtpException;
import io.espat.tls.CertificateRejectedException;
import io.espat.tls.PlaintextInjectionException;
import io.espat.tls.TlsHandshakeException;
import io.espat.tls.TlsMode;
import io.espat.tls.TruncatedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Turns an exception of any part into the {@link Failure} that the user reads.
 *
 * <p>The order matters: an exception of a client is often only the messenger of what happened
 * beneath it, and what happened beneath decides what to do. Only a mail of which nobody knows
 * whether it was accepted stays just that, whatever the reason.
 */
final class Diagnosis {
  private final Scene scene;

  Diagnosis(Scene scene) {
    this.scene = scene;
  }

  Failure of(Throwable thrown) {
    return unknownOutcome(thrown)
        .or(() -> by(thrown, FailureException.class, FailureException::failure))
        .or(() -> by(thrown, TimeLimit.Exceeded.class, this::timeOver))
        .or(() -> by(thrown, CertificateRejectedException.class, this::certificate))
        .or(() -> by(thrown, PlaintextInjectionException.class, this::injection))
        .or(() -> by(thrown, TlsHandshakeException.class, this::handshake))
        .or(() -> by(thrown, DeviceException.class, this::device))
        .or(() -> by(thrown, ModuleLostException.class, e -> module(e.first())))
        .or(() -> by(thrown, WifiException.class, this::module))
        .or(() -> unreached(thrown))
        .or(() -> by(thrown, SmtpException.class, this::mail))
        .or(() -> by(thrown, FtpsException.class, this::files))
        .or(() -> network(thrown))
        .or(() -> by(thrown, AtException.class, this::module))
        .or(() -> by(thrown, FileSystemException.class, Diagnosis::file))
        .or(() -> by(thrown, IOException.class, this::other))
        .orElseGet(() -> internal(thrown));
  }

  private static <T> Optional<Failure> by(
      Throwable thrown, Class<T> type, Function<T, Failure> words) {
    return Causes.find(thrown, type).map(words);
  }

  private Optional<Failure> unknownOutcome(Throwable thrown) {
    return Causes.find(thrown, SmtpException.class)
        .filter(e -> e.id().equals(ErrorId.SMTP_UNKNOWN.text()))
        .map(this::mail);
  }

  private Failure timeOver(TimeLimit.Exceeded e) {
    return Failure.of(ErrorId.TIME_MAX, Causes.words(e)).stage(scene.doing());
  }

  private Failure certificate(CertificateRejectedException e) {
    List<CertificateRejectedException.Reason> reasons = e.reasons();
    String names = String.join(", ", e.presentedNames());
    String server = e.chain().isEmpty() ? "" : e.chain().get(0) + "\n";
    return named(e.id(), e)
        .stage(handshakeStage())
        .server(server + "names: " + (names.isEmpty() ? "none" : names))
        .why(lines(reasons, CertificateRejectedException.Reason::why))
        .remedy(lines(reasons, reason -> remedy(reason, e.presentedNames())));
  }

  /** The library's remedy, or the options that do it. */
  private String remedy(CertificateRejectedException.Reason reason, List<String> names) {
    return switch (reason.kind()) {
      case WEAK, PURPOSE -> reason.remedy();
      case NAME -> nameRemedy(names);
      default -> ErrorId.of(reason.kind().id()).map(ErrorId::remedy).orElse(reason.remedy());
    };
  }

  private String nameRemedy(List<String> names) {
    ServerAddress server = scene.server();
    String usable = names.stream().filter(name -> !name.startsWith("*")).findFirst().orElse("");
    if (usable.isEmpty() || server == null) {
      return names.isEmpty()
          ? "have the server's certificate issued anew with its name as subjectAltName"
          : ErrorId.TLS_NAME.remedy();
    }
    String other = new ServerAddress(usable, server.port(), server.mode()).toString();
    return "use the provider's name (--server "
        + other
        + "), or, if this is your own server, --tls-name "
        + usable;
  }

  private static String lines(
      List<CertificateRejectedException.Reason> reasons,
      Function<CertificateRejectedException.Reason, String> part) {
    return reasons.stream().map(part).distinct().collect(Collectors.joining("\n"));
  }

  private Failure injection(PlaintextInjectionException e) {
    return named(e.id(), e).stage(upgrade() + " with " + scene.peer());
  }

  private Failure handshake(TlsHandshakeException e) {
    Failure failure = named(e.id(), e).stage(handshakeStage());
    // What came in place of TLS, at a port where TLS should be from the start.
    boolean clear = implicit() && e.alert().equals("unexpected_message");
    return clear ? failure.remedy("use --tls starttls, or the port for --tls implicit") : failure;
  }

  private String handshakeStage() {
    return (implicit() ? "TLS" : upgrade()) + " handshake with " + scene.peer();
  }

  private boolean implicit() {
    ServerAddress server = scene.server();
    return server != null && server.mode() == TlsMode.IMPLICIT;
  }

  private String upgrade() {
    Protocol protocol = scene.protocol();
    return protocol == null ? "TLS" : protocol.upgrade();
  }

  private Failure device(DeviceException e) {
    return named(e.id(), e).remedy(e.remedy());
  }

  private Failure module(AtException e) {
    String why = Causes.words(e);
    String words =
        e.words().stream()
            .filter(each -> !why.contains(each))
            .map(each -> "\nmodule: " + each)
            .collect(Collectors.joining());
    return named(e.id(), e).stage(scene.doing()).why(why + words);
  }

  private Failure mail(SmtpException e) {
    String stage = Stages.words(e.stage()) + at();
    String refused =
        e.recipients().stream()
            .filter(each -> !each.accepted())
            .map(Diagnosis::recipient)
            .collect(Collectors.joining("\n"));
    String reply = e.reply() == null ? "" : e.reply();
    ErrorId id = mailId(e);
    Failure failure = named(id.text(), e).stage(stage);
    if (!refused.isEmpty()) return failure.server(refused).why(null);
    return reply.isEmpty() ? failure : failure.server(reply).why(null);
  }

  private static ErrorId mailId(SmtpException e) {
    return ErrorId.of(e.id()).orElse(e.isTransient() ? ErrorId.SMTP_TEMP : ErrorId.SMTP_REJECTED);
  }

  private static String recipient(RecipientResult result) {
    return result.address() + ": " + result.reply();
  }

  private Failure files(FtpsException e) {
    ErrorId id =
        ErrorId.of(e.id()).orElse(e.isTransient() ? ErrorId.FTP_TEMP : ErrorId.FTP_REJECTED);
    return named(id.text(), e).stage(e.stage() + at()).server(e.reply());
  }

  private String at() {
    String peer = scene.peer();
    return peer.isEmpty() ? "" : ", " + peer;
  }

  /** The JDK's words, whose cause is what the module said. */
  private Optional<Failure> unreached(Throwable thrown) {
    return by(thrown, UnknownHostException.class, e -> network(ErrorId.NET_DNS, e))
        .or(() -> by(thrown, ConnectException.class, e -> network(ErrorId.NET_REFUSED, e)))
        .or(() -> by(thrown, NoRouteToHostException.class, e -> network(ErrorId.NET_REFUSED, e)));
  }

  private Optional<Failure> network(Throwable thrown) {
    return by(thrown, SocketTimeoutException.class, e -> network(ErrorId.NET_TIMEOUT, e))
        .or(() -> by(thrown, TruncatedException.class, e -> network(ErrorId.NET_LOST, e)))
        .or(() -> by(thrown, ProtocolException.class, e -> network(ErrorId.PROTOCOL_, e)))
        .or(() -> by(thrown, SocketException.class, e -> network(ErrorId.NET_LOST, e)));
  }

  private Failure network(ErrorId id, IOException e) {
    return Failure.of(id, Causes.words(e)).stage(scene.doing());
  }

  /** What a stream to a local file throws has no type of its own, only the system's words. */
  private Failure other(IOException e) {
    String words = Causes.words(e);
    boolean full = words.contains("No space left") || words.contains("quota exceeded");
    return full ? Failure.of(ErrorId.FILE_WRITE, words) : network(ErrorId.NET_LOST, e);
  }

  private static Failure file(FileSystemException e) {
    return Failure.of(ErrorId.FILE_READ, Causes.words(e));
  }

  private static Failure internal(Throwable thrown) {
    return Failure.of(ErrorId.INTERNAL_, thrown.toString());
  }

  /** The headline and remedy of an id that a part gave; one that is unknown here is a fault. */
  private static Failure named(String id, Throwable thrown) {
    return Failure.of(ErrorId.of(id).orElse(ErrorId.INTERNAL_), Causes.words(thrown));
  }
}
