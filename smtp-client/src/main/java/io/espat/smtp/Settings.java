package io.espat.smtp;

import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import io.espat.tls.TlsUpgrader;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** What a client was told, complete and checked. */
record Settings(
    String host,
    int port,
    TlsMode mode,
    TlsUpgrader upgrader,
    SocketFactory sockets,
    @Nullable Credentials login,
    @Nullable String mechanism,
    @Nullable String ehlo,
    Duration connectTimeout,
    Duration timeout,
    Duration writeSlack,
    SmtpListener listener,
    ThreadFactory threads) {
  /** The server as messages name it. */
  String server() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  void wipe() {
    if (login != null) login.wipe();
  }

  static Duration positive(Duration duration) {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException("a time-out of at least 1 ms, not " + duration);
    }
    return duration;
  }

  /** Settings in the making. */
  static final class Draft {
    private final String host;
    private int port;
    private @Nullable Credentials login;
    private @Nullable String mechanism;
    private @Nullable String ehlo;
    TlsMode mode = TlsMode.STARTTLS;
    @Nullable TlsUpgrader upgrader;
    @Nullable SocketFactory sockets;
    Duration connectTimeout = Duration.ofSeconds(30);
    Duration timeout = Duration.ofSeconds(60);
    Duration writeSlack = Duration.ofSeconds(20); // a link holds two sends of 8 s of line time
    SmtpListener listener = new SmtpListener() {};
    ThreadFactory threads = Draft::daemon;

    Draft(String host) {
      if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == 127)) {
        throw new IllegalArgumentException("a server is named without blanks and control octets");
      }
      this.host = host;
    }

    void port(int number) {
      if (number < 1 || number > 65535) {
        throw new IllegalArgumentException("a port from 1 to 65535, not " + number);
      }
      port = number;
    }

    void login(Credentials credentials) {
      if (login != null) login.wipe();
      login = credentials;
    }

    void mechanism(String name) {
      String upper = name.toUpperCase(Locale.ROOT);
      if (!Authentication.MECHANISMS.contains(upper)) {
        throw new IllegalArgumentException(
            "a mechanism of " + Authentication.MECHANISMS + ", not " + Text.escaped(name));
      }
      mechanism = upper;
    }

    void ehlo(String name) {
      if (!name.matches("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\\[[A-Za-z0-9.:-]+\\]")) {
        throw new IllegalArgumentException(
            "EHLO takes a host name or an [address literal], not " + Text.escaped(name));
      }
      ehlo = name;
    }

    Settings settings() {
      if (sockets == null) {
        throw new IllegalStateException(
            "no socket factory: the host's own network is never used unless it is given");
      }
      if (mode == TlsMode.NONE && login != null) {
        throw new IllegalStateException("a login is never sent without TLS (TlsMode.NONE)");
      }
      TlsUpgrader tls = upgrader == null ? TlsUpgrader.of(TlsConfig.modern()) : upgrader;
      Settings settings =
          new Settings(
              host,
              port == 0 ? defaultPort() : port,
              mode,
              tls,
              sockets,
              login,
              mechanism,
              ehlo,
              connectTimeout,
              timeout,
              writeSlack,
              listener,
              threads);
      login = null;
      return settings;
    }

    private int defaultPort() {
      return switch (mode) {
        case STARTTLS -> 587;
        case IMPLICIT -> 465;
        case NONE -> 25;
      };
    }

    private static Thread daemon(Runnable task) {
      Thread thread = new Thread(task, "espat-smtp-watch");
      thread.setDaemon(true);
      return thread;
    }
  }
}
