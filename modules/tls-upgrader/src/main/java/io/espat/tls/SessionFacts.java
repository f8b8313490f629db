package io.espat.tls;

import java.security.cert.X509Certificate;
import java.util.List;

/** What was agreed in a handshake, free of secrets. */
record SessionFacts(
    TlsVersion version, String suite, boolean resumed, List<X509Certificate> chain) {}
