package io.espat.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ProFTPD with mod_tls as it comes, which demands that data connections reuse the session. */
final class Proftpd implements FtpSoftware {
  /** The cipher is logged for the first data connection only, the reuse for each. */
  private static final Pattern EVENT =
      Pattern.compile(
          "(TLSv\\S+) connection accepted|[Cc]lient (reused|did not reuse) TLS session");

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
    List<DataSession> sessions = new ArrayList<>();
    String version = "none";
    Matcher event = EVENT.matcher(log.apply("tls.log"));
    while (event.find()) {
      if (event.group(1) != null) version = event.group(1);
      else sessions.add(new DataSession(version, event.group(2).equals("reused")));
    }
    return sessions;
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
