package io.espat.interop;

import io.espat.sim.TestAuthority;
import java.io.IOException;

/**
 * A mail server for {@code mail.test} and a file server for {@code files.test}, both on loopback.
 */
interface Peers extends Closing, AutoCloseable {
  /** Who issued both certificates. */
  TestAuthority authority();

  int mailPort();

  Account mailAccount();

  /** The next mail, without trace headers; fails when none comes in time. */
  byte[] awaitMail() throws IOException;

  int filesPort();

  Account filesAccount();

  @Override
  void close() throws IOException;
}
