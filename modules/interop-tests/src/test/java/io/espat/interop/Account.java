package io.espat.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The one account of a server under test, with a password that occurs nowhere else. */
record Account(String user, String password) {
  /** The realm-less user {@code pump} with a fresh password. */
  static Account fresh() {
    byte[] random = new byte[12];
    ThreadLocalRandom.current().nextBytes(random);
    return new Account("pump", "pw-" + HexFormat.of().formatHex(random));
  }

  /** Writes the password as {@code --password-file} reads it: one line, for its owner alone. */
  Path writePassword(Path file) throws IOException {
    Files.writeString(file, password + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Override
  public String toString() {
    return user;
  }
}
