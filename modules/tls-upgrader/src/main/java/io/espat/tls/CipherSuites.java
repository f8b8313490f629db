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

  /** TLS 1.3 suites first, each list by preference. */
  static int[] codes() {
    return OFFERED.keySet().stream().mapToInt(Integer::intValue).toArray();
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
