package io.espat.ftp;

import java.time.Duration;

/**
 * Hears how a session and its transfers come along.
 *
 * <p>Calls come from the thread that uses the client, between two steps of the protocol: return
 * soon, throw nothing, and do not call the client. No secret is ever handed over.
 */
public interface TransferListener {
  /**
   * A stage succeeded.
   *
   * @param stage what was done
   * @param took how long it took
   * @param detail what came of it, for people, such as {@code TLSv1.3 TLS_AES_128_GCM_SHA256}
   */
  default void stage(FtpsStage stage, Duration took, String detail) {}

  /**
   * One line of the control dialogue, control characters escaped, password replaced by {@code
   * ********}.
   *
   * @param fromServer true for a reply, false for a command
   * @param encrypted true if the line travelled inside TLS
   * @param redactedLine the line without its line end
   */
  default void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {}

  /**
   * Bytes of a file were moved; at most ten calls a second, and one when the last byte is through.
   *
   * @param bytes how many so far
   * @param total how many there will be, or -1 if nobody knows
   */
  default void progress(long bytes, long total) {}
}
