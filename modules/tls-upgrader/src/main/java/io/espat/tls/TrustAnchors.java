package io.espat.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that are believed: those of the configuration, and those of the Java
 * installation, which are loaded only when the first do not suffice (some 150 certificates, a
 * noticeable time on a small computer).
 */
final class TrustAnchors {
  private static final int KEY_CERT_SIGN = 5;

  private final List<X509Certificate> own;
  private final boolean system;
  private final ReentrantLock loading = new ReentrantLock();
  private @Nullable Set<TrustAnchor> installed; // Guarded by loading

  TrustAnchors(List<X509Certificate> own, boolean system) {
    this.own = List.copyOf(own);
    this.system = system;
  }

  List<X509Certificate> own() {
    return own;
  }

  boolean system() {
    return system;
  }

  /** A certificate that was named itself, such as that of a self-signed server. */
  boolean names(X509Certificate certificate) {
    return own.contains(certificate);
  }

  Set<TrustAnchor> ofConfig() {
    return anchors(own.stream());
  }

  /** The anchors of the Java installation, or none if they are not to be believed. */
  Set<TrustAnchor> ofJava() throws GeneralSecurityException {
    if (!system) return Set.of();
    loading.lock();
    try {
      Set<TrustAnchor> known = installed;
      if (known == null) {
        known = load();
        installed = known;
      }
      return known;
    } finally {
      loading.unlock();
    }
  }

  private static Set<TrustAnchor> load() throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init((KeyStore) null);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509TrustManager manager) {
        return anchors(Stream.of(manager.getAcceptedIssuers()));
      }
    }
    return Set.of();
  }

  private static Set<TrustAnchor> anchors(Stream<X509Certificate> certificates) {
    return certificates
        .filter(TrustAnchors::mayIssue)
        .map(certificate -> new TrustAnchor(certificate, null))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * PKIX takes every anchor for an authority. A self-signed server that is trusted for itself is
   * none: whoever has its key could speak for every name. Version 1 knows no such extensions.
   */
  private static boolean mayIssue(X509Certificate certificate) {
    if (certificate.getVersion() < 3) return true;
    boolean[] usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0 && (usage == null || usage[KEY_CERT_SIGN]);
  }
}
