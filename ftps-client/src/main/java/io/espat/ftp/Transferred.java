package io.espat.ftp;

import java.time.Duration;

/**
 * What came of an upload or a download that succeeded.
 *
 * @param remote the remote path
 * @param bytes how many bytes the file has
 * @param took from the first command of the transfer to the last reply
 * @param reply the server's final reply to the transfer, lines parted by {@code \n}
 * @param sizeConfirmed true if the server's SIZE equals {@code bytes}; false only if the server
 *     does not tell sizes
 * @param resumed true if the data connection resumed the TLS session of the control connection
 */
public record Transferred(
    String remote,
    long bytes,
    Duration took,
    String reply,
    boolean sizeConfirmed,
    boolean resumed) {}
