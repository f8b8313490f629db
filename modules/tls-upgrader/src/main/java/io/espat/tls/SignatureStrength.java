package io.espat.tls;

import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Which signatures of certificates mean anything: those over a hash of the SHA-2 or SHA-3 family.
 */
final class SignatureStrength {
  private static final Pattern SOUND =
      Pattern.compile("SHA(3-)?(256|384|512)(/256)?WITH(RSA|ECDSA)|ED(25519|448|DSA)");
  private static final Set<ASN1ObjectIdentifier> SOUND_HASHES =
      Set.of(
          NISTObjectIdentifiers.id_sha256,
          NISTObjectIdentifiers.id_sha384,
          NISTObjectIdentifiers.id_sha512);

  private SignatureStrength() {}

  static boolean isSound(X509Certificate certificate) {
    String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    return name.equals("RSASSA-PSS") ? isSoundPss(certificate) : SOUND.matcher(name).matches();
  }

  /** The name of PSS tells no hash; left out, both of its hashes are SHA-1 (RFC 8017 A.2.3). */
  private static boolean isSoundPss(X509Certificate certificate) {
    byte[] encoded = certificate.getSigAlgParams();
    if (encoded == null) return false;
    try {
      RSASSAPSSparams parameters = RSASSAPSSparams.getInstance(encoded);
      AlgorithmIdentifier mask =
          AlgorithmIdentifier.getInstance(parameters.getMaskGenAlgorithm().getParameters());
      return SOUND_HASHES.contains(parameters.getHashAlgorithm().getAlgorithm())
          && mask != null
          && SOUND_HASHES.contains(mask.getAlgorithm());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
