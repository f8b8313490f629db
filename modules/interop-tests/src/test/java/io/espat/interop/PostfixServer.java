package io.espat.interop;

import io.espat.sim.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real postfix on 127.0.0.1: submission with STARTTLS and a login required, mail for {@code
 * example.test} kept in a Maildir, no name ever looked up.
 */
final class PostfixServer implements Closing, AutoCloseable {
  private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(20);

  /** What postfix and its Maildir put in front of a message, with folded lines. */
  private static final Pattern TRACE =
      Pattern.compile(
          "\\A(?:(?:Return-Path|X-Original-To|Delivered-To|Received):[^\n]*\n(?:[ \t][^\n]*\n)*)+");

  private final ServerProcess process;
  private final int port;
  private final Account account;
  private final Set<Path> handedOut = new HashSet<>();

  private PostfixServer(ServerProcess process, int port, Account account) {
    this.process = process;
    this.port = port;
    this.account = account;
  }

  /** Starts a server that presents this certificate. */
  static PostfixServer start(TestCertificate certificate) throws IOException {
    Account account = Account.fresh();
    int port = ServerProcess.freePort();
    Path work = ServerProcess.workFolder("postfix");
    for (String folder : List.of("postfix/sasl", "mail/inbox", "queue", "data")) {
      Files.createDirectories(work.resolve(folder));
    }
    certificate.writeChain(work.resolve("chain.pem"));
    certificate.writeKey(work.resolve("key.pem"));
    Files.writeString(work.resolve("password"), account.password());
    Files.writeString(work.resolve("postfix/main.cf"), MAIN);
    Files.writeString(work.resolve("postfix/master.cf"), String.format(MASTER, port));
    Files.writeString(work.resolve("postfix/sasl/smtpd.conf"), SASL);
    Files.writeString(work.resolve("start"), String.format(START, account.user()));
    return new PostfixServer(
        ServerProcess.start("postfix", work, port, "/bin/sh", "/srv/start"), port, account);
  }

  int port() {
    return port;
  }

  Account account() {
    return account;
  }

  String log() {
    return process.text("server.log");
  }

  /** All messages in the Maildir, each as its file has it. */
  List<byte[]> delivered() {
    return files().stream().map(PostfixServer::read).toList();
  }

  /** Waits for a message that was not handed out before, and returns it without trace headers. */
  byte[] awaitMessage() throws IOException {
    if (!process.until(DELIVERY_LIMIT, () -> files().size() > handedOut.size())) {
      throw new IOException("nothing delivered within " + DELIVERY_LIMIT + "; log: " + log());
    }
    // their names do not tell the order within a second
    List<Path> fresh = files().stream().filter(handedOut::add).toList();
    if (fresh.size() == 1) return withoutTrace(read(fresh.get(0)));
    throw new IOException("expected one message, found " + fresh.size() + "; log: " + log());
  }

  @Override
  public void close() throws IOException {
    process.close();
  }

  /** The message as it was sent: without the store's headers, with CR LF for the store's LF. */
  static byte[] withoutTrace(byte[] stored) {
    String text = new String(stored, StandardCharsets.ISO_8859_1);
    Matcher trace = TRACE.matcher(text);
    int start = trace.find() ? trace.end() : 0;
    ByteArrayOutputStream message = new ByteArrayOutputStream(stored.length + 1_024);
    for (int i = start; i < stored.length; i++) {
      if (stored[i] == '\n') message.write('\r');
      message.write(stored[i]);
    }
    return message.toByteArray();
  }

  /** Only whole messages are in there; postfix makes the folder with the first. */
  private List<Path> files() {
    Path whole = process.work().resolve("mail/inbox/new");
    if (!Files.isDirectory(whole)) return List.of();
    try (Stream<Path> files = Files.list(whole)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing the Maildir", e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private static final String MAIN =
      """
      compatibility_level = 3.6
      queue_directory = /srv/queue
      data_directory = /srv/data
      command_directory = /usr/sbin
      daemon_directory = /usr/lib/postfix/sbin
      mail_owner = postfix
      setgid_group = postdrop
      maillog_file = /srv/server.log
      maillog_file_prefixes = /srv
      alias_maps =
      alias_database =
      biff = no
      inet_interfaces = 127.0.0.1
      inet_protocols = ipv4
      myhostname = mail.test
      mydestination =
      mynetworks =
      smtpd_peername_lookup = no
      disable_dns_lookups = yes
      message_size_limit = 52428800
      virtual_mailbox_limit = 0
      virtual_mailbox_domains = example.test
      virtual_mailbox_base = /srv/mail
      virtual_mailbox_maps = static:inbox/
      virtual_uid_maps = static:4711
      virtual_gid_maps = static:4711
      smtpd_tls_security_level = encrypt
      smtpd_tls_chain_files = /srv/key.pem, /srv/chain.pem
      smtpd_tls_loglevel = 1
      smtpd_sasl_auth_enable = yes
      smtpd_sasl_local_domain = mail.test
      smtpd_relay_restrictions = permit_sasl_authenticated, reject
      smtpd_recipient_restrictions = permit_sasl_authenticated, reject
      """;

  private static final String MASTER =
      """
      127.0.0.1:%d inet n - n - - smtpd
      cleanup unix n - n - 0 cleanup
      qmgr unix n - n 300 1 qmgr
      rewrite unix - - n - - trivial-rewrite
      bounce unix - - n - 0 bounce
      defer unix - - n - 0 bounce
      trace unix - - n - 0 bounce
      verify unix - - n - 1 verify
      tlsmgr unix - - n 1000? 1 tlsmgr
      proxymap unix - - n - - proxymap
      error unix - - n - - error
      retry unix - - n - - error
      virtual unix - n n - - virtual
      anvil unix - - n - 1 anvil
      postlog unix-dgram n - n - 1 postlogd
      """;

  private static final String SASL =
      """
      pwcheck_method: auxprop
      auxprop_plugin: sasldb
      sasldb_path: /srv/sasldb2
      mech_list: PLAIN LOGIN
      """;

  private static final String START =
      """
      set -e
      saslpasswd2 -p -c -f /srv/sasldb2 -u mail.test %s </srv/password
      chown 4711:4711 /srv/mail /srv/mail/inbox
      chown postfix /srv/sasldb2 /srv/data
      exec postfix -c /srv/postfix start-fg
      """;

  /** The words of {@code espat send} that hand this server a finished message. */
  String[] submission(String device, Path authority, Path password, Path message) {
    return new String[] {
      "send",
      "-d",
      device,
      "--server",
      "mail.test:" + port(),
      "--cacert",
      authority.toString(),
      "--user",
      account().user(),
      "--password-file",
      password.toString(),
      "--from",
      Letter.FROM,
      "--to",
      Letter.TO,
      "--message",
      message.toString()
    };
  }
}
