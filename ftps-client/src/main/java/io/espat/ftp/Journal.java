package io.espat.ftp;

import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Where a session stands, and whom it tells: a listener, and the log. */
final class Journal {
  private static final Logger LOG = LogManager.getLogger(Journal.class);

  private TransferListener listener = new TransferListener() {};
  private FtpsStage stage = FtpsStage.CONNECT;

  void listener(TransferListener heard) {
    listener = heard;
  }

  FtpsStage stage() {
    return stage;
  }

  /** Begins a stage and gives the time. */
  long begin(FtpsStage now) {
    stage = now;
    return System.nanoTime();
  }

  /** The stage succeeded. */
  void done(long since, String detail) {
    Duration took = Duration.ofNanos(System.nanoTime() - since);
    listener.stage(stage, took, FtpReply.printable(detail));
  }

  /** Lines of the dialogue, secrets replaced already. */
  void lines(boolean fromServer, boolean encrypted, String lines) {
    for (String line : lines.split("\r\n")) {
      String shown = FtpReply.printable(line);
      LOG.debug("{} {}", fromServer ? "<" : ">", shown);
      listener.dialogue(fromServer, encrypted, shown);
    }
  }
}
