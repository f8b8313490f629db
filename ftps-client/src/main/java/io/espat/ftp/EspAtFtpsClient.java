package io.espat.ftp;

import io.espat.tls.TlsSocket;
import io.espat.tls.TlsUpgrader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import javax.net.SocketFactory;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.apache.commons.net.ftp.FTPListParseEngine;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Commons Net's {@code FTPSClient} for code that already uses one: control and data connections
 * come from one {@link SocketFactory}, every peer is verified, every data connection resumes the
 * control connection's TLS session (RFC 4217).
 *
 * <p>What differs from the stock class:
 *
 * <ul>
 *   <li>{@code connect} resolves nothing: the factory gets the name. It returns inside TLS or not
 *       at all; a failed connect leaves nothing open.
 *   <li>Trust is the {@link TlsUpgrader}'s alone: trust managers, host name verifiers, suites and
 *       protocols set here are not used.
 *   <li>PBSZ 0, PROT P and TYPE I are sent before the first data connection if the caller did not.
 *       PROT C, CCC, REIN, AUTH SSL and text mode are refused.
 *   <li>Data connections are passive always (EPSV, then PASV) and go to the control host's address,
 *       whatever the server names; {@code enterLocalActiveMode()} keeps passive mode.
 *   <li>A transfer that breaks off throws {@link FtpsException} with the server's last words and
 *       closes the session, so that no late reply is taken for another command's.
 *   <li>Each reply is bounded in size, and in time by {@code setSoTimeout} (60 s if never set);
 *       data connections are bounded by {@code setDataTimeout} (60 s without a byte if never set).
 *   <li>The control encoding is UTF-8; commands with a line end or NUL are refused with {@link
 *       IllegalArgumentException}; listeners see {@code PASS ********}.
 * </ul>
 *
 * <p>One thread uses it; {@link #disconnect()} from another ends what is going on. Whoever made it
 * disconnects it.
 */
public class EspAtFtpsClient extends GuardedFtpsClient {
  private static final Logger LOG = LogManager.getLogger(EspAtFtpsClient.class);
  static final int DEFAULT_TIMEOUT = 60_000;

  private final TlsUpgrader upgrader;
  private final DataLinks links;
  private TransferListener listener = new TransferListener() {};
  private FtpsStage stage = FtpsStage.CONNECT;
  private @Nullable FtpReply lastReply;
  private boolean replyDue;
  private boolean isProtected;
  private boolean binary;

  // Read by a thread that ends the session from outside.
  private volatile @Nullable ControlChannel control;
  private volatile @Nullable Socket rawControl;
  private volatile @Nullable Watch watch;
  private volatile boolean ended;

  /** Makes a client for AUTH TLS (port 21) whose connections come from {@code sockets}. */
  public EspAtFtpsClient(SocketFactory sockets, TlsUpgrader upgrader) {
    this(sockets, upgrader, false);
  }

  /** Makes a client for AUTH TLS, or for TLS from the first byte on (port 990). */
  public EspAtFtpsClient(SocketFactory sockets, TlsUpgrader upgrader, boolean isImplicit) {
    super(sockets, isImplicit);
    this.upgrader = Objects.requireNonNull(upgrader, "upgrader");
    this.links = new DataLinks(this, upgrader);
    _timeout_ = DEFAULT_TIMEOUT;
    _controlEncoding = StandardCharsets.UTF_8.name();
  }

  /** How many data connections this session has opened. */
  public int dataConnections() {
    return links.opened();
  }

  /** How many of them resumed the TLS session of the control connection. */
  public int resumedConnections() {
    return links.resumed();
  }

  /** The encrypted control connection, or null while there is none. */
  public @Nullable TlsSocket controlSocket() {
    ControlChannel channel = control;
    return channel == null ? null : channel.tls();
  }

  // Connecting

  @Override
  void connectTo(InetSocketAddress target, String host) throws IOException {
    cut();
    forget();
    _hostname_ = host;
    remoteInetSocketAddress = target;
    watch = new Watch("espat-ftp-watch-" + host, this::cut);
    boolean connected = false;
    try {
      stage = FtpsStage.CONNECT;
      long since = System.nanoTime();
      Socket raw = sockets.createSocket();
      rawControl = raw;
      dial(raw, target);
      _socket_ = raw;
      stageDone(since, host + ":" + target.getPort());
      _connectAction_();
      connected = true;
    } catch (IOException e) {
      throw stage == FtpsStage.CONNECT
          ? watch().explain(e)
          : told("connecting to " + host + ":" + target.getPort(), e);
    } finally {
      if (!connected) cut();
    }
  }

  /** Greeting, AUTH TLS, handshake; with implicit TLS handshake, greeting. */
  @Override
  protected void _connectAction_() throws IOException {
    applySocketAttributes();
    Charset charset = Charset.forName(getControlEncoding());
    Socket raw = _socket_;
    if (isImplicit()) {
      stage = FtpsStage.HANDSHAKE;
      long since = System.nanoTime();
      TlsSocket tls = negotiate(() -> upgrader.upgrade(raw, _hostname_));
      install(new ControlChannel(tls, charset, watch()), tls);
      stageDone(since, tls.version().protocol() + " " + tls.suite());
      greeting();
    } else {
      install(new ControlChannel(upgrader.upgradable(raw), charset, watch()), raw);
      greeting();
      execAUTH();
      sslNegotiation();
    }
    super.enterLocalPassiveMode();
  }

  private void greeting() throws IOException {
    stage = FtpsStage.BANNER;
    long since = System.nanoTime();
    getReply();
    if (lastReply().isPreliminary()) getReply(); // 120: ready in some minutes
    if (!lastReply().isPositive()) throw refused("E-FTP-REJECTED", "the server does not serve");
    stageDone(since, lastReply().words());
  }

  /** Asks for TLS; anything but 234 ends the session, since nothing is ever sent in clear. */
  @Override
  protected void execAUTH() throws IOException {
    stage = FtpsStage.AUTH_TLS;
    long since = System.nanoTime();
    sendCommand("AUTH", "TLS");
    FtpReply reply = lastReply();
    if (reply.isTransient()) {
      throw FtpsException.at(stage)
          .reply(reply)
          .id("E-STARTTLS-TEMP")
          .because(stage + " at " + _hostname_ + ": no encryption at the moment");
    }
    if (reply.code() == 500 || reply.code() == 502) {
      throw refused("E-STARTTLS-ABSENT", "the server does not offer encryption");
    }
    if (reply.code() != 234) throw refused("E-STARTTLS-REFUSED", "the server refuses encryption");
    stageDone(since, reply.words());
  }

  /** Runs the handshake over the control connection and puts the encrypted one in its place. */
  @Override
  protected void sslNegotiation() throws IOException {
    stage = FtpsStage.HANDSHAKE;
    long since = System.nanoTime();
    ControlChannel channel = channel();
    TlsSocket tls = negotiate(() -> channel.secure(upgrader, _hostname_));
    install(channel, tls);
    stageDone(since, tls.version().protocol() + " " + tls.suite());
  }

  private void install(ControlChannel channel, Socket socket) throws IOException {
    control = channel;
    _socket_ = socket;
    if (ended) throw new SocketException("the session was closed meanwhile");
  }

  @FunctionalInterface
  interface Handshake {
    TlsSocket run() throws IOException;
  }

  /** The upgrader limits a handshake in time itself; the watch hears an interruption. */
  TlsSocket negotiate(Handshake handshake) throws IOException {
    Watch watching = watch();
    watching.enter(Integer.MAX_VALUE);
    try {
      return handshake.run();
    } catch (IOException e) {
      throw watching.explain(e);
    } finally {
      watching.leave();
    }
  }

  void dial(Socket raw, InetSocketAddress target) throws IOException {
    if (ended) closeQuietly(raw);
    Watch watching = watch();
    watching.enter(Integer.MAX_VALUE);
    try {
      Addresses.dial(raw, target, connectTimeout);
    } finally {
      watching.leave();
    }
  }

  @Override
  protected void applySocketAttributes() throws SocketException {
    _socket_.setSoTimeout(_timeout_ > 0 ? _timeout_ : DEFAULT_TIMEOUT);
  }

  // The dialogue

  @Override
  public int sendCommand(String command, @Nullable String args) throws IOException {
    String line = args == null ? command : command + " " + args;
    String verb = (line + " ").substring(0, (line + " ").indexOf(' ')).toUpperCase(Locale.ROOT);
    Commands.check(verb, line, controlSocket() != null);
    if (verb.equals("PASS") || verb.equals("ACCT")) {
      String word = line.length() > verb.length() ? line.substring(verb.length() + 1) : "";
      return sendSecret(verb, word.toCharArray());
    }
    ControlChannel channel = channel();
    if (channel.speaksUnasked()) return unasked();
    channel.send(line);
    fireCommandSent(verb, line + "\r\n");
    return getReply();
  }

  /** Sends a command whose argument is kept and shown nowhere; the caller wipes it. */
  int sendSecret(String verb, char[] secret) throws IOException {
    Commands.checkSecret(secret);
    if (controlSocket() == null) throw new ProtocolException(verb + " is sent inside TLS only");
    ControlChannel channel = channel();
    if (channel.speaksUnasked()) return unasked();
    channel.hide(secret);
    try {
      channel.sendSecret(verb, secret);
      fireCommandSent(verb, verb + " ********\r\n");
      return getReply();
    } finally {
      channel.hide(null);
    }
  }

  /** A server that says something before it is asked says 421; else the dialogue is out of step. */
  private int unasked() throws IOException {
    int code = getReply();
    cut();
    throw new ProtocolException("the server answered unasked: " + code);
  }

  @Override
  public int getReply() throws IOException {
    return reply(true);
  }

  @Override
  protected void __getReplyNoReport() throws IOException {
    reply(false);
  }

  @Override
  protected void __noop() throws IOException {
    channel().send("NOOP");
    reply(false);
  }

  private int reply(boolean tell) throws IOException {
    ControlChannel channel = channel();
    FtpReply reply;
    try {
      reply = channel.read();
    } catch (SocketTimeoutException e) {
      if (channel.brokenOff()) cut();
      throw e;
    } catch (IOException e) {
      cut();
      throw e;
    }
    lastReply = reply;
    if (!reply.isPreliminary()) replyDue = false;
    _replyCode = reply.code();
    _replyLines = new ArrayList<>(reply.lines());
    _newReplyString = true;
    if (tell) fireReplyReceived(_replyCode, getReplyString());
    if (_replyCode == 421) {
      cut();
      throw new FTPConnectionClosedException("the server ends the session: " + reply.printable());
    }
    return _replyCode;
  }

  @Override
  protected void fireCommandSent(String command, String message) {
    tell(false, message);
    super.fireCommandSent(command, message);
  }

  @Override
  protected void fireReplyReceived(int replyCode, String reply) {
    tell(true, reply);
    super.fireReplyReceived(replyCode, reply);
  }

  private void tell(boolean fromServer, String lines) {
    boolean encrypted = controlSocket() != null;
    for (String line : lines.split("\r\n")) {
      String shown = FtpReply.printable(line);
      LOG.debug("{} {}", fromServer ? "<" : ">", shown);
      listener.dialogue(fromServer, encrypted, shown);
    }
  }

  // Data connections

  @Override
  public void execPROT(@Nullable String prot) throws IOException {
    sendCommand("PROT", prot == null ? "C" : prot);
    if (!lastReply().isPositive()) {
      throw refused("E-FTP-REJECTED", "the server does not encrypt data connections");
    }
    isProtected = true; // and no factory is swapped: the stock class would dial host sockets now
  }

  @Override
  public boolean setFileType(int fileType) throws IOException {
    if (fileType != FTP.BINARY_FILE_TYPE) return false;
    if (!binary) binary = super.setFileType(fileType);
    return binary;
  }

  /** Brings data connections to PROT P and type I, once a session. */
  void protect() throws IOException {
    if (isProtected && binary) return;
    FtpsStage before = stage;
    stage = FtpsStage.PROTECT;
    long since = System.nanoTime();
    if (!isProtected) {
      sendCommand("PBSZ", "0");
      if (!lastReply().isPositive()) throw refused("E-FTP-REJECTED", "PBSZ 0 refused");
      execPROT("P");
    }
    if (!setFileType(FTP.BINARY_FILE_TYPE)) throw refused("E-FTP-REJECTED", "TYPE I refused");
    stageDone(since, "PROT P");
    stage = before;
  }

  @Override
  protected @Nullable Socket _openDataConnection_(String command, @Nullable String arg)
      throws IOException {
    DataChannel data = links.open(command, arg);
    return data == null ? null : data.socket();
  }

  @Override
  protected boolean _storeFile(String command, String remote, InputStream local)
      throws IOException {
    return transfer("sending " + remote, () -> super._storeFile(command, remote, local));
  }

  @Override
  protected boolean _retrieveFile(String command, String remote, OutputStream local)
      throws IOException {
    return transfer("fetching " + remote, () -> super._retrieveFile(command, remote, local));
  }

  @Override
  public FTPListParseEngine initiateListParsing(@Nullable String parserKey, @Nullable String path)
      throws IOException {
    return transfer("listing", () -> super.initiateListParsing(parserKey, path));
  }

  @Override
  public FTPListParseEngine initiateMListParsing(@Nullable String path) throws IOException {
    return transfer("listing", () -> super.initiateMListParsing(path));
  }

  @FunctionalInterface
  private interface Transfer<T> {
    T run() throws IOException;
  }

  private <T> T transfer(String attempted, Transfer<T> transfer) throws IOException {
    boolean done = false;
    try {
      T result = transfer.run();
      done = true;
      return result;
    } catch (IOException e) {
      if (!replyDue) throw e;
      stage = FtpsStage.TRANSFER;
      throw links.failure(attempted, e, "E-FTP-REJECTED");
    } finally {
      if (!done && replyDue) cut();
    }
  }

  /** Closes the session; idempotent, from any thread, within the upgrader's close time-out. */
  @Override
  public void disconnect() throws IOException {
    links.cut();
    super.disconnect();
    cut();
  }

  // For the rest of the package

  void listener(TransferListener heard) {
    listener = heard;
  }

  FtpsStage stage() {
    return stage;
  }

  void stage(FtpsStage now) {
    stage = now;
  }

  void stageDone(long since, String detail) {
    listener.stage(stage, Duration.ofNanos(System.nanoTime() - since), FtpReply.printable(detail));
  }

  FtpReply lastReply() {
    return Objects.requireNonNull(lastReply, "no reply yet");
  }

  DataLinks links() {
    return links;
  }

  String host() {
    return _hostname_;
  }

  /** True from the go-ahead of a transfer to its final reply. */
  boolean replyDue() {
    return replyDue;
  }

  void awaitReply() {
    replyDue = true;
  }

  boolean restarted() throws IOException {
    return getRestartOffset() == 0 || restart(getRestartOffset());
  }

  /** Gives the socket beneath the control connection, which knows its peer. */
  Socket rawControl() {
    return Objects.requireNonNull(rawControl, "control connection");
  }

  @Nullable FtpReply anyReply() {
    return lastReply;
  }

  /** Puts an earlier reply back, so that its words are what a failure tells. */
  void lastReply(@Nullable FtpReply earlier) {
    lastReply = earlier;
  }

  boolean isOpen() {
    return control != null && !ended;
  }

  FtpsException refused(String id, String message) {
    String attempted = stage + " at " + _hostname_ + ": " + message;
    return FtpsException.at(stage).refused(lastReply(), id).because(attempted);
  }

  /** Gives a failure the stage and the attempt, and the server's words if it said good-bye. */
  IOException told(String attempted, IOException e) {
    Watch watching = watch;
    IOException why = watching == null ? e : watching.explain(e);
    if (why instanceof FTPConnectionClosedException && lastReply != null) {
      FtpReply last = lastReply;
      if (last.code() == 421) {
        return FtpsException.at(stage).lost(e).refused(last, "E-FTP-TEMP").because(attempted);
      }
    }
    return FtpsException.told(stage, attempted, why);
  }

  /** Reads the reply that ends a transfer. */
  FtpReply finalReply() throws IOException {
    getReply();
    FtpReply last = lastReply();
    if (last.code() < 200 || last.isIntermediate()) {
      cut();
      throw new ProtocolException("no end of the transfer: " + last.printable());
    }
    return last;
  }

  /** Sends a command that needs no data connection and gives the reply, whatever it is. */
  FtpReply ask(FtpsStage now, String command, @Nullable String args) throws IOException {
    stage = now;
    sendCommand(command, args);
    return lastReply();
  }

  /** Ends everything at once, without a word to the server; any thread, idempotent. */
  void cut() {
    ended = true;
    links.cut();
    closeQuietly(rawControl);
    Watch watching = watch;
    if (watching != null) watching.close();
  }

  static void closeQuietly(@Nullable Socket socket) {
    if (socket == null) return;
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing a socket: {}", e.toString());
    }
  }

  private void forget() {
    control = null;
    rawControl = null;
    lastReply = null;
    replyDue = false;
    links.forget();
    isProtected = false;
    binary = false;
    ended = false;
  }

  private ControlChannel channel() throws IOException {
    ControlChannel channel = control;
    if (channel == null || ended) throw new FTPConnectionClosedException("the session is closed");
    return channel;
  }

  TlsSocket secured() throws IOException {
    TlsSocket tls = channel().tls();
    if (tls == null) throw new ProtocolException("the control connection is not encrypted");
    return tls;
  }

  Watch watch() {
    return Objects.requireNonNull(watch, "watch");
  }
}
