package io.espat.ftp;

import io.espat.tls.TlsConfig;
import io.espat.tls.TlsMode;
import io.espat.tls.TlsSocket;
import io.espat.tls.TlsUpgrader;
import io.espat.tls.TlsVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Uploads, downloads and lists files by FTPS (RFC 959, RFC 4217) over the sockets of any {@link
 * SocketFactory}, such as those of an ESP-AT module.
 *
 * <pre>{@code
 * try (FtpsClient ftp = FtpsClient.builder("ftp.example.com")   // port 21, AUTH TLS required
 *     .sockets(module.sockets())                               // certificate and name checked
 *     .login("pump7", password)
 *     .open()) {
 *   ftp.upload(Path.of("log.csv"), "in/log.csv");               // atomically
 * }
 * }</pre>
 *
 * <p>One session does many transfers, one at a time: further threads wait. {@link #close()} from
 * any thread, or an interruption, ends a transfer at once. A method that throws an {@link
 * FtpsException} for a refusal leaves the session usable; one that breaks off in the middle closes
 * it ({@link #isOpen()} tells), so that no late reply is taken for another command's. Every wait
 * has a limit: {@link Builder#connectTimeout}, {@link Builder#timeout}, and the handshake time-out
 * of the {@link TlsConfig}. Paths with CR, LF or NUL are refused with {@link
 * IllegalArgumentException}.
 */
public final class FtpsClient implements AutoCloseable {
  private static final int GOOD_BYE = 2_000;

  private final EspAtFtpsClient client;
  private final TransferListener listener;
  private final String where;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean closed;

  private FtpsClient(EspAtFtpsClient client, TransferListener listener, String where) {
    this.client = client;
    this.listener = listener;
    this.where = where;
  }

  /** Begins a client for this host; its name is what the certificate must carry. */
  public static Builder builder(String host) {
    return new Builder(host);
  }

  /**
   * Uploads a local file, so that the remote name has the old file or the whole new one.
   *
   * <p>The bytes go to {@code remote.part} and get their name when the server confirmed as many as
   * were sent. If the transfer breaks off, the part stays, and the next upload of that name writes
   * it anew.
   *
   * @throws FtpsException E-FTP-CREATE, E-FTP-SIZE, E-FTP-REUSE and others, see the README
   */
  public Transferred upload(Path local, String remote) throws IOException {
    Commands.checkFile(remote);
    try (InputStream source = Files.newInputStream(local)) {
      return upload(source, Files.size(local), remote);
    }
  }

  /**
   * Uploads what the stream gives up to its end, in the same manner; the caller closes the stream.
   *
   * @param size how many bytes it will give, or -1 if unknown; another number fails the upload
   */
  public Transferred upload(InputStream source, long size, String remote) throws IOException {
    Commands.checkFile(remote);
    return during(
        "uploading " + remote, () -> new Upload(client, listener, remote).run(source, size));
  }

  /**
   * Downloads to a local file, which appears under its name when every byte is there: the server
   * ended the stream in order (close_notify), confirmed the transfer, and SIZE agrees.
   *
   * <p>Until then the bytes are in {@code local.part} beside it; that stays if the transfer breaks
   * off after its first byte, and the next download begins it anew. Of two to one name at a time,
   * the first fails at its end.
   *
   * @throws FtpsException E-FTP-MISSING, E-FTP-TRUNCATED, E-FTP-SIZE and others, see the README
   */
  public Transferred download(String remote, Path local) throws IOException {
    Commands.checkFile(remote);
    PartFile part = new PartFile(local);
    try {
      Transferred done;
      try (OutputStream target = part.open()) {
        done = download(remote, target);
      }
      part.complete();
      return done;
    } catch (ClosedByInterruptException e) {
      throw interrupted("downloading " + remote, e);
    } catch (IOException e) {
      part.discardIfEmpty();
      throw e;
    }
  }

  /**
   * Downloads into a stream, which the caller closes. What was written is the whole file only if
   * this returns; on an exception it may be a part.
   */
  public Transferred download(String remote, OutputStream target) throws IOException {
    Commands.checkFile(remote);
    return during(
        "downloading " + remote, () -> new Download(client, listener, remote).run(target));
  }

  /** Lists a directory, the current one for an empty path; without "." and "..". */
  public List<RemoteFile> list(String path) throws IOException {
    Commands.checkText("a remote path", path);
    return during("listing \"" + path + "\"", () -> new Listing(client, path).run());
  }

  /** Asks for the size of a file in bytes; empty if the server has no such file. */
  public OptionalLong size(String remote) throws IOException {
    Commands.checkFile(remote);
    return during(
        "size of " + remote,
        () -> {
          FtpReply reply = client.ask(FtpsStage.COMMAND, "SIZE", remote);
          if (reply.code() == 550) return OptionalLong.empty();
          if (!reply.isPositive()) throw client.refused("E-FTP-REJECTED", "size of " + remote);
          return Sizes.of(reply);
        });
  }

  /** Deletes a file. */
  public void delete(String remote) throws IOException {
    Commands.checkFile(remote);
    command("E-FTP-MISSING", "deleting " + remote, "DELE", remote);
  }

  /** Creates a directory. */
  public void mkdir(String remote) throws IOException {
    Commands.checkText("a remote path", remote);
    command("E-FTP-CREATE", "creating the directory " + remote, "MKD", remote);
  }

  /** Renames a file or directory; whether over an existing one is the server's decision. */
  public void rename(String from, String to) throws IOException {
    Commands.checkText("a remote path", from);
    Commands.checkText("a remote path", to);
    String attempted = "renaming " + from + " to " + to;
    during(
        attempted,
        () -> {
          if (!client.ask(FtpsStage.RENAME, "RNFR", from).isIntermediate()) {
            throw client.refused("E-FTP-MISSING", attempted);
          }
          if (!client.ask(FtpsStage.RENAME, "RNTO", to).isPositive()) {
            throw client.refused("E-FTP-CREATE", attempted);
          }
          return to;
        });
  }

  private void command(String id, String attempted, String verb, String path) throws IOException {
    during(
        attempted,
        () -> {
          if (client.ask(FtpsStage.COMMAND, verb, path).isPositive()) return path;
          boolean unknown = client.lastReply().isUnknownCommand();
          throw client.refused(unknown ? "E-FTP-REJECTED" : id, attempted);
        });
  }

  /** True until the session was closed or has broken. */
  public boolean isOpen() {
    return !closed && client.isOpen();
  }

  /** The TLS version of the control connection. */
  public TlsVersion tlsVersion() {
    return control().version();
  }

  /** The cipher suite of the control connection, by its IANA name. */
  public String suite() {
    return control().suite();
  }

  /** The TLS session of the control connection, with the server's certificates. */
  public SSLSession session() {
    return control().getSession();
  }

  /** The server's address as the socket tells it, or null if it does not. */
  public @Nullable InetAddress serverAddress() {
    return control().getInetAddress();
  }

  /** How many data connections were opened so far. */
  public int dataConnections() {
    return client.dataConnections();
  }

  /** How many of them resumed the TLS session of the control connection. */
  public int resumedConnections() {
    return client.resumedConnections();
  }

  private TlsSocket control() {
    return Objects.requireNonNull(client.controlSocket(), "control connection");
  }

  /**
   * Takes leave (QUIT, at most 2 s) and closes both connections, within the close time-out of the
   * {@link TlsConfig}; while another thread transfers, cuts that transfer instead. Idempotent.
   */
  @Override
  public void close() {
    boolean idle = turn.tryLock();
    try {
      boolean polite = idle && isOpen();
      closed = true;
      if (polite) quit();
      else client.cut();
    } finally {
      if (idle) turn.unlock();
    }
  }

  private void quit() {
    try {
      client.journal().begin(FtpsStage.QUIT);
      client.setSoTimeout(GOOD_BYE);
      client.quit();
    } catch (IOException e) {
      client.cut();
    }
    Lifeline.closeQuietly(client.controlSocket());
    client.cut();
  }

  @FunctionalInterface
  private interface Operation<T> {
    T run() throws IOException;
  }

  private <T> T during(String attempted, Operation<T> operation) throws IOException {
    takeTurn();
    boolean orderly = false;
    try {
      if (!isOpen()) throw new SocketException(attempted + ": the session is closed");
      T result = operation.run();
      orderly = true;
      return result;
    } catch (FtpsException e) {
      if (closed) throw closedMeanwhile(attempted, e);
      orderly = true; // a refusal; where the session broke, it was closed already
      throw e;
    } catch (LocalFailure e) {
      if (Thread.currentThread().isInterrupted()) throw interrupted(attempted, e.local());
      throw e.local();
    } catch (IOException e) {
      if (closed) throw closedMeanwhile(attempted, e);
      throw client.told(attempted + " at " + where, e);
    } finally {
      if (!orderly) client.cut();
      turn.unlock();
    }
  }

  private static SocketException closedMeanwhile(String attempted, IOException e) {
    SocketException told = new SocketException(attempted + ": the session was closed meanwhile");
    told.initCause(e);
    return told;
  }

  /** Files of the JDK say ClosedByInterruptException; a caller need know one word only. */
  private static InterruptedIOException interrupted(String attempted, IOException e) {
    InterruptedIOException told = new InterruptedIOException(attempted + ": interrupted");
    told.initCause(e);
    return told;
  }

  private void takeTurn() throws InterruptedIOException {
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a transfer to end");
    }
  }

  private void login(String user, char[] password) throws IOException {
    long since = client.journal().begin(FtpsStage.LOGIN);
    client.user(user);
    if (client.lastReply().code() == 331) client.sendSecret("PASS", password);
    if (!client.lastReply().isPositive()) {
      throw client.refused("E-AUTH-DENIED", "login as " + user + " refused");
    }
    client.journal().done(since, user);
  }

  /** Collects what a session needs; {@link #open()} connects. */
  public static final class Builder {
    private final String host;
    private int port = -1;
    private TlsMode mode = TlsMode.STARTTLS;
    private @Nullable TlsUpgrader upgrader;
    private @Nullable SocketFactory sockets;
    private @Nullable String user;
    private char[] password = {};
    private Duration connectTimeout = Duration.ofSeconds(30);
    private Duration timeout = Duration.ofSeconds(60);
    private TransferListener listener = new TransferListener() {};

    private Builder(String host) {
      Commands.checkText("a host name", host);
      if (host.isBlank()) throw new IllegalArgumentException("a host name is needed");
      this.host = host;
    }

    /** Sets the port; 21 by default, 990 for {@link TlsMode#IMPLICIT}. */
    public Builder port(int number) {
      if (number < 1 || number > 65535) throw new IllegalArgumentException("port " + number);
      port = number;
      return this;
    }

    /** Chooses AUTH TLS ({@link TlsMode#STARTTLS}, the default) or TLS from the first byte on. */
    public Builder mode(TlsMode when) {
      if (when == TlsMode.NONE) throw new IllegalArgumentException("FTPS is never without TLS");
      mode = when;
      return this;
    }

    /** Sets trust, pins and versions; {@link TlsConfig#modern()} by default. */
    public Builder tls(TlsConfig config) {
      return upgrader(TlsUpgrader.of(config));
    }

    /** Sets the upgrader, to share one among clients. */
    public Builder upgrader(TlsUpgrader shared) {
      upgrader = shared;
      return this;
    }

    /**
     * Sets where connections come from, which has no default: plain sockets that take unresolved
     * addresses. A factory that hands out {@code SSLSocket}s is refused.
     */
    public Builder sockets(SocketFactory factory) {
      sockets = factory;
      return this;
    }

    /** Sets user and password; the array is copied, and the copy wiped by {@link #open()}. */
    public Builder login(String name, char[] secret) {
      Commands.checkText("a user name", name);
      Commands.checkSecret(secret);
      wipe();
      user = name;
      password = secret.clone();
      return this;
    }

    /** Limits each dial; 30 s by default, 1 ms to 1 day. */
    public Builder connectTimeout(Duration limit) {
      connectTimeout = positive(limit);
      return this;
    }

    /** Limits each wait, for a reply or for the next byte; 60 s by default, 1 ms to 1 day. */
    public Builder timeout(Duration limit) {
      timeout = positive(limit);
      return this;
    }

    /** Sets who hears of stages, dialogue and progress. */
    public Builder listener(TransferListener heard) {
      listener = heard;
      return this;
    }

    /**
     * Connects, encrypts, logs in and protects data connections; a failure leaves nothing open.
     *
     * @throws FtpsException E-STARTTLS-ABSENT, E-AUTH-DENIED and others, see the README
     * @throws IOException in the words of the socket factory if the server is not reached, in those
     *     of {@code io.espat.tls} if it is not trusted
     */
    public FtpsClient open() throws IOException {
      if (sockets == null) throw new IllegalStateException("sockets(...) says what to dial with");
      boolean implicit = mode == TlsMode.IMPLICIT;
      TlsUpgrader tls = upgrader == null ? TlsUpgrader.of(TlsConfig.modern()) : upgrader;
      EspAtFtpsClient client = new EspAtFtpsClient(sockets, tls, implicit);
      client.journal().listener(listener);
      client.setConnectTimeout((int) connectTimeout.toMillis());
      client.setDefaultTimeout((int) timeout.toMillis());
      client.setDataTimeout(timeout);
      int to = port > 0 ? port : implicit ? 990 : 21;
      try {
        client.connect(host, to);
        FtpsClient session = new FtpsClient(client, listener, host + ":" + to);
        return session.during("opening a session", () -> session.begin(user, password));
      } catch (FtpsException e) {
        client.cut();
        throw e;
      } finally {
        wipe();
      }
    }

    private void wipe() {
      Arrays.fill(password, '\0');
      password = new char[0];
    }

    private static Duration positive(Duration limit) {
      if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("a time-out of " + limit);
      }
      return limit;
    }
  }

  private FtpsClient begin(@Nullable String user, char[] password) throws IOException {
    if (user != null) login(user, password);
    client.protect();
    return this;
  }
}
