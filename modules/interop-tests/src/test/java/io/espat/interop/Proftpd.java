package io.espat.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** ProFTPD with mod_tls as it comes, which demands that data connections reuse the session. */
final class Proftpd implements FtpSoftware {
  private static final Pattern DATA =
      Pattern.compile(
          "(TLSv\\S+) data connection accepted, using cipher [^\n(]*\\(\\d+ bits(, resumed session)?");

  @Override
  public String root() {
    return "proftpd";
  }

  @Override
  public String[] configure(Path work, int port) throws IOException {
    Files.writeString(work.resolve("proftpd.conf"), String.format(CONFIGURATION, port));
    return new String[] {"/usr/sbin/proftpd", "-n", "-c", "/srv/proftpd.conf"};
  }

  @Override
  public List<DataSession> dataSessions(UnaryOperator<String> log) {
    return DATA.matcher(log.apply("tls.log"))
        .results()
        .map(found -> new DataSession(found.group(1), found.group(2) != null))
        .toList();
  }

  @Override
  public String toString() {
    return root();
  }

  private static final String CONFIGURATION =
      """
      LoadModule mod_tls.c
      ServerType standalone
      ServerName files
      DefaultAddress 127.0.0.1
      SocketBindTight on
      Port %d
      UseIPv6 off
      UseReverseDNS off
      User nobody
      Group nogroup
      WtmpLog off
      PidFile /srv/proftpd.pid
      ScoreboardFile none
      DelayEngine off
      SystemLog /srv/server.log
      ExtendedLog /srv/commands.log ALL
      TransferLog none
      AuthOrder mod_auth_unix.c
      DefaultRoot ~
      AllowOverwrite on
      TLSEngine on
      TLSRequired on
      TLSLog /srv/tls.log
      TLSProtocol TLSv1.2 TLSv1.3
      TLSECCertificateFile /srv/chain.pem
      TLSECCertificateKeyFile /srv/key.pem
      """;
}
