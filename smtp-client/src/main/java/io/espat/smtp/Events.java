package io.espat.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Where one mail stands, and whom that is told: the listener, and the log. Sending thread only. */
final class Events {
  private static final Logger log = LogManager.getLogger(SmtpClient.class);
  private static final long PROGRESS_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

  private final SmtpListener listener;
  private final String server;
  private volatile SmtpStage stage = SmtpStage.PREPARE;
  private long began = System.nanoTime();
  private long reported;
  private boolean anyReport;

  Events(SmtpListener listener, String server) {
    this.listener = listener;
    this.server = server;
  }

  SmtpStage stage() {
    return stage;
  }

  /** What is being done and with whom, as messages begin. */
  String doing() {
    return stage.words() + " with " + server;
  }

  void enter(SmtpStage next) {
    stage = next;
    began = System.nanoTime();
  }

  void leave(String detail) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    log.debug("{} {}: {} in {} ms", server, stage, detail, took.toMillis());
    tell(to -> to.stage(stage, took, detail));
  }

  void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {
    log.trace("{} {} {}", server, fromServer ? "<" : ">", redactedLine);
    tell(to -> to.dialogue(fromServer, encrypted, redactedLine));
  }

  /** Passes on the first, the last, and not more than ten a second of the others. */
  void progress(long sent, long total, boolean last) {
    long now = System.nanoTime();
    if (anyReport && !last && now - reported < PROGRESS_PAUSE) return;
    anyReport = true;
    reported = now;
    tell(to -> to.progress(sent, total));
  }

  void failed(IOException cause) {
    log.debug("{} {} failed: {}", server, stage, cause.toString());
    tell(to -> to.failed(stage, cause));
  }

  void warn(String sentence) {
    log.warn("{}: {}", server, sentence);
  }

  /** A listener is foreign code: what it throws must not decide about a mail. */
  private void tell(Consumer<SmtpListener> call) {
    try {
      call.accept(listener);
    } catch (RuntimeException e) {
      log.warn("a listener threw while a mail to {} was sent", server, e);
    }
  }
}
