package io.espat.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a path from a server's certificate to a trusted authority, by the PKIX implementation
 * of the JDK (RFC 5280 section 6). Revocation is not asked: that takes connections of its own.
 */
final class PathFinder {
  private static final int MOST_INTERMEDIATES = 8;

  private final TrustAnchors anchors;

  PathFinder(TrustAnchors anchors) {
    this.anchors = anchors;
  }

  /**
   * The certificates from the leaf to the one below the authority as they stand at a time, or null
   * if there is no path.
   */
  @Nullable List<X509Certificate> find(List<X509Certificate> presented, Date at) {
    X509Certificate leaf = presented.get(0);
    // Named itself: a self-signed server, or one that is trusted without its authority.
    if (anchors.names(leaf)) return List.of(leaf);
    try {
      List<X509Certificate> path = find(presented, at, anchors.ofConfig());
      return path != null ? path : find(presented, at, anchors.ofJava());
    } catch (GeneralSecurityException e) {
      return null; // a certificate that the JDK cannot judge is not trusted
    }
  }

  private static @Nullable List<X509Certificate> find(
      List<X509Certificate> presented, Date at, Set<TrustAnchor> trusted)
      throws GeneralSecurityException {
    if (trusted.isEmpty()) return null;
    X509CertSelector leaf = new X509CertSelector();
    leaf.setCertificate(presented.get(0));
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, leaf);
    parameters.setRevocationEnabled(false);
    parameters.setDate(at);
    parameters.setMaxPathLength(MOST_INTERMEDIATES);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(presented)));
    try {
      return CertPathBuilder.getInstance("PKIX")
          .build(parameters)
          .getCertPath()
          .getCertificates()
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertPathBuilderException e) {
      return null;
    }
  }
}
