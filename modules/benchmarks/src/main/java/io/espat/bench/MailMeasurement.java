package io.espat.bench;

import io.espat.at.EspAtModule;
import io.espat.cli.DemoServers;
import io.espat.smtp.SmtpClient;
import io.espat.smtp.SmtpListener;
import io.espat.smtp.SmtpStage;
import io.espat.tls.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Times the body of one mail by STARTTLS, from its first byte to the final reply. */
final class MailMeasurement implements AutoCloseable {
  private static final String HEADER =
      "From: <pump@example.org>\r\nTo: <desk@example.org>\r\nSubject: a log\r\n\r\n";
  private static final String LINE =
      "2026-11-21T06:00:00Z pump7 pressure 4.71 bar, 83.2 degrees, valve open, all well\r\n";
  private static final String PASSWORD = "bench";

  private final DemoServers servers;
  private final Path folder;

  MailMeasurement() throws IOException {
    folder = Files.createTempDirectory("espat-bench");
    servers = new DemoServers(folder, PASSWORD);
  }

  /** Returns the share of the line that the body of {@code size} bytes had, in percent. */
  double share(EspAtModule module, int baud, int size) throws IOException {
    Path letter = letter(size);
    Stopwatch watch = new Stopwatch();
    TlsConfig tls =
        TlsConfig.builder().systemTrust(false).trust(servers.authority().certificate()).build();
    try (SmtpClient smtp =
        SmtpClient.builder(DemoServers.MAIL_HOST)
            .port(servers.mailPort())
            .sockets(module.sockets())
            .tls(tls)
            .timeout(Duration.ofMinutes(5))
            .login(DemoServers.USER, PASSWORD.toCharArray())
            .listener(watch)
            .build()) {
      smtp.send(letter, "pump@example.org", List.of("desk@example.org"));
    }
    byte[] delivered = servers.delivered();
    if (delivered.length < size) {
      throw new IOException(delivered.length + " of " + size + " bytes were delivered");
    }
    return 100.0 * size / (watch.nanos() / 1e9) / (baud / 10.0);
  }

  private Path letter(int size) throws IOException {
    StringBuilder text = new StringBuilder(HEADER);
    while (text.length() < size) {
      text.append(LINE);
    }
    return Files.write(
        folder.resolve("letter.eml"), text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** Runs from the server's 354 to its verdict. */
  private static final class Stopwatch implements SmtpListener {
    private volatile long started;
    private volatile long ended;

    @Override
    public void dialogue(boolean fromServer, boolean encrypted, String line) {
      if (fromServer && line.startsWith("354")) {
        started = System.nanoTime();
      }
    }

    @Override
    public void stage(SmtpStage stage, Duration took, String detail) {
      if (stage == SmtpStage.FINAL) {
        ended = System.nanoTime();
      }
    }

    long nanos() {
      return ended - started;
    }
  }

  @Override
  public void close() throws IOException {
    servers.close();
    Files.deleteIfExists(folder.resolve("letter.eml"));
    Files.deleteIfExists(folder);
  }
}
