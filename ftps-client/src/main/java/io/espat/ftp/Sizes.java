package io.espat.ftp;

import java.util.OptionalLong;

/** Reads the reply to SIZE (RFC 3659 section 4). */
final class Sizes {
  private Sizes() {}

  /** The size, or empty if this is no 213 with a number. */
  static OptionalLong of(FtpReply reply) {
    String words = reply.words();
    boolean number = reply.code() == 213 && words.matches("\\d{1,18}");
    return number ? OptionalLong.of(Long.parseLong(words)) : OptionalLong.empty();
  }
}
