package io.espat.sim;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.tls.AlertDescription;
import org.jspecify.annotations.Nullable;

/**
 * Judges a peer's chain as mbedTLS does: everything wrong with it in one word of flags, which
 * {@code +ERRNO} prints, and one alert for the worst.
 */
final class CertificateCheck {
  static final int EXPIRED = 0x1;
  static final int WRONG_NAME = 0x4;
  static final int NOT_TRUSTED = 0x8;
  static final int FUTURE = 0x200;
  static final int KEY_USAGE = 0x800;
  static final int EXTENDED_KEY_USAGE = 0x1000;

  /** What the peer's certificate must be good for. */
  enum Peer {
    SERVER("1.3.6.1.5.5.7.3.1"),
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String purpose;

    Peer(String purpose) {
      this.purpose = purpose;
    }
  }

  private static final String ANY_PURPOSE = "2.5.29.37.0";
  private static final int DNS = 2;
  private static final int ADDRESS = 7;
  private static final int LONGEST = 8; // intermediates, as in mbedTLS

  private final Collection<X509Certificate> authorities;
  private final Instant now;

  CertificateCheck(Collection<X509Certificate> authorities, Instant now) {
    this.authorities = authorities;
    this.now = now;
  }

  /** The flags of a chain, leaf first; 0 when nothing is wrong. A null name is not compared. */
  int flags(List<X509Certificate> chain, @Nullable String name, Peer peer) {
    X509Certificate leaf = chain.get(0);
    int flags = usage(leaf, peer);
    if (name != null && !named(leaf, name)) {
      flags |= WRONG_NAME;
    }
    return flags | path(chain);
  }

  private int path(List<X509Certificate> chain) {
    X509Certificate child = chain.get(0);
    List<X509Certificate> others = new ArrayList<>(chain.subList(1, chain.size()));
    int flags = 0;
    for (int depth = 0; depth <= LONGEST; depth++) {
      flags |= validity(child);
      if (authorities.contains(child)) {
        return flags;
      }
      X509Certificate trusted = issuer(child, authorities);
      if (trusted != null) {
        return flags | validity(trusted);
      }
      X509Certificate next = issuer(child, others);
      if (next == null) {
        return flags | NOT_TRUSTED;
      }
      others.remove(next);
      child = next;
    }
    return flags | NOT_TRUSTED;
  }

  private int validity(X509Certificate certificate) {
    if (now.isBefore(certificate.getNotBefore().toInstant())) {
      return FUTURE;
    }
    return now.isAfter(certificate.getNotAfter().toInstant()) ? EXPIRED : 0;
  }

  private static @Nullable X509Certificate issuer(
      X509Certificate child, Collection<X509Certificate> candidates) {
    for (X509Certificate candidate : candidates) {
      if (candidate.getBasicConstraints() >= 0
          && candidate.getSubjectX500Principal().equals(child.getIssuerX500Principal())
          && signed(child, candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private static boolean signed(X509Certificate child, X509Certificate issuer) {
    try {
      child.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false; // another issuer of that name may have signed it
    }
  }

  /** The leaf signs the key exchange, and its purposes, if any are named, must hold the peer's. */
  private static int usage(X509Certificate leaf, Peer peer) {
    int flags = 0;
    boolean[] usage = leaf.getKeyUsage();
    if (usage != null && !usage[0] && !usage[2]) {
      flags |= KEY_USAGE;
    }
    try {
      List<String> purposes = leaf.getExtendedKeyUsage();
      if (purposes != null && !purposes.contains(peer.purpose) && !purposes.contains(ANY_PURPOSE)) {
        flags |= EXTENDED_KEY_USAGE;
      }
    } catch (CertificateParsingException e) {
      flags |= EXTENDED_KEY_USAGE;
    }
    return flags;
  }

  /** Whether a certificate is for a name: by its alternative names, without any by its CN. */
  private static boolean named(X509Certificate leaf, String name) {
    Collection<List<?>> alternatives;
    try {
      alternatives = leaf.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return false;
    }
    if (alternatives == null) {
      return commonNames(leaf).stream().anyMatch(one -> matches(one, name));
    }
    return alternatives.stream()
        .anyMatch(
            one ->
                one.get(0).equals(DNS) && matches(one.get(1).toString(), name)
                    || one.get(0).equals(ADDRESS) && sameAddress(one.get(1).toString(), name));
  }

  private static List<String> commonNames(X509Certificate leaf) {
    X500Name subject = X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
    return Arrays.stream(subject.getRDNs(BCStyle.CN))
        .map(RDN::getFirst)
        .map(one -> one.getValue().toString())
        .toList();
  }

  private static boolean matches(String pattern, String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String given = pattern.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    return given.equals(wanted)
        || given.startsWith("*.") && dot > 0 && given.substring(1).equals(wanted.substring(dot));
  }

  private static boolean sameAddress(String listed, String name) {
    boolean literal = Resolver.literal(name) != null || name.indexOf(':') >= 0;
    try {
      return literal && InetAddress.getByName(listed).equals(InetAddress.getByName(name));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The alert that goes with flags, in the order of mbedTLS. */
  static short alert(int flags) {
    if ((flags & WRONG_NAME) != 0) {
      return AlertDescription.bad_certificate;
    }
    if ((flags & (KEY_USAGE | EXTENDED_KEY_USAGE)) != 0) {
      return AlertDescription.unsupported_certificate;
    }
    if ((flags & EXPIRED) != 0) {
      return AlertDescription.certificate_expired;
    }
    return (flags & NOT_TRUSTED) != 0
        ? AlertDescription.unknown_ca
        : AlertDescription.certificate_unknown;
  }
}
