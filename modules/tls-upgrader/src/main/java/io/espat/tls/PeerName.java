package io.espat.tls;

import java.net.IDN;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/**
 * The name that a server has to prove: a DNS name in ASCII form or a literal address. Matching
 * follows RFC 9525 section 6: only subjectAltName counts, a wildcard stands for the whole left-most
 * label and for exactly one.
 */
final class PeerName {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern LABELS =
      Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  private final String text;
  private final byte @Nullable [] address;

  private PeerName(String text, byte @Nullable [] address) {
    this.text = text;
    this.address = address;
  }

  /** Takes a name or a literal address, in brackets or not; never asks a resolver. */
  static PeerName of(String host) {
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    byte[] literal = addressOf(bare);
    if (literal != null) return new PeerName(bare, literal);
    String name = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    try {
      name = IDN.toASCII(name).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a host name: \"" + host + "\"", e);
    }
    // What looks like an address must not be checked as a name: 256.1.1.1, or with a dot behind.
    if (name.length() > 253 || !LABELS.matcher(name).matches() || IPV4.matcher(name).matches()) {
      throw new IllegalArgumentException("not a host name: \"" + host + "\"");
    }
    return new PeerName(name, null);
  }

  boolean isAddress() {
    return address != null;
  }

  /** Whether a dNSName of a certificate stands for this name. */
  boolean matchesName(String presented) {
    if (address != null) return false;
    String pattern = presented.toLowerCase(Locale.ROOT);
    if (!pattern.startsWith("*.")) return pattern.equals(text);
    // A wildcard over a whole top-level domain is nobody's to hold.
    String parent = pattern.substring(1);
    if (parent.indexOf('*') >= 0 || parent.indexOf('.', 1) < 0) return false;
    int firstDot = text.indexOf('.');
    return firstDot > 0 && text.substring(firstDot).equals(parent);
  }

  /** Whether an iPAddress of a certificate is this address. */
  boolean matchesAddress(String presented) {
    return address != null && Arrays.equals(address, addressOf(presented));
  }

  static byte @Nullable [] addressOf(String text) {
    if (text.indexOf(':') >= 0) {
      if (!IPAddress.isValidIPv6(text)) return null;
      // Not InetAddress: what it does not take for a literal it looks up.
      GeneralName literal = new GeneralName(GeneralName.iPAddress, text);
      return ASN1OctetString.getInstance(literal.getName()).getOctets();
    }
    if (!IPV4.matcher(text).matches()) return null;
    byte[] bytes = new byte[4];
    String[] parts = text.split("\\.");
    for (int i = 0; i < 4; i++) {
      int value = Integer.parseInt(parts[i]);
      if (value > 255) return null;
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PeerName name
        && (address == null ? text.equals(name.text) : Arrays.equals(address, name.address));
  }

  @Override
  public int hashCode() {
    return address == null ? text.hashCode() : Arrays.hashCode(address);
  }

  @Override
  public String toString() {
    return text;
  }
}
