package io.espat.cli;

import picocli.CommandLine.Option;

/** The result for programs instead of people. */
final class ReportOptions {
  @Option(names = "--json", description = "Print the result as one JSON document.")
  private boolean json;

  boolean json() {
    return json;
  }
}
