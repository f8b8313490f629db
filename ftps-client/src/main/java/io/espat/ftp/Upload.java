package io.espat.ftp;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * One upload: STOR to NAME.part, SIZE, then the final name by RNFR and RNTO.
 *
 * <p>Most servers rename over an existing file at one stroke. Where one refuses, the old file steps
 * aside to NAME.espat-old, the new one takes the name, the old one is deleted; if the new one
 * cannot take it, the old one steps back. Cut between the two renames, the name is free for that
 * moment, the old file whole under NAME.espat-old and the new one whole under NAME.part: a part of
 * a file never has the name.
 */
final class Upload {
  static final String PART = ".part";
  static final String OLD = ".espat-old";
  private static final Logger LOG = LogManager.getLogger(Upload.class);

  private final EspAtFtpsClient client;
  private final TransferListener listener;
  private final String remote;
  private final String part;

  Upload(EspAtFtpsClient client, TransferListener listener, String remote) {
    this.client = client;
    this.listener = listener;
    this.remote = remote;
    this.part = remote + PART;
  }

  Transferred run(InputStream source, long size) throws IOException {
    long since = System.nanoTime();
    DataChannel data = open();
    boolean resumed = data.resumed();
    Progress progress = new Progress(listener, size);
    FtpReply last = send(source, data, progress);
    progress.done();
    boolean confirmed = verify(progress.bytes(), size);
    rename();
    Duration took = Duration.ofNanos(System.nanoTime() - since);
    return new Transferred(remote, progress.bytes(), took, last.text(), confirmed, resumed);
  }

  private DataChannel open() throws IOException {
    DataChannel data = client.links().open("STOR", part);
    if (data == null && !client.lastReply().isTransient() && discardStalePart()) {
      data = client.links().open("STOR", part);
    }
    if (data == null) throw client.refused("E-FTP-CREATE", "cannot write " + part);
    return data;
  }

  /** A server that does not overwrite must not be blocked for ever by an upload that broke off. */
  private boolean discardStalePart() throws IOException {
    FtpReply refusal = client.lastReply();
    boolean stale = client.ask(FtpsStage.DATA, "SIZE", part).code() == 213;
    boolean gone = stale && client.ask(FtpsStage.DATA, "DELE", part).isPositive();
    if (!gone) client.lastReply(refusal);
    return gone;
  }

  private FtpReply send(InputStream source, DataChannel data, Progress progress)
      throws IOException {
    long since = client.journal().begin(FtpsStage.TRANSFER);
    boolean sent = false;
    try {
      byte[] buffer = new byte[16 * 1024];
      for (int n = read(source, buffer); n >= 0; n = read(source, buffer)) {
        data.write(buffer, n);
        progress.moved(n);
      }
      data.finish();
      sent = true;
    } catch (LocalFailure e) {
      throw e;
    } catch (IOException e) {
      throw client.links().failure(attempted(progress), e, "E-FTP-CREATE");
    } finally {
      if (!sent) data.cut();
    }
    FtpReply last = client.links().confirmed(attempted(progress), data, "E-FTP-CREATE");
    client.journal().done(since, progress.bytes() + " bytes");
    return last;
  }

  private String attempted(Progress progress) {
    return "uploading " + remote + ", " + progress.bytes() + " bytes handed over";
  }

  private static int read(InputStream source, byte[] buffer) throws LocalFailure {
    try {
      return source.read(buffer);
    } catch (IOException e) {
      throw new LocalFailure(e);
    }
  }

  private boolean verify(long sent, long announced) throws IOException {
    long since = System.nanoTime();
    OptionalLong held = held();
    if (held.isEmpty()
        && client.lastReply().isUnknownCommand()
        && (announced < 0 || announced == sent)) {
      return false;
    }
    String there = held.isPresent() ? held.getAsLong() + " bytes" : "no size";
    boolean right = held.isPresent() && held.getAsLong() == sent;
    if (right && (announced < 0 || announced == sent)) {
      client.journal().done(since, there);
      return true;
    }
    FtpReply told = client.lastReply();
    client.ask(FtpsStage.VERIFY, "DELE", part);
    String expected = announced >= 0 ? ", " + announced + " bytes were announced" : "";
    throw FtpsException.at(FtpsStage.VERIFY)
        .reply(told)
        .id("E-FTP-SIZE")
        .isTransient(true)
        .because(
            "uploading "
                + remote
                + ": the server holds "
                + there
                + " of "
                + sent
                + " sent"
                + expected);
  }

  private OptionalLong held() throws IOException {
    FtpReply reply = client.ask(FtpsStage.VERIFY, "SIZE", part);
    return Sizes.of(reply);
  }

  private void rename() throws IOException {
    long since = System.nanoTime();
    if (!renamed(part, remote)) replace();
    client.journal().done(since, remote);
  }

  /** The server does not rename over an existing file. */
  private void replace() throws IOException {
    FtpReply refusal = client.lastReply();
    boolean exists = client.ask(FtpsStage.RENAME, "SIZE", remote).code() == 213;
    if (refusal.isTransient() || !exists) throw notNamed(refusal, "");
    String old = remote + OLD;
    if (!renamed(remote, old)) {
      client.ask(FtpsStage.RENAME, "DELE", old); // left by a session that was cut at this point
      if (!renamed(remote, old)) throw notNamed(refusal, "");
    }
    if (!renamed(part, remote)) {
      FtpReply second = client.lastReply();
      boolean back = renamed(old, remote);
      throw notNamed(second, back ? "" : ", the file of that name is now " + old);
    }
    if (!client.ask(FtpsStage.RENAME, "DELE", old).isPositive()) {
      LOG.warn("{} could not be deleted: {}", old, client.lastReply().printable());
    }
  }

  private boolean renamed(String from, String to) throws IOException {
    return client.ask(FtpsStage.RENAME, "RNFR", from).isIntermediate()
        && client.ask(FtpsStage.RENAME, "RNTO", to).isPositive();
  }

  private FtpsException notNamed(FtpReply reply, String more) {
    return FtpsException.at(FtpsStage.RENAME)
        .refused(reply, "E-FTP-CREATE")
        .because("uploading " + remote + ": the bytes are in " + part + more + ", not renamed");
  }
}
