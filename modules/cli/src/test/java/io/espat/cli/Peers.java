package io.espat.cli;

import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** What a test's command line needs on disk: a CA, a password; and the options that name them. */
final class Peers {
  static final String SECRET = "hunter2-Zk9mQ";
  static final String DEVICE = "sim:mail.test=127.0.0.1,files.test=127.0.0.1,other.test=127.0.0.1";

  final TestAuthority authority = TestAuthority.create("cli test CA");
  final Path folder;
  private final Path ca;
  private final Path password;

  Peers(Path folder) throws IOException {
    this.folder = folder;
    this.ca = authority.writePem(folder.resolve("ca.pem"));
    this.password = Files.writeString(folder.resolve("password"), SECRET + "\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
  }

  List<String> send(int port) {
    return send(DEVICE, "mail.test", port);
  }

  List<String> send(String device, String host, int port) {
    return List.of(
        "send",
        "-d",
        device,
        "-S",
        host + ":" + port,
        "--cacert",
        ca.toString(),
        "-u",
        "pump7",
        "--password-file",
        password.toString(),
        "-f",
        "pump7@espat.test",
        "--to",
        "ops@espat.test",
        "-s",
        "hot",
        "--body",
        "83 C",
        "--timeout",
        "5s",
        "--connect-timeout",
        "5s");
  }

  List<String> files(String command, int port) {
    return files(command, DEVICE, port);
  }

  List<String> files(String command, String device, int port) {
    return List.of(
        command,
        "-d",
        device,
        "-S",
        "files.test:" + port,
        "--cacert",
        ca.toString(),
        "-u",
        "pump7",
        "--password-file",
        password.toString(),
        "--timeout",
        "5s",
        "--connect-timeout",
        "5s");
  }
}
