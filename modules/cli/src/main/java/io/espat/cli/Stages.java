package io.espat.cli;

import io.espat.smtp.SmtpListener;
import io.espat.smtp.SmtpStage;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells a run what the clients report: stages, dialogue, progress. */
final class Stages {
  private Stages() {}

  static String words(SmtpStage stage) {
    return switch (stage) {
      case PREPARE -> "preparing the message";
      case CONNECT -> "connecting";
      case BANNER -> "waiting for the greeting";
      case HANDSHAKE -> "TLS handshake";
      case AUTH -> "login (AUTH)";
      case MAIL -> "naming the sender (MAIL FROM)";
      case RCPT -> "naming the recipients (RCPT TO)";
      case DATA -> "sending the message (DATA)";
      case FINAL -> "waiting for the verdict after the final dot";
      default -> stage.name();
    };
  }

  static SmtpListener mail(Run run, Supplier<Progress> progress) {
    return new SmtpListener() {
      private @Nullable Progress shown;

      @Override
      public void stage(SmtpStage stage, Duration took, String detail) {
        run.stage(stage.name().toLowerCase(Locale.ROOT), took, detail);
      }

      @Override
      public void failed(SmtpStage stage, IOException cause) {
        run.scene().doing(words(stage) + ", " + run.scene().peer());
      }

      @Override
      public void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {
        run.output().dialogue(marker(fromServer, encrypted), redactedLine);
      }

      @Override
      public void progress(long sent, long total) {
        if (shown == null) shown = progress.get();
        shown.update(sent, total);
      }
    };
  }

  /** As swaks shows them: the wave stands for TLS. */
  static String marker(boolean fromServer, boolean encrypted) {
    if (fromServer) return encrypted ? "<~" : "<-";
    return encrypted ? "~>" : "->";
  }
}
