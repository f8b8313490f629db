package io.espat.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Who the server proved to be, with the pin ready to paste. */
final class Peer {
  private Peer() {}

  /** Adds it to what is told of a TLS connection; nothing for a certificate nobody has seen. */
  static Json add(Json tls, @Nullable X509Certificate leaf) {
    if (leaf == null) return tls;
    return tls.put("peer", leaf.getSubjectX500Principal().getName())
        .put("notAfter", leaf.getNotAfter().toInstant())
        .put("spki", "sha256//" + pin(leaf));
  }

  static @Nullable X509Certificate certificate(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate leaf ? leaf : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private static String pin(X509Certificate certificate) {
    try {
      byte[] key = certificate.getPublicKey().getEncoded();
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
