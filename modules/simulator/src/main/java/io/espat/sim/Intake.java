package io.espat.sim;

import org.jspecify.annotations.Nullable;

/**
 * Takes the chunks behind a prompt: the payload of a send, a value to store, a passthrough; loop
 * thread only.
 *
 * <p>It ends itself by {@link CommandPort#verdict}, {@link CommandPort#done} or {@link
 * CommandPort#refuse}.
 */
interface Intake {
  /** Whether a chunk is taken now; else it waits on the line. */
  default boolean takes() {
    return true;
  }

  /** Takes a chunk. */
  void take(byte[] chunk);

  /**
   * How many bytes it takes until it has something to do, or {@link Pacing#CHUNKS} when it looks at
   * each chunk as it comes.
   */
  default int wants() {
    return Pacing.CHUNKS;
  }

  /** Whether nothing more is wanted: chunks that still come are dropped without a word. */
  default boolean complete() {
    return false;
  }

  /** The link whose send holds the socket lock, so that no link is read; null between sends. */
  default @Nullable SimLink holds() {
    return null;
  }

  /** Whether what is taken must never be shown. */
  default boolean secret() {
    return false;
  }

  /** Whether that link is to take bytes: else the lock is held for nothing that it could do. */
  default boolean writes() {
    return holds() != null;
  }

  /** Goes on once that link takes bytes again. */
  default void proceed() {}

  /** Looks, once a round, whether what it waited for has come. */
  default void look() {}

  /** Whether three plus signs alone end it. */
  default boolean cancels() {
    return false;
  }

  /** Ends as if it had read three plus signs alone. */
  default void cancel() {}

  /** Ends without a word, as a restart does. */
  default void abandon() {}
}
