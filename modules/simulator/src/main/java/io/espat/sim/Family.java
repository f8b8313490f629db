package io.espat.sim;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The kinds of addresses, and how they are written. */
enum Family {
  V4,
  V6,
  /** IPv4 where there is one. */
  ANY;

  boolean takes(InetAddress address) {
    return switch (this) {
      case V4 -> address instanceof Inet4Address;
      case V6 -> address instanceof Inet6Address;
      case ANY -> true;
    };
  }

  /** The address that a text is, if it is one: no text is ever handed to a resolver. */
  static @Nullable InetAddress literal(String text) {
    byte[] octets = Resolver.literal(text);
    try {
      if (octets != null) {
        return InetAddress.getByAddress(octets);
      }
      if (text.indexOf(':') < 0 || !text.matches("[0-9A-Fa-f:.]{2,45}")) {
        return null;
      }
      return InetAddress.getByName(text) instanceof Inet6Address six ? six : null;
    } catch (UnknownHostException e) {
      return null; // has a colon, and is still no address
    }
  }

  /** The address of this computer itself. */
  InetAddress loopback() {
    byte[] octets = this == V6 ? new byte[16] : new byte[] {127, 0, 0, 0};
    octets[octets.length - 1] = 1;
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four or sixteen octets are always an address", e);
    }
  }

  /** How lwIP writes an address: in IPv6 with capitals, the longest run of zeros left out. */
  static String text(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] octets = address.getAddress();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i += 2) {
      int group = (octets[i] & 0xFF) << 8 | octets[i + 1] & 0xFF;
      text.append(i == 0 ? "" : ":").append(Integer.toHexString(group));
    }
    return shortened(text.toString()).toUpperCase(java.util.Locale.ROOT);
  }

  private static String shortened(String groups) {
    for (int run = 8; run > 1; run--) {
      String zeros = "0:".repeat(run - 1) + "0";
      if (groups.equals(zeros)) {
        return "::";
      }
      if (groups.startsWith(zeros + ":")) {
        return ":" + groups.substring(zeros.length());
      }
      int at = groups.indexOf(":" + zeros + ":");
      if (at >= 0) {
        return groups.substring(0, at) + "::" + groups.substring(at + zeros.length() + 2);
      }
      if (groups.endsWith(":" + zeros)) {
        return groups.substring(0, groups.length() - zeros.length()) + ":";
      }
    }
    return groups;
  }
}
