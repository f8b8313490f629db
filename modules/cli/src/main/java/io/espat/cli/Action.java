package io.espat.cli;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a subcommand does once its options are parsed. */
interface Action {
  /** Does it; {@code run} is what the action may use and must tell. */
  ExitCode run(Run run) throws IOException, FailureException;

  OutputOptions output();

  default boolean json() {
    return false;
  }

  /** The limit for the whole action; null for none beyond those of its parts. */
  default @Nullable Duration maxTime() {
    return null;
  }
}
