package io.espat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.cli.DemoServers;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example as it stands, through a simulated module on a TCP port. */
class ExamplesTest {
  private static final String PASSWORD = "s3crét pass";

  @TempDir Path folder;
  private Path remote;
  private DemoServers servers;
  private SimulatedModule module;
  private String device;
  private String password;
  private String ca;

  @BeforeEach
  void start() throws IOException {
    remote = Files.createDirectory(folder.resolve("remote"));
    servers = new DemoServers(remote, PASSWORD);
    module =
        SimulatedModule.builder()
            .host(DemoServers.MAIL_HOST, "127.0.0.1")
            .host(DemoServers.FILES_HOST, "127.0.0.1")
            .build();
    int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    device = "tcp://127.0.0.1:" + port;
    password = Files.writeString(folder.resolve("password"), PASSWORD + "\n").toString();
    ca = servers.authority().writePem(folder.resolve("ca.pem")).toString();
  }

  @AfterEach
  void stop() {
    module.close();
    servers.close();
  }

  @Test
  void sendMailDelivers() throws Exception {
    SendMail.main(
        new String[] {
          device,
          DemoServers.MAIL_HOST,
          Integer.toString(servers.mailPort()),
          DemoServers.USER,
          password,
          "pump7@espat.test",
          "ops@espat.test",
          ca
        });
    assertThat(new String(servers.delivered(), StandardCharsets.UTF_8))
        .contains("To: ops@espat.test", "Subject: pump 7 hot", "@espat.test>");
  }

  @Test
  void uploadFileStores() throws Exception {
    Path local = Files.writeString(folder.resolve("log.csv"), "83;C\n".repeat(10_000));
    UploadFile.main(
        new String[] {
          device,
          DemoServers.FILES_HOST,
          Integer.toString(servers.filesPort()),
          DemoServers.USER,
          password,
          local.toString(),
          "in.csv",
          ca
        });
    assertThat(remote.resolve("in.csv")).hasSameBinaryContentAs(local);
  }
}
