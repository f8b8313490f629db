package io.espat.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A complete RFC 5322 message that is hard on whoever carries it. */
record Letter(byte[] bytes) {
  static final String FROM = "pump7@example.test";
  static final String TO = "ops@example.test";

  /**
   * Dots at line starts, empty lines, long lines, 8-bit text; as long as asked for, from a seed.
   */
  static Letter of(int length, long seed) {
    Random random = new Random(seed);
    StringBuilder text =
        new StringBuilder("Date: Sat, 21 Nov 2026 03:22:00 +0000\r\n")
            .append("From: Pump 7 <" + FROM + ">\r\nTo: " + TO + "\r\n")
            .append("Message-ID: <" + Long.toHexString(seed) + "@pump7.example.test>\r\n")
            .append("Subject: pump 7 hot\r\nMIME-Version: 1.0\r\n")
            .append("X-Folded: one\r\n two\r\n\tthree\r\n")
            .append("Content-Type: text/plain; charset=utf-8\r\n")
            .append("Content-Transfer-Encoding: 8bit\r\n\r\n")
            .append(".\r\n..\r\n.leading dot\r\n\r\n\r\ntrailing blanks  \t\r\n")
            .append("From the start of a line\r\n+++\r\nAT+CIPCLOSE=0\r\n> \r\nSEND OK\r\n")
            .append("Grüße aus der Pumpe\r\n")
            .append("x".repeat(990) + "\r\n");
    while (text.length() < length) line(text, random);
    return new Letter(text.append(".\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void line(StringBuilder text, Random random) {
    int width = random.nextInt(120);
    for (int i = 0; i < width; i++) text.append((char) (' ' + random.nextInt(95)));
    text.append("\r\n");
  }

  Path write(Path file) throws IOException {
    return Files.write(file, bytes);
  }
}
