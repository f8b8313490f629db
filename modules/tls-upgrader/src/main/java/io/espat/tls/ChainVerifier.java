package io.espat.tls;

import io.espat.tls.CertificateRejectedException.Kind;
import io.espat.tls.CertificateRejectedException.Reason;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Judges the certificates that a server presents, and tells every reason against them. */
final class ChainVerifier {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int LEAST_RSA = 2048;
  private static final int LEAST_EC = 256;
  private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_PURPOSE = "2.5.29.37.0";

  private final TlsConfig config;
  private final PeerName name;
  private final List<Reason> reasons = new ArrayList<>();

  ChainVerifier(TlsConfig config, PeerName name) {
    this.config = config;
    this.name = name;
  }

  /** Returns if the leaf is the named server's; the chain is leaf first, as presented. */
  void verify(List<X509Certificate> chain) throws CertificateRejectedException {
    X509Certificate leaf = chain.get(0);
    PresentedNames names = PresentedNames.of(leaf);
    checkPins(leaf);
    if (!config.isInsecure() && !config.pins().demandsCertificate()) {
      checkPath(chain);
      checkName(names);
    }
    if (reasons.isEmpty()) return;
    throw new CertificateRejectedException(
        name.toString(), reasons, names.all(), chain.stream().map(ChainVerifier::line).toList());
  }

  private void checkPins(X509Certificate leaf) {
    Pins pins = config.pins();
    if (pins.demandsCertificate() && !pins.acceptsCertificate(leaf)) {
      reject(
          Kind.PIN,
          "its SHA-256 fingerprint is " + Pins.fingerprintOf(leaf) + ", another one is expected",
          "find out why the certificate changed, and only then expect the new fingerprint");
    }
    if (pins.demandsKey() && !pins.acceptsKeyOf(leaf)) {
      reject(
          Kind.PIN,
          "its public key is " + Pins.pinOf(leaf) + ", which is not pinned",
          "find out why the key changed, and only then add the new pin");
    }
  }

  private void checkPath(List<X509Certificate> chain) {
    Instant now = config.clock().instant();
    PathFinder finder = new PathFinder(config.anchors());
    List<X509Certificate> path = finder.find(chain, Date.from(now));
    if (path == null) {
      checkDates(chain, now);
      // Out of its time a chain has no path; judge the issuer by a time at which all were valid.
      path = reasons.isEmpty() ? null : finder.find(chain, commonTime(chain));
    } else {
      checkDates(path, now);
    }
    if (path == null) rejectIssuer(chain);
    checkStrengthAndPurpose(path == null ? chain : path);
  }

  private void rejectIssuer(List<X509Certificate> chain) {
    X509Certificate last = chain.get(chain.size() - 1);
    String issuer = Printable.text(last.getIssuerX500Principal().getName());
    reject(
        Kind.ISSUER,
        "it was issued by " + issuer + ", which does not lead to a trusted authority",
        "if the server is genuine, trust its authority's certificate (PEM file), or have the"
            + " server send its intermediate certificates");
  }

  private void checkDates(List<X509Certificate> chain, Instant now) {
    for (X509Certificate each : chain) {
      if (config.anchors().own().contains(each) && each != chain.get(0)) continue;
      Instant from = each.getNotBefore().toInstant();
      Instant to = each.getNotAfter().toInstant();
      if (now.isBefore(from)) {
        reject(
            Kind.CLOCK,
            subject(each)
                + " is not valid before "
                + from
                + ", and this computer's clock says "
                + now.truncatedTo(ChronoUnit.SECONDS),
            "set the clock of this computer");
      } else if (now.isAfter(to)) {
        reject(
            Kind.EXPIRED,
            subject(each)
                + " was valid until "
                + to
                + ", and this computer's clock says "
                + now.truncatedTo(ChronoUnit.SECONDS),
            "the server's operator has to renew the certificate; check the clock of this computer"
                + " too");
      }
    }
  }

  private static Date commonTime(List<X509Certificate> chain) {
    Date latestBegin = chain.get(0).getNotBefore();
    Date end = chain.get(0).getNotAfter();
    for (X509Certificate each : chain) {
      Date begin = each.getNotBefore();
      // An authority renewed since the leaf expired has no time in common with it.
      if (begin.after(latestBegin) && !begin.after(end)) latestBegin = begin;
    }
    return latestBegin;
  }

  private void checkStrengthAndPurpose(List<X509Certificate> path) {
    boolean[] usage = path.get(0).getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      rejectPurpose(path.get(0), "whose key may not sign a handshake");
    }
    for (X509Certificate each : path) {
      if (!servesServers(each)) rejectPurpose(each, "that is not for TLS servers (serverAuth)");
      String weakness = weakness(each);
      if (weakness != null) {
        reject(
            Kind.WEAK,
            subject(each) + " has " + weakness,
            "the server's operator has to replace the certificate");
      }
    }
  }

  private void rejectPurpose(X509Certificate certificate, String what) {
    reject(
        Kind.PURPOSE,
        subject(certificate) + " is a certificate " + what,
        "the server's operator has to install a server certificate");
  }

  private static boolean servesServers(X509Certificate certificate) {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      return purposes == null || purposes.contains(SERVER_AUTH) || purposes.contains(ANY_PURPOSE);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private @Nullable String weakness(X509Certificate certificate) {
    if (certificate.getPublicKey() instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      if (bits < LEAST_RSA) return "an RSA key of " + bits + " bits, and " + LEAST_RSA + " are due";
    } else if (certificate.getPublicKey() instanceof ECPublicKey ec) {
      int bits = ec.getParams().getOrder().bitLength();
      if (bits < LEAST_EC) return "an EC key of " + bits + " bits, and " + LEAST_EC + " are due";
    } else if (!(certificate.getPublicKey() instanceof EdECPublicKey)) {
      return "a key of an unknown kind (" + certificate.getPublicKey().getAlgorithm() + ")";
    }
    // Trusted by name: nobody relies on its signature.
    if (config.anchors().names(certificate)) return null;
    if (SignatureStrength.isSound(certificate)) return null;
    return "a signature by " + certificate.getSigAlgName() + " without a hash of SHA-256 or better";
  }

  private void checkName(PresentedNames names) {
    if (names.include(name)) return;
    String why =
        names.all().isEmpty()
            ? "it names no host (subjectAltName is empty; a common name does not count), expected "
                + name
            : "it is for " + names.some() + ", not for " + name;
    reject(
        Kind.NAME,
        why,
        "use a name that it was issued for, or, if this is your own server, check for that name");
  }

  private void reject(Kind kind, String why, String remedy) {
    reasons.add(new Reason(kind, why, remedy));
  }

  private static String subject(X509Certificate certificate) {
    return Printable.text(certificate.getSubjectX500Principal().getName());
  }

  /** A certificate in one line, with the pin ready to paste. */
  static String line(X509Certificate certificate) {
    return subject(certificate)
        + ", issued by "
        + Printable.text(certificate.getIssuerX500Principal().getName())
        + ", valid from "
        + certificate.getNotBefore().toInstant()
        + " to "
        + certificate.getNotAfter().toInstant()
        + ", fingerprint "
        + Pins.fingerprintOf(certificate)
        + ", pin "
        + Pins.pinOf(certificate);
  }
}
