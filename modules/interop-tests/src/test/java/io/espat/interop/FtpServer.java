package io.espat.interop;

import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A real FTP server on 127.0.0.1 that takes logins and data by TLS only. */
final class FtpServer implements Closing, AutoCloseable {
  private final FtpSoftware software;
  private final ServerProcess process;
  private final int port;
  private final Account account;

  private FtpServer(FtpSoftware software, ServerProcess process, int port, Account account) {
    this.software = software;
    this.process = process;
    this.port = port;
    this.account = account;
  }

  /** Starts the server with this certificate and a fresh account. */
  static FtpServer start(FtpSoftware software, TestCertificate certificate) throws IOException {
    Account account = Account.fresh();
    int port = ServerProcess.freePort();
    Path work = ServerProcess.workFolder(software.root());
    certificate.writeChain(work.resolve("chain.pem"));
    Path key = certificate.writeKey(work.resolve("key.pem"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(work.resolve("accounts"), account.user() + ":" + account.password() + "\n");
    String[] command = software.configure(work, port);
    return new FtpServer(
        software, ServerProcess.start(software.root(), work, port, command), port, account);
  }

  int port() {
    return port;
  }

  Account account() {
    return account;
  }

  /** The account's home, where uploads arrive. */
  Path home() {
    return process.work().resolve("home");
  }

  /** What the server's own log says of each data connection so far, in order. */
  List<FtpSoftware.DataSession> dataSessions() {
    return software.dataSessions(process::text);
  }

  /** The server's logs, for the message of a failing check. */
  String logs() {
    return process.logs();
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
