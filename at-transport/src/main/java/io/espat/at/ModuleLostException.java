package io.espat.at;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The module restarted, fell silent for good, was closed, or the wire to it ended: every link is
 * gone.
 *
 * <p>Everybody who was waiting gets an exception of their own with the same {@link #first()}.
 */
public final class ModuleLostException extends AtException {
  private static final long serialVersionUID = 1L;

  ModuleLostException(String id, String message, @Nullable Throwable cause) {
    super(id, message, "", List.of(), cause);
  }

  /** Returns the first report of this loss: the same object for every waiter and link. */
  public ModuleLostException first() {
    return getCause() instanceof ModuleLostException earlier ? earlier.first() : this;
  }

  /** Makes an exception for one more waiter, with a stack trace of its own. */
  ModuleLostException again() {
    return new ModuleLostException(id(), getMessage(), first());
  }
}
