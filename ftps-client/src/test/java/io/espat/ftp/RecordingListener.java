package io.espat.ftp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a client tells. */
final class RecordingListener implements TransferListener {
  final List<FtpsStage> stages = new CopyOnWriteArrayList<>();
  final List<String> details = new CopyOnWriteArrayList<>();
  final List<String> dialogue = new CopyOnWriteArrayList<>();
  final List<Long> progress = new CopyOnWriteArrayList<>();

  @Override
  public void stage(FtpsStage stage, Duration took, String detail) {
    if (took.isNegative()) throw new AssertionError(took);
    stages.add(stage);
    details.add(detail);
  }

  @Override
  public void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {
    dialogue.add((fromServer ? "<" : ">") + (encrypted ? "~ " : " ") + redactedLine);
  }

  @Override
  public void progress(long bytes, long total) {
    progress.add(bytes);
  }
}
