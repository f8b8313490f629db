package io.espat.smtp;

import io.espat.sim.ScriptedServer;
import io.espat.sim.TestAuthority;
import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import io.espat.tls.TlsVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A mail's dialogue, exchange by exchange, so that a test can let one of them go wrong. */
final class Conversation {
  static final TestAuthority AUTHORITY = TestAuthority.create("mail authority");
  static final SSLContext CONTEXT = AUTHORITY.issue(LoopbackSockets.NAME).serverContext();
  static final String USER = "pump7";
  static final String PASSWORD = "s3cr3t-pa55";
  static final List<String> TO = List.of("you@there");

  /** What the server waits for ({@code TLS}: a handshake) and what it says then. */
  record Exchange(SmtpStage stage, String expect, String reply) {
    @Override
    public String toString() {
      return stage + " " + expect;
    }
  }

  private Conversation() {}

  /** Without TLS and login. */
  static List<Exchange> clear() {
    return Stream.concat(
            Stream.of(
                new Exchange(SmtpStage.BANNER, "", "220 mail.test ESMTP\r\n"),
                new Exchange(SmtpStage.EHLO, "EHLO .*", "250-mail.test\r\n250 8BITMIME\r\n")),
            mail())
        .toList();
  }

  /** By STARTTLS, with AUTH PLAIN. */
  static List<Exchange> startTls() {
    return Stream.concat(
            Stream.of(
                new Exchange(SmtpStage.BANNER, "", "220 mail.test ESMTP\r\n"),
                new Exchange(SmtpStage.EHLO, "EHLO .*", "250-mail.test\r\n250 STARTTLS\r\n"),
                new Exchange(SmtpStage.STARTTLS, "STARTTLS", "220 2.0.0 go ahead\r\n"),
                new Exchange(SmtpStage.HANDSHAKE, "TLS", ""),
                new Exchange(
                    SmtpStage.EHLO, "EHLO .*", "250-mail.test\r\n250 AUTH PLAIN LOGIN\r\n"),
                new Exchange(SmtpStage.AUTH, "AUTH PLAIN .*", "235 2.7.0 welcome\r\n")),
            mail())
        .toList();
  }

  private static Stream<Exchange> mail() {
    return Stream.of(
        new Exchange(SmtpStage.MAIL, "MAIL FROM:<me@here>.*", "250 2.1.0 ok\r\n"),
        new Exchange(SmtpStage.RCPT, "RCPT TO:<you@there>", "250 2.1.5 ok\r\n"),
        new Exchange(SmtpStage.DATA, "DATA", "354 go on\r\n"),
        new Exchange(SmtpStage.FINAL, "FINAL DOT", "250 2.0.0 queued as 42\r\n"),
        new Exchange(SmtpStage.QUIT, "QUIT", "221 bye\r\n"));
  }

  /** The stages at which a mail can still fail. */
  static List<Integer> failing(List<Exchange> exchanges) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < exchanges.size() - 1; i++) {
      if (!exchanges.get(i).expect().equals("TLS")) numbers.add(i);
    }
    return numbers;
  }

  /** A server that plays the exchanges before this one, and hears the command of this one. */
  static ScriptedServer upTo(List<Exchange> exchanges, int number) throws IOException {
    ScriptedServer server = new ScriptedServer();
    for (Exchange each : exchanges.subList(0, number)) play(server, each);
    hear(server, exchanges.get(number));
    return server;
  }

  /** A server that plays it all. */
  static ScriptedServer whole(List<Exchange> exchanges) throws IOException {
    ScriptedServer server = new ScriptedServer();
    for (Exchange each : exchanges) play(server, each);
    return server.awaitClose();
  }

  static void play(ScriptedServer server, Exchange exchange) {
    hear(server, exchange);
    if (!exchange.reply().isEmpty()) server.send(exchange.reply());
  }

  static void hear(ScriptedServer server, Exchange exchange) {
    switch (exchange.expect()) {
      case "" -> {}
      case "TLS" -> server.startTls(CONTEXT);
      case "FINAL DOT" -> server.skipUntil("\\.");
      default -> server.expectLine(exchange.expect());
    }
  }

  /** A client without TLS and login. */
  static SmtpClient.Builder clearClient(ScriptedServer server) {
    return SmtpClient.builder(LoopbackSockets.NAME)
        .sockets(new LoopbackSockets(server.port()))
        .mode(TlsMode.NONE)
        .writeSlack(Duration.ZERO)
        .timeout(Duration.ofSeconds(10));
  }

  /** A client that trusts the authority and logs in. */
  static SmtpClient.Builder client(ScriptedServer server) {
    return client(server.port());
  }

  static SmtpClient.Builder client(int port) {
    return SmtpClient.builder(LoopbackSockets.NAME)
        .sockets(new LoopbackSockets(port))
        .tls(trusting(TlsVersion.TLS12, TlsVersion.TLS13))
        .login(USER, PASSWORD.toCharArray())
        .writeSlack(Duration.ZERO)
        .timeout(Duration.ofSeconds(10));
  }

  static TlsConfig trusting(TlsVersion least, TlsVersion most) {
    try {
      return TlsConfig.builder()
          .systemTrust(false)
          .trust(AUTHORITY.certificate())
          .versions(least, most)
          .closeTimeout(Duration.ofSeconds(1))
          .build();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Path message(Path folder, String text) throws IOException {
    return Files.write(folder.resolve("message.eml"), text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
