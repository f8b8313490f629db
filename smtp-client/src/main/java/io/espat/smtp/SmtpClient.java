package io.espat.smtp;

import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import io.espat.tls.TlsUpgrader;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.SocketFactory;

/**
 * Sends mail to one submission server (RFC 6409), each mail in a session of its own.
 *
 * <p>All connections come from the {@link SocketFactory} that the builder was given, and names are
 * resolved by it; the host's own network and resolver are never asked. TLS is required unless
 * {@link TlsMode#NONE} was set, and a login is never sent without it. A mail goes to all recipients
 * or to none: when the server refuses one of them, nothing is sent and the {@link SmtpException}
 * lists them all.
 *
 * <p>Safe for use by several threads. {@code send} blocks; {@link #close()} from another thread, or
 * interrupting the sending thread, ends it promptly.
 *
 * <pre>{@code
 * try (SmtpClient smtp = SmtpClient.builder("smtp.example.com")  // 587, STARTTLS required
 *     .sockets(module.sockets())
 *     .login("me@example.com", password)
 *     .build()) {
 *   SmtpReceipt receipt = smtp.send(message);
 * }
 * }</pre>
 */
public final class SmtpClient implements AutoCloseable {
  private final Settings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Wire> open = new HashSet<>(); // guarded by lock
  private boolean closed; // guarded by lock

  private SmtpClient(Settings settings) {
    this.settings = settings;
  }

  /** Begins a client of this server: a name, or an address literal without brackets. */
  public static Builder builder(String host) {
    return new Builder(host);
  }

  /**
   * Sends a message to all its To, Cc and Bcc; the Bcc field itself is left out. The envelope
   * sender is that of an {@code SMTPMessage}, else the first From. Blocks until the server has
   * given its verdict.
   *
   * @throws SmtpException when the server refuses, breaks the protocol or leaves
   * @throws IOException as thrown by the socket factory and by the TLS upgrader, when the
   *     connection or the certificate fails
   */
  public SmtpReceipt send(MimeMessage message) throws IOException {
    return send(new MimeLetter(message), MimeLetter.envelope(message));
  }

  /**
   * Sends a message by this envelope, whatever its header says. Blocks like {@link
   * #send(MimeMessage)}.
   *
   * @param from the envelope sender, without angle brackets; empty for the null sender of notices
   */
  public SmtpReceipt send(MimeMessage message, String from, List<String> to) throws IOException {
    return send(new MimeLetter(message), new Envelope(from, to));
  }

  /**
   * Sends a file that holds a message as of RFC 5322, unchanged but for this: Bcc fields are left
   * out, and each line ends in CRLF. The file is streamed, twice: it is measured before the server
   * is called. Blocks like {@link #send(MimeMessage)}.
   *
   * @param from the envelope sender, without angle brackets; empty for the null sender of notices
   * @throws java.nio.file.NoSuchFileException when there is no such file; the server is not called
   */
  public SmtpReceipt send(Path rfc5322, String from, List<String> to) throws IOException {
    return send(new FileLetter(rfc5322), new Envelope(from, to));
  }

  /**
   * Ends every send in progress, wipes the password and refuses further sends. Blocks no longer
   * than the sockets' own {@code close}; the sending threads then throw.
   */
  @Override
  public void close() {
    Set<Wire> ending;
    lock.lock();
    try {
      closed = true;
      ending = Set.copyOf(open);
    } finally {
      lock.unlock();
    }
    ending.forEach(wire -> wire.abort(new SocketException("closed by SmtpClient.close()")));
    settings.wipe();
  }

  private SmtpReceipt send(Letter letter, Envelope envelope) throws IOException {
    Events events = new Events(settings.listener(), settings.server());
    try (Wire wire = new Wire(settings, events)) {
      enter(wire);
      try {
        return new SmtpSession(settings, wire, events).send(letter, envelope);
      } finally {
        leave(wire);
      }
    }
  }

  private void enter(Wire wire) throws SocketException {
    lock.lock();
    try {
      if (closed) throw new SocketException("sending a mail: the client is closed");
      open.add(wire);
    } finally {
      lock.unlock();
    }
  }

  private void leave(Wire wire) {
    lock.lock();
    try {
      open.remove(wire);
    } finally {
      lock.unlock();
    }
  }

  /** Collects what a client needs; {@link #sockets} is required, all else has a default. */
  public static final class Builder {
    private final Settings.Draft draft;

    private Builder(String host) {
      draft = new Settings.Draft(host);
    }

    /** The TCP port; by default 587 for STARTTLS, 465 for implicit TLS, 25 for none. */
    public Builder port(int port) {
      draft.port(port);
      return this;
    }

    /** How the connection is encrypted; {@link TlsMode#STARTTLS} by default. */
    public Builder mode(TlsMode mode) {
      draft.mode = mode;
      return this;
    }

    /** Whom to trust and which TLS versions to speak; {@code TlsConfig.modern()} by default. */
    public Builder tls(TlsConfig config) {
      draft.upgrader = TlsUpgrader.of(config);
      return this;
    }

    /** A TLS upgrader shared with others, so that sessions are resumed across clients. */
    public Builder upgrader(TlsUpgrader upgrader) {
      draft.upgrader = upgrader;
      return this;
    }

    /**
     * Where connections come from: {@code module.sockets()}. {@code createSocket()} is called, then
     * {@code connect} with an unresolved address. An {@code SSLSocket} is refused.
     */
    public Builder sockets(SocketFactory sockets) {
      draft.sockets = sockets;
      return this;
    }

    /**
     * Logs in; the password is copied, and wiped by {@link SmtpClient#close()}. The copy goes into
     * the next client built, and no further.
     *
     * @throws IllegalArgumentException for an empty user, or for NUL, CR or LF in either
     */
    public Builder login(String user, char[] password) {
      draft.login(new Credentials(user, password));
      return this;
    }

    /** Logs in by this mechanism only, PLAIN or LOGIN; by default by the first one offered. */
    public Builder mechanism(String mechanism) {
      draft.mechanism(mechanism);
      return this;
    }

    /** The name given in EHLO; by default the literal of the socket's own address. */
    public Builder ehlo(String name) {
      draft.ehlo(name);
      return this;
    }

    /** How long connecting may take; 30 s by default, at least 1 ms. */
    public Builder connectTimeout(Duration timeout) {
      draft.connectTimeout = Settings.positive(timeout);
      return this;
    }

    /**
     * How long the server may take to begin a reply, and again to complete it, and to take 16 KiB
     * of the message; 60 s by default, at least 1 ms.
     */
    public Builder timeout(Duration timeout) {
      draft.timeout = Settings.positive(timeout);
      return this;
    }

    /** Who is told of stages, dialogue and progress. */
    public Builder listener(SmtpListener listener) {
      draft.listener = listener;
      return this;
    }

    /** Makes the one thread of each send, which watches its time limits; daemons by default. */
    public Builder threadFactory(ThreadFactory threads) {
      draft.threads = threads;
      return this;
    }

    /** How much longer than the time-out a write may take; a link may still hold two sends. */
    Builder writeSlack(Duration slack) {
      draft.writeSlack = slack;
      return this;
    }

    /**
     * Makes the client; nothing is connected yet.
     *
     * @throws IllegalStateException without sockets, or with a login in {@link TlsMode#NONE}
     */
    public SmtpClient build() {
      return new SmtpClient(draft.settings());
    }
  }

  /** The server and the mode; never the login. */
  @Override
  public String toString() {
    return "SmtpClient[" + settings.server() + ", " + settings.mode() + "]";
  }
}
