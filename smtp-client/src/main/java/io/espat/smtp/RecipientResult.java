package io.espat.smtp;

/**
 * What the server said to one recipient.
 *
 * @param address as it stood in the envelope
 * @param accepted whether the server takes mail for it (reply 2yz to {@code RCPT TO})
 * @param reply the server's words, all lines of them
 */
public record RecipientResult(String address, boolean accepted, String reply) {
  /** Whether the refusal was temporary (4yz). */
  public boolean isTransient() {
    return reply.startsWith("4");
  }
}
