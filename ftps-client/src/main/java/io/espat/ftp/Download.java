package io.espat.ftp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalLong;

/** One download: SIZE, RETR, every byte up to close_notify, 226, and as many as SIZE said. */
final class Download {
  private final EspAtFtpsClient client;
  private final TransferListener listener;
  private final String remote;

  Download(EspAtFtpsClient client, TransferListener listener, String remote) {
    this.client = client;
    this.listener = listener;
    this.remote = remote;
  }

  Transferred run(OutputStream target) throws IOException {
    long since = System.nanoTime();
    OptionalLong size = Sizes.of(client.ask(FtpsStage.COMMAND, "SIZE", remote));
    DataChannel data = client.links().open("RETR", remote);
    if (data == null) {
      String id = client.lastReply().code() == 550 ? "E-FTP-MISSING" : "E-FTP-REJECTED";
      throw client.refused(id, "cannot read " + remote);
    }
    Progress progress = new Progress(listener, size.orElse(-1));
    FtpReply last = receive(data, target, progress);
    if (size.isPresent() && size.getAsLong() != progress.bytes()) {
      throw wrongSize(size.getAsLong(), progress.bytes());
    }
    progress.done();
    Duration took = Duration.ofNanos(System.nanoTime() - since);
    return new Transferred(
        remote, progress.bytes(), took, last.text(), size.isPresent(), data.resumed());
  }

  private FtpReply receive(DataChannel data, OutputStream target, Progress progress)
      throws IOException {
    long since = client.journal().begin(FtpsStage.TRANSFER);
    boolean received = false;
    try {
      byte[] buffer = new byte[16 * 1024];
      for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
        write(target, buffer, n);
        progress.moved(n);
      }
      data.leave();
      received = true;
    } catch (LocalFailure e) {
      throw e;
    } catch (IOException e) {
      throw client.links().failure(attempted(progress), e, "E-FTP-REJECTED");
    } finally {
      if (!received) data.cut();
    }
    FtpReply last = client.links().confirmed(attempted(progress), data, "E-FTP-REJECTED");
    client.journal().done(since, progress.bytes() + " bytes");
    return last;
  }

  private String attempted(Progress progress) {
    return "downloading " + remote + ", " + progress.bytes() + " bytes received";
  }

  private static void write(OutputStream target, byte[] buffer, int count) throws LocalFailure {
    try {
      target.write(buffer, 0, count);
    } catch (IOException e) {
      throw new LocalFailure(e);
    }
  }

  private FtpsException wrongSize(long expected, long received) {
    return FtpsException.at(FtpsStage.VERIFY)
        .id("E-FTP-SIZE")
        .isTransient(true)
        .because(
            "downloading " + remote + ": " + received + " bytes received, SIZE said " + expected);
  }
}
