package io.espat.smtp;

import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** A user and a password that can be wiped; neither is ever part of a text. */
final class Credentials {
  private final ReentrantLock lock = new ReentrantLock();
  private final String user;
  private final char[] password; // guarded by lock
  private boolean wiped; // guarded by lock

  Credentials(String user, char[] password) {
    if (user.isEmpty()) throw new IllegalArgumentException("the user of a login must not be empty");
    // NUL parts the fields of SASL PLAIN (RFC 4616); line ends have no business in either
    if (user.chars().anyMatch(Credentials::forbidden)) {
      throw new IllegalArgumentException("the user of a login must not hold NUL, CR or LF");
    }
    for (char each : password) {
      if (forbidden(each)) {
        throw new IllegalArgumentException("the password must not hold NUL, CR or LF");
      }
    }
    this.user = user;
    this.password = password.clone();
  }

  private static boolean forbidden(int octet) {
    return octet == 0 || octet == '\r' || octet == '\n';
  }

  /** The user in UTF-8; the caller wipes it. */
  byte[] user() {
    return user.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The password in UTF-8; the caller wipes it.
   *
   * @throws SocketException once wiped, which closing the client does under a send in progress
   */
  byte[] password() throws SocketException {
    lock.lock();
    try {
      if (wiped) throw new SocketException("the client is closed, its password wiped");
      ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      Arrays.fill(encoded.array(), (byte) 0);
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** The message of SASL PLAIN (RFC 4616), without an authorization identity. */
  byte[] plain() throws SocketException {
    byte[] name = user();
    byte[] secret = password();
    byte[] message = new byte[name.length + secret.length + 2];
    System.arraycopy(name, 0, message, 1, name.length);
    System.arraycopy(secret, 0, message, name.length + 2, secret.length);
    Arrays.fill(secret, (byte) 0);
    return message;
  }

  void wipe() {
    lock.lock();
    try {
      wiped = true;
      Arrays.fill(password, '\0');
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "Credentials[********]";
  }
}
