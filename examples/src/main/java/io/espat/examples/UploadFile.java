package io.espat.examples;

import io.espat.at.EspAtModule;
import io.espat.ftp.FtpsClient;
import io.espat.ftp.Transferred;
import io.espat.tls.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Uploads a file through the module, by AUTH TLS: whole, or not at all. */
public final class UploadFile {
  private UploadFile() {}

  /**
   * Takes: device, server, port, user, password file, local file, remote name, and a CA file if the
   * server's certificate is not from a public CA.
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 7) {
      System.err.println("UploadFile DEVICE HOST PORT USER PASSWORD-FILE LOCAL REMOTE [CA.pem]");
      return;
    }
    TlsConfig.Builder trust = TlsConfig.builder(); // the CAs of the Java installation, and
    if (args.length > 7) trust.trustFile(Path.of(args[7])); // your own

    char[] password = PasswordFile.read(Path.of(args[4]));
    try (EspAtModule module = EspAtModule.open(args[0]);
        FtpsClient ftp =
            FtpsClient.builder(args[1])
                .port(Integer.parseInt(args[2]))
                .sockets(module.sockets()) // control and data connections go through the module
                .tls(trust.build())
                .login(args[3], password)
                .open()) {
      Transferred done = ftp.upload(Path.of(args[5]), args[6]);
      System.out.println(done.bytes() + " bytes in " + done.took().toMillis() + " ms");
      System.out.println(ftp.list("").size() + " files on the server");
    } finally {
      Arrays.fill(password, '\0');
    }
  }
}
