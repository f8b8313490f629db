package io.espat.interop;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Pure-FTPd with TLS required for logins and data; it neither sends tickets nor demands reuse. */
final class PureFtpd implements FtpSoftware {
  @Override
  public String root() {
    return "pure-ftpd";
  }

  @Override
  public String[] configure(Path work, int port) {
    return new String[] {
      "/usr/sbin/pure-ftpd",
      "--bind=127.0.0.1," + port,
      "--login=unix",
      "--tls=3",
      "--certfile=/srv/chain.pem,/srv/key.pem",
      "--dontresolve",
      "--ipv4only",
      "--noanonymous",
      "--altlog=clf:/srv/transfer.log"
    };
  }

  /** It keeps no TLS log. */
  @Override
  public List<DataSession> dataSessions(UnaryOperator<String> log) {
    return List.of();
  }

  @Override
  public boolean demandsReuse() {
    return false;
  }

  @Override
  public String toString() {
    return root();
  }
}
