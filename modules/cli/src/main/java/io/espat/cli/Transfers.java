package io.espat.cli;

import io.espat.ftp.FtpsStage;
import io.espat.ftp.TransferListener;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a run what the file client reports; one file after the other gets its own progress. */
final class Transfers implements TransferListener {
  private final Run run;
  private final int lineRate;
  private @Nullable Progress progress;

  Transfers(Run run, int lineRate) {
    this.run = run;
    this.lineRate = lineRate;
  }

  /** Begins a file; {@code size} is negative when unknown. */
  void begin(String name, long size, ProgressOptions.Form form) {
    progress = run.output().progress(name, lineRate, form);
    progress.estimate(size);
  }

  @Override
  public void stage(FtpsStage stage, Duration took, String detail) {
    run.scene().doing("after " + stage + ", " + run.scene().peer());
    run.stage(stage.name().toLowerCase(Locale.ROOT).replace('_', '-'), took, detail);
  }

  @Override
  public void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {
    run.output().dialogue(Stages.marker(fromServer, encrypted), redactedLine);
  }

  @Override
  public void progress(long bytes, long total) {
    if (progress != null) progress.update(bytes, total);
  }
}
