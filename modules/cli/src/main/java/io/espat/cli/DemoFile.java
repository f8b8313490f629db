package io.espat.cli;

import io.espat.ftp.FtpsClient;
import io.espat.ftp.TransferListener;
import io.espat.ftp.Transferred;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import javax.net.SocketFactory;

/** The demonstration's file: uploaded by AUTH TLS, found on the server, downloaded, compared. */
record DemoFile(Run run, DemoText text, DemoServers servers, DemoSecrets secrets, Path folder) {
  private static final int SIZE = 1024 * 1024;
  private static final int MARKER_EVERY = 1024;
  private static final String NAME = "log-0412.bin";

  void move(SocketFactory sockets, TlsConfig trust, TransferListener listener)
      throws IOException, FailureException {
    text.chapter("a file of 1 MiB, by AUTH TLS, there and back");
    ServerAddress address =
        new ServerAddress(DemoServers.FILES_HOST, servers.filesPort(), TlsMode.STARTTLS);
    run.scene().server(Protocol.FILES, address);
    Path local = folder.resolve(NAME);
    Files.write(local, content());
    try (Secret password = new Secret(secrets.password().toCharArray());
        FtpsClient client =
            run.hold(
                FtpsClient.builder(address.host())
                    .port(address.port())
                    .sockets(sockets)
                    .tls(trust)
                    .login(DemoServers.USER, password.chars())
                    .listener(listener)
                    .open())) {
      Path back = folder.resolve("back.bin");
      rate("upload", client.upload(local, NAME));
      rate("download", client.download(NAME, back));
      text.line(
          "data links",
          client.dataConnections() + ", " + client.resumedConnections() + " resumed the session");
      prove(local, back);
    }
  }

  /** Random, with the marker at every kilobyte: some of them would survive any cutting. */
  private byte[] content() {
    byte[] content = new byte[SIZE];
    new SecureRandom().nextBytes(content);
    byte[] marker = secrets.fileMarker().getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < SIZE; at += MARKER_EVERY) {
      System.arraycopy(marker, 0, content, at, marker.length);
    }
    return content;
  }

  private void rate(String what, Transferred moved) {
    double seconds = Math.max(1, moved.took().toMillis()) / 1000.0;
    text.stage(
        what,
        moved.took(),
        Amount.bytes(moved.bytes())
            + "  "
            + Amount.rate(moved.bytes() / seconds)
            + (moved.sizeConfirmed() ? "  size verified" : ""));
  }

  private void prove(Path local, Path back) throws IOException, FailureException {
    String sent = Digests.of(local);
    same("on the server", sent, Digests.of(folder.resolve("server").resolve(NAME)));
    same("downloaded", sent, Digests.of(back));
  }

  private void same(String what, String sent, String found) throws FailureException {
    boolean same = sent.equals(found);
    text.check(
        what, "SHA-256 " + Digests.brief(found) + (same ? " as sent" : " not as sent"), same);
    Demo.demand(same, "the file " + what + " is another one: " + sent + " became " + found);
  }
}
