package io.espat.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The server keys and certificates that are demanded; immutable. */
final class Pins {
  private static final String SCHEME = "sha256//";
  private static final byte[] NONE = {};

  private final Set<String> keys;
  private final Set<String> fingerprints;

  private Pins(Set<String> keys, Set<String> fingerprints) {
    this.keys = keys;
    this.fingerprints = fingerprints;
  }

  static Pins none() {
    return new Pins(Set.of(), Set.of());
  }

  /** Adds keys in the form of curl's --pinnedpubkey. */
  Pins withKeys(String list) {
    Set<String> more = new LinkedHashSet<>(keys);
    for (String each : list.split(";", -1)) {
      String pin = each.strip();
      byte[] digest = pin.startsWith(SCHEME) ? decoded(pin.substring(SCHEME.length())) : NONE;
      if (digest.length != 32) {
        throw new IllegalArgumentException(
            "a pin is " + SCHEME + " and the base64 of 32 bytes, not \"" + pin + "\"");
      }
      // In one form, for base64 may come without its padding.
      more.add(SCHEME + Base64.getEncoder().encodeToString(digest));
    }
    return new Pins(Set.copyOf(more), fingerprints);
  }

  Pins withFingerprint(String hex) {
    String digits = hex.strip().replace(":", "").toLowerCase(Locale.ROOT);
    if (!digits.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a SHA-256 fingerprint is 64 hexadecimal digits, not \"" + hex + "\"");
    }
    Set<String> more = new LinkedHashSet<>(fingerprints);
    more.add(digits);
    return new Pins(keys, Set.copyOf(more));
  }

  boolean demandsKey() {
    return !keys.isEmpty();
  }

  boolean demandsCertificate() {
    return !fingerprints.isEmpty();
  }

  boolean acceptsKeyOf(X509Certificate leaf) {
    return keys.contains(pinOf(leaf));
  }

  boolean acceptsCertificate(X509Certificate leaf) {
    return fingerprints.contains(fingerprintOf(leaf));
  }

  static String pinOf(X509Certificate certificate) {
    return SCHEME
        + Base64.getEncoder().encodeToString(sha256(certificate.getPublicKey().getEncoded()));
  }

  static String fingerprintOf(X509Certificate certificate) {
    try {
      return HexFormat.of().formatHex(sha256(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate without an encoding", e);
    }
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return NONE;
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
