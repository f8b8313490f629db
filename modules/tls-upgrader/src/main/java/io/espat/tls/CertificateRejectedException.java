package io.espat.tls;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * The server's certificate was not accepted; nothing was sent beyond the handshake and the
 * connection is closed. Every reason that was found is told, not only the first.
 */
public final class CertificateRejectedException extends SSLException {
  private static final long serialVersionUID = 1L;

  /** What can be wrong with a certificate, the most important first. */
  public enum Kind {
    /** No path to a trusted authority. */
    ISSUER("E-TLS-ISSUER"),
    /** A key or signature too weak to mean anything. */
    WEAK("E-TLS-ISSUER"),
    /** Issued for another purpose than to be a server. */
    PURPOSE("E-TLS-ISSUER"),
    /** Its validity has ended. */
    EXPIRED("E-TLS-EXPIRED"),
    /** Its validity has not begun: often the clock of this computer is wrong. */
    CLOCK("E-TLS-CLOCK"),
    /** Issued for other names (RFC 9525). */
    NAME("E-TLS-NAME"),
    /** Not the pinned key or certificate. */
    PIN("E-TLS-PIN");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    /** The stable id, such as {@code E-TLS-NAME}. */
    public String id() {
      return id;
    }
  }

  /**
   * One reason.
   *
   * @param kind what is wrong
   * @param why what was presented and what was expected, as a sentence
   * @param remedy what the user can do about it, as a sentence
   */
  public record Reason(Kind kind, String why, String remedy) {}

  private final transient List<Reason> reasons;
  private final transient List<String> presentedNames;
  private final transient List<String> chain;

  CertificateRejectedException(
      String host, List<Reason> reasons, List<String> presentedNames, List<String> chain) {
    super(
        "the certificate of "
            + host
            + " is not accepted: "
            + sorted(reasons).stream().map(Reason::why).collect(Collectors.joining("; ")));
    this.reasons = sorted(reasons);
    this.presentedNames = List.copyOf(presentedNames);
    this.chain = List.copyOf(chain);
  }

  /** The id of the most important reason: E-TLS-ISSUER, -EXPIRED, -CLOCK, -NAME or -PIN. */
  public String id() {
    return reasons.get(0).kind().id();
  }

  /** All reasons found, the most important first; never empty. */
  public List<Reason> reasons() {
    return reasons;
  }

  /** The DNS names and IP addresses for which the certificate was issued; may be empty. */
  public List<String> presentedNames() {
    return presentedNames;
  }

  /**
   * The chain as the server sent it, leaf first, one line a certificate: subject, issuer, validity,
   * fingerprint.
   */
  public List<String> chain() {
    return chain;
  }

  private static List<Reason> sorted(List<Reason> reasons) {
    return reasons.stream().sorted(Comparator.comparing(Reason::kind)).toList();
  }
}
