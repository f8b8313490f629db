package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What carries one link: an open transport that never blocks; loop thread only.
 *
 * <p>Readiness is told by the selector through {@link #takeReadable} and {@link #takeWritable},
 * once for each time that {@link #want} asked.
 */
interface LinkChannel {
  /** The type as {@code AT+CIPSTATE} lists it: TCP, SSL, UDP and so on. */
  String type();

  InetSocketAddress remote();

  int localPort();

  /** How many bytes one read gives at most: a segment, a record, a datagram. */
  int piece();

  /** How many received bytes the module holds for this link before it reads no more. */
  int window();

  /** Names who the next write goes to; says whether this transport lets one choose. */
  default boolean nextTo(InetSocketAddress to) {
    return false;
  }

  /** Reads one piece into a buffer with room for it; 0 when nothing came, −1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /**
   * After the end was read: the size of the record that closed the transport in good order, 0 when
   * there was none. In passive receive the firmware takes it for data.
   */
  default int closingRecord() {
    return 0;
  }

  /**
   * Takes what it can of the bytes and says whether all of them, and all before them, are out of
   * the module's hands: if not, it is to be called again once {@link #takeWritable} says so.
   */
  boolean write(ByteBuffer bytes) throws IOException;

  /** Says once whether there may be something to read. */
  boolean takeReadable();

  /** Says once whether bytes are taken again. */
  boolean takeWritable();

  /** How many bytes the module holds of this link that were not taken from it. */
  default void unread(int bytes) {}

  /** Waits for these; neither is asked for by a link that the module leaves alone. */
  void want(boolean reading, boolean writing);

  /** Ends the transport; never fails. */
  void close();

  /** Ends the transport as one that lost its network: the peer is not told that all is said. */
  default void abort() {
    close();
  }
}
