package io.espat.smtp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Knows the secrets of one login while it lasts, and takes them out of what the server says: some
 * servers quote the line they refuse.
 */
final class Redaction implements AutoCloseable {
  static final String MARK = "********";
  static final Redaction NONE = new Redaction(List.of());

  private final List<byte[]> secrets; // longest first: one may begin like another

  private Redaction(List<byte[]> secrets) {
    this.secrets = secrets;
  }

  /** Takes over these arrays, and wipes them when closed. */
  static Redaction of(byte[]... secrets) {
    return new Redaction(
        Arrays.stream(secrets)
            .filter(each -> each.length > 0)
            .sorted(Comparator.comparingInt((byte[] each) -> each.length).reversed())
            .toList());
  }

  /** Whether there is anything to take out. */
  boolean any() {
    return !secrets.isEmpty();
  }

  /** The line as text, with every secret behind its code replaced by a mark of fixed length. */
  String shown(byte[] line) {
    ByteArrayOutputStream text = new ByteArrayOutputStream(line.length);
    int i = 0;
    while (i < line.length) {
      int length = i < 4 ? 0 : secretAt(line, i);
      if (length == 0) {
        text.write(line[i++]);
      } else {
        text.writeBytes(MARK.getBytes(StandardCharsets.US_ASCII));
        i += length;
      }
    }
    return Text.shown(text.toByteArray(), text.size());
  }

  private int secretAt(byte[] line, int at) {
    for (byte[] secret : secrets) {
      int end = at + secret.length;
      if (end <= line.length && Arrays.equals(line, at, end, secret, 0, secret.length)) {
        return secret.length;
      }
    }
    return 0;
  }

  @Override
  public void close() {
    secrets.forEach(each -> Arrays.fill(each, (byte) 0));
  }
}
