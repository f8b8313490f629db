package io.espat.tls;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A TLS 1.3 session ticket with the key that goes with it (RFC 8446 section 4.6.1). */
final class Ticket {
  private static final long LONGEST_LIFE = TimeUnit.DAYS.toSeconds(7);

  private final byte[] identity;
  private final byte[] key;
  private final int prf;
  private final long ageAdd;
  private final long lifetime;
  private final long received;

  /** Takes the arrays over; the life time is in seconds. */
  Ticket(byte[] identity, byte[] key, int prf, long ageAdd, long lifetime) {
    this(identity, key, prf, ageAdd, Math.min(lifetime, LONGEST_LIFE), System.nanoTime());
  }

  private Ticket(byte[] identity, byte[] key, int prf, long ageAdd, long lifetime, long received) {
    this.identity = identity;
    this.key = key;
    this.prf = prf;
    this.ageAdd = ageAdd;
    this.lifetime = lifetime;
    this.received = received;
  }

  /** A copy with a key of its own, which outlives the wiping of this one. */
  Ticket copy() {
    return new Ticket(identity, key.clone(), prf, ageAdd, lifetime, received);
  }

  boolean isCopyOf(Ticket other) {
    return Arrays.equals(identity, other.identity);
  }

  byte[] identity() {
    return identity;
  }

  /** A copy of the pre-shared key. */
  byte[] key() {
    return key.clone();
  }

  /** BC's number of the pseudo-random function, which the resuming suite has to share. */
  int prf() {
    return prf;
  }

  boolean isFresh() {
    return age() < TimeUnit.SECONDS.toMillis(lifetime);
  }

  /** The age in ms as it is shown on the wire: hidden by an addend that only the server knows. */
  long obfuscatedAge() {
    return age() + ageAdd & 0xffff_ffffL;
  }

  void wipe() {
    Arrays.fill(key, (byte) 0);
  }

  private long age() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - received);
  }
}
