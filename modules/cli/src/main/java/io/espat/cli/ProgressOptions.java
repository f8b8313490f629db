package io.espat.cli;

import picocli.CommandLine.Option;

/** How progress is shown. */
final class ProgressOptions {
  enum Form {
    AUTO,
    BAR,
    PLAIN,
    NONE
  }

  @Option(
      names = "--progress",
      paramLabel = "FORM",
      description = "auto (a bar on a terminal, lines otherwise), bar, plain or none.")
  private Form form = Form.AUTO;

  Form form() {
    return form;
  }
}
