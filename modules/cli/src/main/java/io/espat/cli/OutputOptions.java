package io.espat.cli;

import picocli.CommandLine.Option;

/** How much the command says, and in which form. */
final class OutputOptions {
  enum When {
    AUTO,
    ALWAYS,
    NEVER
  }

  @Option(
      names = {"-v", "--verbose"},
      description = "Show the stages; -vv the dialogue as well (secrets left out).")
  private boolean[] verbose = {};

  @Option(
      names = {"-q", "--quiet"},
      description = "Show errors only.")
  private boolean quiet;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      description = "auto, always or never. NO_COLOR and CLICOLOR_FORCE are respected.")
  private When color = When.AUTO;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  /** 0, 1 (stages) or 2 (dialogue). */
  int verbosity() {
    return quiet ? 0 : Math.min(2, verbose.length);
  }

  boolean quiet() {
    return quiet;
  }

  When color() {
    return color;
  }
}
