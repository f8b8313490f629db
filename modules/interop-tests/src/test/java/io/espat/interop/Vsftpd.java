package io.espat.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** vsftpd with {@code require_ssl_reuse=YES} and its TLS diary ({@code debug_ssl}). */
final class Vsftpd implements FtpSoftware {
  /** The control connection is logged before the login, so without a user. */
  private static final Pattern DATA =
      Pattern.compile(
          "\\[pid \\d+\\] \\[pump\\] DEBUG: .*SSL version: (\\S+), SSL cipher: \\S+, (not )?reused");

  @Override
  public String root() {
    return "vsftpd";
  }

  @Override
  public String[] configure(Path work, int port) throws IOException {
    Files.writeString(work.resolve("vsftpd.conf"), String.format(CONFIGURATION, port));
    return new String[] {"/usr/sbin/vsftpd", "/srv/vsftpd.conf"};
  }

  @Override
  public List<DataSession> dataSessions(UnaryOperator<String> log) {
    return DATA.matcher(log.apply("server.log"))
        .results()
        .map(found -> new DataSession(found.group(1), found.group(2) == null))
        .toList();
  }

  @Override
  public boolean demandsReuse() {
    return true;
  }

  @Override
  public String toString() {
    return root();
  }

  private static final String CONFIGURATION =
      """
      listen=YES
      listen_address=127.0.0.1
      listen_port=%d
      background=NO
      anonymous_enable=NO
      local_enable=YES
      write_enable=YES
      local_umask=022
      pam_service_name=espat
      secure_chroot_dir=/run
      seccomp_sandbox=NO
      pasv_enable=YES
      xferlog_enable=YES
      vsftpd_log_file=/srv/server.log
      log_ftp_protocol=YES
      debug_ssl=YES
      ssl_enable=YES
      rsa_cert_file=/srv/chain.pem
      rsa_private_key_file=/srv/key.pem
      force_local_logins_ssl=YES
      force_local_data_ssl=YES
      require_ssl_reuse=YES
      ssl_ciphers=HIGH
      """;
}
