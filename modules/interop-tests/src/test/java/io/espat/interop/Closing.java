package io.espat.interop;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One thing to close. */
@FunctionalInterface
interface Closing {
  void close() throws IOException;

  /** Closes all of them, also after a failure; what was never opened is left out. */
  static void all(@Nullable Closing... things) throws IOException {
    IOException first = null;
    for (Closing each : things) {
      try {
        if (each != null) each.close();
      } catch (IOException e) {
        if (first == null) first = e;
        else first.addSuppressed(e);
      }
    }
    if (first != null) throw first;
  }
}
