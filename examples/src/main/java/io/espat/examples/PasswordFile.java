package io.espat.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads a password from a file without leaving a copy in a String. */
final class PasswordFile {
  private PasswordFile() {}

  /** The first line; the caller wipes it. */
  static char[] read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    CharBuffer text = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    int length = 0;
    while (length < text.length() && text.get(length) != '\n' && text.get(length) != '\r') length++;
    char[] password = Arrays.copyOf(text.array(), length);
    Arrays.fill(text.array(), '\0');
    Arrays.fill(bytes, (byte) 0);
    return password;
  }
}
