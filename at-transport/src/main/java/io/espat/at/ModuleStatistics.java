package io.espat.at;

/**
 * Counts since the module was opened.
 *
 * @param commands AT commands written, sends included
 * @param bytesSent bytes written to the wire
 * @param bytesReceived bytes read from the wire
 */
public record ModuleStatistics(long commands, long bytesSent, long bytesReceived) {}
