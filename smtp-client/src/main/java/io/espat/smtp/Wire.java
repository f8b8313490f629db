package io.espat.smtp;

import io.espat.tls.TlsMode;
import io.espat.tls.TlsSocket;
import io.espat.tls.UpgradableSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one mail: commands out, replies in, in clear and then inside TLS.
 *
 * <p>The sending thread does all the work; {@link #abort} may be called by any other. The first
 * reason to end the connection is the one that is told.
 */
final class Wire implements AutoCloseable {
  /** A write that fails may mean that the server has just said why; that is waited for so long. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private static final Duration LEAVING = Duration.ofSeconds(5);

  private final Settings settings;
  private final Events events;
  private final AtomicReference<@Nullable IOException> ended = new AtomicReference<>();
  private final Watch watch;
  private volatile @Nullable Socket raw;
  private @Nullable Socket socket;
  private @Nullable TlsSocket tls;
  private @Nullable ReplyReader replies;
  private @Nullable OutputStream out;
  private @Nullable Reply last;
  private Redaction redaction = Redaction.NONE;
  private boolean broken;

  /** Belongs to the calling thread. */
  Wire(Settings settings, Events events) {
    this.settings = settings;
    this.events = events;
    this.watch = new Watch(settings.threads(), this::abort);
  }

  /** Takes a socket from the factory and connects it; in STARTTLS mode, line by line. */
  void connect() throws IOException {
    Socket fresh = settings.sockets().createSocket();
    raw = fresh;
    if (ended.get() != null) fresh.close();
    if (fresh instanceof SSLSocket) {
      throw new SSLException(
          events.doing() + ": the socket factory makes SSL sockets, whose checks are unknown here");
    }
    Duration timeout = settings.connectTimeout();
    watch.limit("connecting", timeout.plus(settings.writeSlack()));
    int milliseconds = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
    fresh.connect(
        InetSocketAddress.createUnresolved(settings.host(), settings.port()), milliseconds);
    watch.lift();
    boolean upgradable = settings.mode() == TlsMode.STARTTLS;
    use(upgradable ? settings.upgrader().upgradable(fresh) : fresh);
  }

  /** Turns to TLS, or throws what the upgrader throws, the socket being closed. */
  TlsSocket secure() throws IOException {
    TlsSocket fresh =
        current() instanceof UpgradableSocket clear
            ? settings.upgrader().upgrade(clear, settings.host())
            : settings.upgrader().upgrade(current(), settings.host());
    tls = fresh;
    use(fresh);
    return fresh;
  }

  private void use(Socket next) throws IOException {
    socket = next;
    replies = new ReplyReader(next, settings.timeout());
    out = next.getOutputStream();
  }

  /** Sends one line. */
  void command(String line) throws IOException {
    send(line.getBytes(StandardCharsets.UTF_8), line);
  }

  /** Sends one line that is shown as another, and wipes it. */
  void secret(byte[] line, String shown) throws IOException {
    try {
      if (tls == null) throw new IllegalStateException("a secret is sent inside TLS only");
      send(line, shown);
    } finally {
      Arrays.fill(line, (byte) 0);
    }
  }

  private void send(byte[] line, String shown) throws IOException {
    for (byte each : line) {
      if (each == '\r' || each == '\n' || each == 0) {
        throw new IllegalArgumentException("CR, LF and NUL cannot stand in a command");
      }
    }
    requireSilence();
    byte[] whole = Arrays.copyOf(line, line.length + 2);
    whole[line.length] = '\r';
    whole[line.length + 1] = '\n';
    try {
      events.dialogue(false, encrypted(), Text.escaped(shown));
      write(whole, 0, whole.length);
    } finally {
      Arrays.fill(whole, (byte) 0);
    }
  }

  /**
   * A reply to nothing would be taken for the reply to the next command, or for the verdict on the
   * message. Only a farewell, and while the message is sent a refusal, need not be asked for.
   */
  void requireSilence() throws IOException {
    if (!replies().pending()) return;
    Reply unasked = reply();
    boolean expected = unasked.code() == 421 || events.stage() == SmtpStage.DATA;
    if (expected && unasked.refused()) throw Refusal.of(events, unasked);
    broken = true;
    throw new MalformedReplyException("the server spoke unasked: '" + unasked.text() + "'");
  }

  /** Hands over these octets, in one write. */
  void write(byte[] bytes, int offset, int count) throws IOException {
    watch.limit("sending " + count + " octets", settings.timeout().plus(settings.writeSlack()));
    try {
      stream().write(bytes, offset, count);
      stream().flush();
    } catch (IOException e) {
      broken = true;
      throw lastWords(e);
    } finally {
      watch.lift();
    }
  }

  private IOException lastWords(IOException failure) {
    if (ended.get() != null) return failure;
    try {
      replies().timeout(LAST_WORDS);
      Reply reply = reply();
      if (reply.refused()) return Refusal.of(events, reply).causedBy(failure);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Blocks until the next reply is there, at most twice the time-out. */
  Reply reply() throws IOException {
    // the socket's own time-out comes first; this is for one that drips below TLS
    watch.limit("waiting for a reply", settings.timeout().multipliedBy(2).plusSeconds(30));
    try {
      Reply reply = replies().next(redaction);
      reply.lines().forEach(line -> events.dialogue(true, encrypted(), line));
      last = reply;
      return reply;
    } catch (IOException e) {
      broken = true;
      throw e;
    } finally {
      watch.lift();
    }
  }

  /** The reply read last. */
  Reply last() {
    if (last == null) throw new IllegalStateException("no reply yet");
    return last;
  }

  /** From now on these secrets are taken out of replies. */
  void redact(Redaction secrets) {
    redaction = secrets;
  }

  /** Replies are waited for no longer than it takes to be polite. */
  void hurry() {
    Duration timeout = settings.timeout();
    replies().timeout(timeout.compareTo(LEAVING) < 0 ? timeout : LEAVING);
  }

  boolean encrypted() {
    return tls != null;
  }

  @Nullable TlsSocket tls() {
    return tls;
  }

  /** Whether commands can still be sent and understood. */
  boolean usable() {
    return !broken && replies != null && ended.get() == null;
  }

  /** Why somebody else ended the connection; null while nobody has. */
  @Nullable IOException ended() {
    return ended.get();
  }

  /** The module's own address, or the host's, at this end of the connection. */
  @Nullable InetAddress localAddress() {
    Socket own = raw;
    return own == null ? null : own.getLocalAddress();
  }

  /** The server by its address where the socket knows it, else by its name. */
  InetSocketAddress server() {
    Socket own = raw;
    InetAddress address = own == null ? null : own.getInetAddress();
    return address == null
        ? InetSocketAddress.createUnresolved(settings.host(), settings.port())
        : new InetSocketAddress(address, settings.port());
  }

  /** Ends the connection for this reason, from any thread. The sending thread throws it. */
  void abort(IOException cause) {
    if (ended.compareAndSet(null, cause)) closeQuietly(raw);
  }

  /** From here on the connection cannot end in order; closing it breaks it off. */
  void breakOff() {
    broken = true;
  }

  /** The connection is in order again. */
  void resume() {
    broken = false;
  }

  /** Closes the connection, in order where it is in order; the upgrader bounds the wait. */
  @Override
  public void close() {
    boolean orderly = usable() && tls != null;
    closeQuietly(orderly ? tls : raw);
    if (orderly) closeQuietly(raw);
    watch.close();
    redaction.close();
  }

  private static void closeQuietly(@Nullable Socket socket) {
    if (socket == null) return;
    try {
      socket.close();
    } catch (IOException e) {
      // the mail's fate is known by now, and the connection is gone either way
    }
  }

  private Socket current() {
    if (socket == null) throw new IllegalStateException("not connected");
    return socket;
  }

  private ReplyReader replies() {
    if (replies == null) throw new IllegalStateException("not connected");
    return replies;
  }

  private OutputStream stream() {
    if (out == null) throw new IllegalStateException("not connected");
    return out;
  }
}
