package io.espat.tls;

import org.bouncycastle.tls.ProtocolVersion;

/** The versions of TLS that are spoken; nothing older exists here. */
public enum TlsVersion {
  /** TLS 1.2 (RFC 5246), with ephemeral keys and authenticated encryption only. */
  TLS12("TLSv1.2", ProtocolVersion.TLSv12),

  /** TLS 1.3 (RFC 8446). */
  TLS13("TLSv1.3", ProtocolVersion.TLSv13);

  private final String protocol;
  private final ProtocolVersion wire;

  TlsVersion(String protocol, ProtocolVersion wire) {
    this.protocol = protocol;
    this.wire = wire;
  }

  /** The name that the JDK gives it: {@code TLSv1.2} or {@code TLSv1.3}. */
  public String protocol() {
    return protocol;
  }

  ProtocolVersion wire() {
    return wire;
  }

  static TlsVersion of(ProtocolVersion version) {
    return ProtocolVersion.TLSv13.equals(version) ? TLS13 : TLS12;
  }
}
