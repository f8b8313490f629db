package io.espat.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust and how long to wait: an immutable TLS policy. {@link #modern()} is the one to
 * start from; a builder only changes what differs.
 *
 * <p>Not a setting, because nothing else is safe: authenticated encryption with ephemeral keys only
 * (AES-GCM, ChaCha20-Poly1305 over ECDHE), no SHA-1, no RSA key below 2048 bits, no renegotiation,
 * no early data.
 */
public final class TlsConfig {
  private final TrustAnchors anchors;
  private final Pins pins;
  private final TlsVersion oldest;
  private final TlsVersion newest;
  private final @Nullable String name;
  private final Clock clock;
  private final Duration handshakeTimeout;
  private final Duration closeTimeout;
  private final boolean insecure;

  private TlsConfig(Builder builder, List<X509Certificate> trusted) {
    anchors = new TrustAnchors(trusted, builder.systemTrust);
    pins = builder.pins;
    oldest = builder.oldest;
    newest = builder.newest;
    name = builder.name;
    clock = builder.clock;
    handshakeTimeout = builder.handshakeTimeout;
    closeTimeout = builder.closeTimeout;
    insecure = builder.insecure;
  }

  /** TLS 1.2 and 1.3, the CA set of the Java installation, names by RFC 9525. */
  public static TlsConfig modern() {
    return new TlsConfig(new Builder(), List.of());
  }

  /** Begins with the settings of {@link #modern()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Begins with these settings. Trust files were read already and are not read again. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.trusted.addAll(anchors.own());
    builder.systemTrust = anchors.system();
    builder.pins = pins;
    builder.oldest = oldest;
    builder.newest = newest;
    builder.name = name;
    builder.clock = clock;
    builder.handshakeTimeout = handshakeTimeout;
    builder.closeTimeout = closeTimeout;
    builder.insecure = insecure;
    return builder;
  }

  /** Whether certificates are accepted unseen; see {@link Builder#insecure()}. */
  public boolean isInsecure() {
    return insecure;
  }

  TrustAnchors anchors() {
    return anchors;
  }

  Pins pins() {
    return pins;
  }

  TlsVersion oldest() {
    return oldest;
  }

  TlsVersion newest() {
    return newest;
  }

  @Nullable String name() {
    return name;
  }

  Clock clock() {
    return clock;
  }

  Duration handshakeTimeout() {
    return handshakeTimeout;
  }

  Duration closeTimeout() {
    return closeTimeout;
  }

  /** Collects settings; not for use by several threads. */
  public static final class Builder {
    private final List<Path> trustFiles = new ArrayList<>();
    private final List<X509Certificate> trusted = new ArrayList<>();
    private boolean systemTrust = true;
    private Pins pins = Pins.none();
    private TlsVersion oldest = TlsVersion.TLS12;
    private TlsVersion newest = TlsVersion.TLS13;
    private @Nullable String name;
    private Clock clock = Clock.systemUTC();
    private Duration handshakeTimeout = Duration.ofSeconds(30);
    private Duration closeTimeout = Duration.ofSeconds(3);
    private boolean insecure;

    private Builder() {}

    /**
     * Trusts the certificates of a PEM file too, authorities or single self-signed servers;
     * repeatable. The file is read by {@link #build()}.
     */
    public Builder trustFile(Path pem) {
      trustFiles.add(Objects.requireNonNull(pem, "pem"));
      return this;
    }

    /** Trusts these certificates too; repeatable. */
    public Builder trust(X509Certificate... certificates) {
      trusted.addAll(Arrays.asList(certificates));
      return this;
    }

    /** Trusts the CA set of the Java installation; on by default, loaded at first need. */
    public Builder systemTrust(boolean on) {
      systemTrust = on;
      return this;
    }

    /**
     * Demands, in addition to the chain, that the server's public key is one of these: {@code
     * sha256//BASE64}, the SHA-256 of its SubjectPublicKeyInfo, several separated by {@code ;}.
     * Repeatable: one match is enough. A malformed pin is an {@link IllegalArgumentException}.
     */
    public Builder pin(String sha256Pin) {
      pins = pins.withKeys(sha256Pin);
      return this;
    }

    /**
     * Trusts exactly the server certificate with this SHA-256 fingerprint (hex, with or without
     * colons) whatever its issuer, dates and names say, and no other. Repeatable: one match is
     * enough. A malformed fingerprint is an {@link IllegalArgumentException}.
     */
    public Builder fingerprint(String sha256Hex) {
      pins = pins.withFingerprint(sha256Hex);
      return this;
    }

    /** Limits the versions to {@code min} to {@code max}; TLS 1.2 to 1.3 by default. */
    public Builder versions(TlsVersion min, TlsVersion max) {
      if (min.compareTo(max) > 0) {
        throw new IllegalArgumentException("versions from " + min + " to " + max + " are none");
      }
      oldest = min;
      newest = max;
      return this;
    }

    /** Checks and sends (SNI) this name in place of the host that is given to the upgrader. */
    public Builder name(String serverName) {
      PeerName.of(serverName);
      name = serverName;
      return this;
    }

    /** The clock by which validity is judged; the computer's by default. */
    public Builder clock(Clock validityClock) {
      clock = Objects.requireNonNull(validityClock, "clock");
      return this;
    }

    /** The limit for a whole handshake, however slowly its bytes drip; 30 s by default. */
    public Builder handshakeTimeout(Duration limit) {
      handshakeTimeout = positive(limit, "handshake time-out");
      return this;
    }

    /** The limit for close_notify and the wait for the peer's answer to it; 3 s by default. */
    public Builder closeTimeout(Duration limit) {
      closeTimeout = positive(limit, "close time-out");
      return this;
    }

    /**
     * Accepts every certificate: encrypted, but to whomever answers. A warning is logged at each
     * handshake. Pins and fingerprints still hold.
     */
    public Builder insecure() {
      insecure = true;
      return this;
    }

    /**
     * Reads the trust files and makes the policy. Throws an {@link IOException} with a sentence
     * that names the file, when one cannot be read, holds no certificate or a malformed one.
     */
    public TlsConfig build() throws IOException {
      List<X509Certificate> all = new ArrayList<>(trusted);
      for (Path file : trustFiles) all.addAll(PemFile.certificates(file));
      return new TlsConfig(this, all);
    }

    private static Duration positive(Duration limit, String what) {
      if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(what + " must be 1 ms to 1 day, not " + limit);
      }
      return limit;
    }
  }
}
