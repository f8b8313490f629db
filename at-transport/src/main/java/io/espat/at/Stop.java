package io.espat.at;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells a thread that waits why it need not wait any longer: its socket was closed, say. */
@FunctionalInterface
interface Stop {
  Stop NEVER = () -> null;

  /** Returns a new exception for the waiting thread, or null while it goes on waiting. */
  @Nullable IOException reason();
}
