package io.espat.tls;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.tls.CipherSuite;

/**
 * The suites that are offered, in order of preference: authenticated encryption with ephemeral keys
 * only. AES-128 first: small devices and servers do it fastest.
 */
final class CipherSuites {
  private static final Map<Integer, String> OFFERED = offered();

  private CipherSuites() {}

  /** The suites of these versions, by preference. */
  static int[] codes(TlsVersion oldest, TlsVersion newest) {
    return OFFERED.keySet().stream()
        .mapToInt(Integer::intValue)
        .filter(code -> isOf13(code) ? newest == TlsVersion.TLS13 : oldest == TlsVersion.TLS12)
        .toArray();
  }

  private static boolean isOf13(int code) {
    return code >> 8 == 0x13;
  }

  static String[] names() {
    return OFFERED.values().toArray(String[]::new);
  }

  /** The IANA name. */
  static String name(int code) {
    return OFFERED.getOrDefault(code, "0x" + Integer.toHexString(code));
  }

  private static Map<Integer, String> offered() {
    Map<Integer, String> all = new LinkedHashMap<>();
    all.put(CipherSuite.TLS_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256");
    all.put(CipherSuite.TLS_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384");
    all.put(CipherSuite.TLS_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256");
    all.put(
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    all.put(
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    all.put(
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    all.put(
        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    all.put(
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    all.put(
        CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    return Collections.unmodifiableMap(all);
  }
}
