package io.espat.cli;

import io.espat.at.ModuleListener;
import io.espat.ftp.FtpsStage;
import io.espat.ftp.TransferListener;
import io.espat.smtp.SmtpListener;
import io.espat.smtp.SmtpStage;
import java.io.IOException;
import java.time.Duration;

/** Shows each stage that the module and the clients report, and with {@code -vv} the dialogue. */
record DemoTell(DemoText text, Run run) {
  ModuleListener module() {
    return new ModuleListener() {
      @Override
      public void exchanged(String redactedCommand, String outcome, Duration took) {
        run.output().dialogue("*>", redactedCommand);
        run.output().dialogue("<*", outcome + "  " + Amount.time(took));
      }
    };
  }

  SmtpListener mail() {
    return new SmtpListener() {
      @Override
      public void stage(SmtpStage stage, Duration took, String detail) {
        text.stage(stage.name(), took, detail);
      }

      @Override
      public void failed(SmtpStage stage, IOException cause) {
        run.scene().doing(Stages.words(stage));
      }

      @Override
      public void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {
        run.output().dialogue(Stages.marker(fromServer, encrypted), redactedLine);
      }
    };
  }

  TransferListener files() {
    return new TransferListener() {
      @Override
      public void stage(FtpsStage stage, Duration took, String detail) {
        text.stage(stage.name().replace('_', ' '), took, detail);
      }

      @Override
      public void dialogue(boolean fromServer, boolean encrypted, String redactedLine) {
        run.output().dialogue(Stages.marker(fromServer, encrypted), redactedLine);
      }
    };
  }
}
