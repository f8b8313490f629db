package io.espat.at;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses that stand for none, with a name, so that nobody looks it up backwards. */
final class Addresses {
  /** Any local address. */
  static final InetAddress ANY = any();

  /** A peer that the module does not know any more. */
  static final InetSocketAddress NOBODY = new InetSocketAddress(ANY, 0);

  private Addresses() {}

  private static InetAddress any() {
    try {
      return InetAddress.getByAddress("0.0.0.0", new byte[4]);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes were refused", e);
    }
  }
}
