package io.espat.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What differs between the real FTP servers: configuration, command, and how they log. */
interface FtpSoftware {
  /** The name of its root below the folder of {@code servers/install}. */
  String root();

  /** Writes the configuration into the work folder and returns the command that runs the server. */
  String[] configure(Path work, int port) throws IOException;

  /** Reads what its logs say of the data connections; {@code log} gives a log's text by name. */
  List<DataSession> dataSessions(UnaryOperator<String> log);

  /** Whether it refuses data connections that do not reuse the control connection's session. */
  boolean demandsReuse();

  /** One data connection as the server saw it. */
  record DataSession(String version, boolean reused) {}

  static Stream<FtpSoftware> all() {
    return Stream.of(new Vsftpd(), new Proftpd(), new PureFtpd());
  }
}
