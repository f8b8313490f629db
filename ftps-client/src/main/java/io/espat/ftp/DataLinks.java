package io.espat.ftp;

import io.espat.tls.TlsSocket;
import io.espat.tls.TlsUpgrader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.apache.commons.net.io.CopyStreamException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The data connections of a session: always passive, always to the control host, always resuming
 * the control connection's TLS session.
 */
final class DataLinks {
  private static final Logger LOG = LogManager.getLogger(DataLinks.class);
  private static final int LATE_REPLY = 5_000;

  private final EspAtFtpsClient client;
  private final TlsUpgrader upgrader;
  private boolean epsvRefused;
  private boolean handshaken;
  private boolean lastResumed;
  private int opened;
  private int resumed;

  DataLinks(EspAtFtpsClient client, TlsUpgrader upgrader) {
    this.client = client;
    this.upgrader = upgrader;
  }

  int opened() {
    return opened;
  }

  int resumed() {
    return resumed;
  }

  /** Opens a data connection for a transfer command; null if the server refuses the command. */
  @Nullable DataChannel open(String command, @Nullable String arg) throws IOException {
    client.protect();
    long since = client.journal().begin(FtpsStage.DATA);
    TlsSocket above = client.secured();
    Socket raw = dial(passivePort());
    boolean kept = false;
    try {
      if (!client.restarted()) return null;
      client.sendCommand(command, arg);
      if (!client.lastReply().isPreliminary()) return null;
      client.awaitReply();
      TlsSocket tls =
          client.lifeline().handshake(() -> upgrader.upgrade(raw, client.host(), above));
      count(tls);
      kept = true;
      client
          .journal()
          .done(since, tls.resumed() ? "TLS session resumed" : "TLS session not resumed");
      return new DataChannel(raw, tls, client.lifeline().watch(), idle());
    } catch (IOException e) {
      if (!client.replyDue()) throw e;
      throw failure("opening a data connection for " + command, e, "E-FTP-REJECTED");
    } finally {
      if (!kept) Lifeline.closeQuietly(raw);
    }
  }

  private int passivePort() throws IOException {
    if (!epsvRefused) {
      client.sendCommand("EPSV", null);
      if (client.lastReply().code() == 229) return PassivePort.ofExtended(client.lastReply());
      epsvRefused = !client.lastReply().isTransient();
    }
    client.sendCommand("PASV", null);
    if (client.lastReply().code() == 227) return PassivePort.ofPassive(client.lastReply());
    throw client.refused("E-FTP-REJECTED", "no data connection: EPSV and PASV refused");
  }

  private Socket dial(int port) throws IOException {
    handshaken = false;
    lastResumed = false;
    InetAddress peer = client.lifeline().control().getInetAddress();
    Socket raw = client.lifeline().dialData(Addresses.data(peer, client.host(), port));
    raw.setSoTimeout(idle());
    return raw;
  }

  private void count(TlsSocket tls) throws IOException {
    tls.setSoTimeout(idle());
    handshaken = true;
    lastResumed = tls.resumed();
    opened++;
    if (lastResumed) resumed++;
  }

  private int idle() {
    Duration set = client.getDataTimeout();
    if (set.isZero() || set.isNegative()) return EspAtFtpsClient.DEFAULT_TIMEOUT;
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, set.toMillis()));
  }

  /** Takes the reply that ends a transfer; throws what it says if that is no confirmation. */
  FtpReply confirmed(String attempted, DataChannel data, String permanentId) throws IOException {
    FtpReply last = client.finalReply();
    if (last.isPositive()) return last;
    FtpsStage at = client.journal().stage();
    throw TransferFailure.of(at, attempted, null, last, true, data.resumed(), permanentId);
  }

  /** Reads the reply that is due after a broken transfer, closes the session, tells both. */
  IOException failure(String attempted, IOException broke, String permanentId) {
    IOException first = broke instanceof CopyStreamException c ? c.getIOException() : broke;
    FtpsStage at = client.journal().stage();
    client.lifeline().cutData();
    FtpReply late = client.replyDue() ? lateReply() : null;
    client.cut();
    return TransferFailure.of(at, attempted, first, late, handshaken, lastResumed, permanentId);
  }

  private @Nullable FtpReply lateReply() {
    client.lastReply(null);
    try {
      TlsSocket tls = client.secured();
      tls.setSoTimeout(Math.min(tls.getSoTimeout(), LATE_REPLY));
      client.getReply();
    } catch (IOException e) {
      LOG.debug("reply after a broken transfer: {}", e.toString());
    }
    return client.anyReply(); // null, or what came, be it 421
  }
}
