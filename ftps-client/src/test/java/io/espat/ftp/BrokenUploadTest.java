package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.tls.TlsVersion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Breaks uploads over an existing file at every write and read of the control connection and at
 * many of the data connection: the remote name has the old file or the whole new one, or, where the
 * server does not rename over a file, none while both lie beside it.
 */
class BrokenUploadTest {
  private static final byte[] OLD = "the old file".getBytes();
  private static final byte[] NEW = new byte[200_000];

  @TempDir Path home;
  private HonestServer server;
  private int succeeded;

  @BeforeEach
  void start() throws Exception {
    server = new HonestServer(Servers.AUTHORITY, TlsVersion.TLS13, false, home);
    Arrays.fill(NEW, (byte) 'n');
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    server.close();
    Servers.assertNoThreadLeft();
  }

  @Test
  @Timeout(180)
  void theNameNeverHasAPartOfAFile() throws Exception {
    Files.write(home.resolve("f"), OLD);
    LoopbackSockets whole = new LoopbackSockets();
    upload(whole, "f");
    assertThat(Files.readAllBytes(home.resolve("f"))).isEqualTo(NEW);

    breakAll(0, whole.writes(0), false, false);
    breakAll(0, whole.writes(0), false, true);
    breakAll(0, whole.reads(0), true, false);
    breakAll(1, whole.writes(1), false, false);
    breakAll(1, whole.writes(1), false, true);

    assertThat(succeeded).as("breaks that came too late to matter").isPositive();
  }

  private void breakAll(int connection, int count, boolean reading, boolean delivered)
      throws Exception {
    for (int at = 1; at <= count; at++) {
      LoopbackSockets.Break where = new LoopbackSockets.Break(connection, at, reading, delivered);
      // a name of its own: the server may still be busy with the one before
      String name = "f-" + connection + "-" + at + "-" + reading + "-" + delivered;
      Files.write(home.resolve(name), OLD);
      LoopbackSockets sockets = new LoopbackSockets();
      sockets.breakAt(where);
      boolean said = true;
      try {
        upload(sockets, name);
      } catch (IOException e) {
        said = false;
      }
      assertThat(sockets.open()).as("%s", where).isZero();
      judgeWhileTheServerMayBeBusy(where, name, said);
      if (said) succeeded++;
    }
  }

  /** A file that is renamed between two looks is looked for again. */
  private void judgeWhileTheServerMayBeBusy(LoopbackSockets.Break where, String name, boolean said)
      throws IOException {
    for (int look = 1; ; look++) {
      try {
        judge(where, name, said);
        return;
      } catch (NoSuchFileException e) {
        if (look == 100) throw e;
      }
    }
  }

  private void judge(LoopbackSockets.Break where, String name, boolean said) throws IOException {
    if (!Files.exists(home.resolve(name))) {
      assertThat(said).as("%s", where).isFalse();
      byte[] old = Files.readAllBytes(home.resolve(name + ".espat-old"));
      byte[] part = Files.readAllBytes(home.resolve(name + ".part"));
      assertThat(old).as("%s", where).isEqualTo(OLD);
      assertThat(part).as("%s", where).isEqualTo(NEW);
      return;
    }
    byte[] now = Files.readAllBytes(home.resolve(name));
    boolean isNew = Arrays.equals(now, NEW);
    assertThat(isNew || Arrays.equals(now, OLD)).as("%s: %d bytes", where, now.length).isTrue();
    if (said) assertThat(isNew).as("%s: success was told", where).isTrue();
  }

  private void upload(LoopbackSockets sockets, String name) throws IOException {
    try (FtpsClient ftp = Servers.client(sockets, server.port()).open()) {
      ftp.upload(new ByteArrayInputStream(NEW), NEW.length, name);
    }
  }
}
