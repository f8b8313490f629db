package io.espat.cli;

import java.util.List;

/** What a server speaks, and the ports that go with it. */
enum Protocol {
  MAIL("smtp", "smtps", 587, 465),
  FILES("ftp", "ftps", 21, 990);

  private final String scheme;
  private final String implicitScheme;
  private final int port;
  private final int implicitPort;

  Protocol(String scheme, String implicitScheme, int port, int implicitPort) {
    this.scheme = scheme;
    this.implicitScheme = implicitScheme;
    this.port = port;
    this.implicitPort = implicitPort;
  }

  List<String> schemes() {
    return List.of(scheme, implicitScheme);
  }

  boolean isImplicit(String urlScheme) {
    return implicitScheme.equals(urlScheme);
  }

  int port(boolean implicit) {
    return implicit ? implicitPort : port;
  }

  int implicitPort() {
    return implicitPort;
  }

  /** The clear-text port of old mail transfer; for files it is the usual one. */
  int clearPort() {
    return this == MAIL ? 25 : port;
  }

  /** What switches encryption on in mid-session. */
  String upgrade() {
    return this == MAIL ? "STARTTLS" : "AUTH TLS";
  }
}
