package io.espat.ftp;

import io.espat.tls.TlsSocket;
import io.espat.tls.TlsUpgrader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Objects;
import javax.net.SocketFactory;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
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
  static final int DEFAULT_TIMEOUT = 60_000;

  private final TlsUpgrader upgrader;
  private final Journal journal = new Journal();
  private @Nullable DataLinks links;
  private @Nullable FtpReply lastReply;
  private boolean replyDue;
  private boolean isProtected;
  private boolean binary;

  // Read by a thread that ends the session from outside.
  private volatile @Nullable ControlChannel control;
  private volatile @Nullable Lifeline lifeline;

  /** Makes a client for AUTH TLS (port 21) whose connections come from {@code sockets}. */
  public EspAtFtpsClient(SocketFactory sockets, TlsUpgrader upgrader) {
    this(sockets, upgrader, false);
  }

  /** Makes a client for AUTH TLS, or for TLS from the first byte on (port 990). */
  public EspAtFtpsClient(SocketFactory sockets, TlsUpgrader upgrader, boolean isImplicit) {
    super(sockets, isImplicit);
    this.upgrader = Objects.requireNonNull(upgrader, "upgrader");
    _timeout_ = DEFAULT_TIMEOUT;
    _controlEncoding = StandardCharsets.UTF_8.name();
  }

  /** How many data connections this session has opened. */
  public int dataConnections() {
    return links == null ? 0 : links.opened();
  }

  /** How many of them resumed the TLS session of the control connection. */
  public int resumedConnections() {
    return links == null ? 0 : links.resumed();
  }

  /** The encrypted control connection, or null while there is none. */
  public @Nullable TlsSocket controlSocket() {
    ControlChannel channel = control;
    return channel == null ? null : channel.tls();
  }

  // Connecting

  @Override
  void connectTo(InetSocketAddress target, String host) throws IOException {
    begin(host);
    remoteInetSocketAddress = target;
    String attempted = "connecting to " + host + ":" + target.getPort();
    boolean connected = false;
    try {
      long since = journal.begin(FtpsStage.CONNECT);
      _socket_ = lifeline().dialControl(target);
      journal.done(since, host + ":" + target.getPort());
      _connectAction_();
      connected = true;
    } catch (IOException e) {
      throw journal.stage() == FtpsStage.CONNECT ? e : told(attempted, e);
    } finally {
      if (!connected) cut();
    }
  }

  private void begin(String host) {
    cut();
    control = null;
    lastReply = null;
    replyDue = false;
    isProtected = false;
    binary = false;
    _hostname_ = host;
    lifeline = new Lifeline(sockets, host, connectTimeout);
    links = new DataLinks(this, upgrader);
  }

  /** Greeting, AUTH TLS, handshake; with implicit TLS handshake, greeting. */
  @Override
  protected void _connectAction_() throws IOException {
    applySocketAttributes();
    Charset charset = Charset.forName(getControlEncoding());
    Socket raw = _socket_;
    if (isImplicit()) {
      long since = journal.begin(FtpsStage.HANDSHAKE);
      TlsSocket tls = lifeline().handshake(() -> upgrader.upgrade(raw, _hostname_));
      control = new ControlChannel(tls, charset, lifeline().watch());
      _socket_ = tls;
      journal.done(since, tls.version().protocol() + " " + tls.suite());
      greeting();
    } else {
      control = new ControlChannel(upgrader.upgradable(raw), charset, lifeline().watch());
      greeting();
      execAUTH();
      sslNegotiation();
    }
    super.enterLocalPassiveMode();
  }

  private void greeting() throws IOException {
    long since = journal.begin(FtpsStage.BANNER);
    getReply();
    if (lastReply().isPreliminary()) getReply(); // 120: ready in some minutes
    if (!lastReply().isPositive()) throw refused("E-FTP-REJECTED", "the server does not serve");
    journal.done(since, lastReply().words());
  }

  /** Asks for TLS; anything but 234 ends the session, since nothing is ever sent in clear. */
  @Override
  protected void execAUTH() throws IOException {
    long since = journal.begin(FtpsStage.AUTH_TLS);
    sendCommand("AUTH", "TLS");
    FtpReply reply = lastReply();
    if (reply.isTransient()) {
      throw FtpsException.at(journal.stage())
          .reply(reply)
          .id("E-STARTTLS-TEMP")
          .because(journal.stage() + " at " + _hostname_ + ": no encryption at the moment");
    }
    if (reply.code() == 500 || reply.code() == 502) {
      throw refused("E-STARTTLS-ABSENT", "the server does not offer encryption");
    }
    if (reply.code() != 234) throw refused("E-STARTTLS-REFUSED", "the server refuses encryption");
    journal.done(since, reply.words());
  }

  /** Runs the handshake over the control connection and puts the encrypted one in its place. */
  @Override
  protected void sslNegotiation() throws IOException {
    long since = journal.begin(FtpsStage.HANDSHAKE);
    ControlChannel channel = channel();
    TlsSocket tls = lifeline().handshake(() -> channel.secure(upgrader, _hostname_));
    _socket_ = tls;
    journal.done(since, tls.version().protocol() + " " + tls.suite());
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
    journal.lines(false, controlSocket() != null, message);
    super.fireCommandSent(command, message);
  }

  @Override
  protected void fireReplyReceived(int replyCode, String reply) {
    journal.lines(true, controlSocket() != null, reply);
    super.fireReplyReceived(replyCode, reply);
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
    FtpsStage before = journal.stage();
    long since = journal.begin(FtpsStage.PROTECT);
    if (!isProtected) {
      sendCommand("PBSZ", "0");
      if (!lastReply().isPositive()) throw refused("E-FTP-REJECTED", "PBSZ 0 refused");
      execPROT("P");
    }
    if (!setFileType(FTP.BINARY_FILE_TYPE)) throw refused("E-FTP-REJECTED", "TYPE I refused");
    journal.done(since, "PROT P");
    journal.begin(before);
  }

  @Override
  protected @Nullable Socket _openDataConnection_(String command, @Nullable String arg)
      throws IOException {
    DataChannel data = links().open(command, arg);
    if (data == null) return null;
    journal.begin(FtpsStage.TRANSFER);
    return data.socket();
  }

  /** Closes the session; idempotent, from any thread, within the upgrader's close time-out. */
  @Override
  public void disconnect() throws IOException {
    Lifeline life = lifeline;
    if (life != null) life.cutData();
    super.disconnect();
    cut();
  }

  // For the rest of the package

  FtpReply lastReply() {
    return Objects.requireNonNull(lastReply, "no reply yet");
  }

  @Override
  DataLinks links() {
    return Objects.requireNonNull(links, "not connected");
  }

  Journal journal() {
    return journal;
  }

  Lifeline lifeline() {
    return Objects.requireNonNull(lifeline, "not connected");
  }

  String host() {
    return _hostname_;
  }

  /** True from the go-ahead of a transfer to its final reply. */
  @Override
  boolean replyDue() {
    return replyDue;
  }

  void awaitReply() {
    replyDue = true;
  }

  boolean restarted() throws IOException {
    return getRestartOffset() == 0 || restart(getRestartOffset());
  }

  @Nullable FtpReply anyReply() {
    return lastReply;
  }

  /** Puts an earlier reply back, so that its words are what a failure tells. */
  void lastReply(@Nullable FtpReply earlier) {
    lastReply = earlier;
  }

  boolean isOpen() {
    return control != null && !isCut();
  }

  FtpsException refused(String id, String message) {
    String attempted = journal.stage() + " at " + _hostname_ + ": " + message;
    return FtpsException.at(journal.stage()).refused(lastReply(), id).because(attempted);
  }

  /** Gives a failure the stage and the attempt, and the server's words if it said good-bye. */
  IOException told(String attempted, IOException e) {
    IOException why = lifeline().watch().explain(e);
    if (why instanceof FTPConnectionClosedException && lastReply != null) {
      FtpReply last = lastReply;
      if (last.code() == 421) {
        return FtpsException.at(journal.stage())
            .lost(e)
            .refused(last, "E-FTP-TEMP")
            .because(attempted);
      }
    }
    return FtpsException.told(journal.stage(), attempted, why);
  }

  /** Reads the reply that ends a transfer. */
  FtpReply finalReply() throws IOException {
    getReply();
    FtpReply last = lastReply();
    if (last.isPreliminary() || last.isIntermediate()) throw endless("no end of the transfer");
    return last;
  }

  /** Another reply would follow, and be taken for another command's. */
  private ProtocolException endless(String what) {
    cut();
    return new ProtocolException(what + ": " + lastReply().printable());
  }

  /** Sends a command that needs no data connection and gives the reply, whatever it is. */
  FtpReply ask(FtpsStage now, String command, @Nullable String args) throws IOException {
    journal.begin(now);
    sendCommand(command, args);
    if (lastReply().isPreliminary()) throw endless("no end of " + command);
    return lastReply();
  }

  /** Ends everything at once, without a word to the server; any thread, idempotent. */
  @Override
  void cut() {
    Lifeline life = lifeline;
    if (life != null) life.cut();
  }

  private boolean isCut() {
    Lifeline life = lifeline;
    return life == null || life.isCut();
  }

  private ControlChannel channel() throws IOException {
    ControlChannel channel = control;
    if (channel == null || isCut()) throw new FTPConnectionClosedException("the session is closed");
    return channel;
  }

  TlsSocket secured() throws IOException {
    TlsSocket tls = channel().tls();
    if (tls == null) throw new ProtocolException("the control connection is not encrypted");
    return tls;
  }
}
