package io.espat.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long anything may take. */
final class TimeOptions {
  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      description = "For the module to open a connection (default: 30s).")
  private Duration connect = Duration.ofSeconds(30);

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "For each answer of the server (default: 60s).")
  private Duration timeout = Duration.ofSeconds(60);

  @Option(
      names = "--max-time",
      paramLabel = "TIME",
      description = "For the whole command (default: no limit beyond those above).")
  private @Nullable Duration max;

  Duration connect() {
    return connect;
  }

  Duration timeout() {
    return timeout;
  }

  @Nullable Duration max() {
    return max;
  }
}
