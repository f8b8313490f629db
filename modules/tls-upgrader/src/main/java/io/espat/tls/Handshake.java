package io.espat.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/**
 * One handshake, from the client hello to verified keys, in one write for each flight. Used by one
 * thread.
 */
final class Handshake {
  private static final Logger LOG = LogManager.getLogger(Handshake.class);
  private static final Duration FAREWELL = Duration.ofSeconds(1);
  private static final String NO_ALERT = "none";

  private final Socket beneath;
  private final TlsConfig config;
  private final PeerName name;
  private final boolean afterClear;
  private final @Nullable SavedSession resumed;
  private final SavedSession saved = new SavedSession();
  private final RecordReader records;
  private final OutputStream out;
  private final SavedSession.@Nullable Offer offer;
  private final ClientPeer peer;
  private final ClientProtocol protocol;

  /** On a socket that is switched after a clear phase, clear text in place of TLS is an attack. */
  Handshake(
      Socket beneath,
      TlsConfig config,
      PeerName name,
      boolean afterClear,
      @Nullable SavedSession resumed)
      throws IOException {
    this.beneath = beneath;
    this.config = config;
    this.name = name;
    this.afterClear = afterClear;
    this.resumed = resumed;
    records = new RecordReader(beneath);
    out = beneath.getOutputStream();
    ResumptionCrypto crypto = new ResumptionCrypto();
    offer = resumed == null ? null : resumed.offer(crypto);
    peer = new ClientPeer(crypto, config, name, offer);
    protocol = new ClientProtocol(crypto, peer, saved);
  }

  /** Runs it within the configured limit. The caller closes the socket on failure. */
  void run() throws IOException {
    int readTimeout = beneath.getSoTimeout();
    try {
      shakeHands();
      beneath.setSoTimeout(readTimeout);
      keepSession();
    } catch (IOException e) {
      saved.wipe();
      protocol.wipe();
      throw e;
    } finally {
      if (offer != null) offer.wipe();
    }
    tell();
  }

  private void shakeHands() throws IOException {
    Watchdog watchdog = Watchdog.over(beneath, config.handshakeTimeout(), "handshake");
    try (watchdog) {
      converse(Deadline.in(config.handshakeTimeout()));
    } catch (IOException e) {
      throw watchdog.fired() ? timedOut(e) : failed(e);
    }
    if (watchdog.fired()) throw timedOut(null);
  }

  private void tell() {
    SessionFacts agreed = facts();
    LOG.debug(
        "TLS with {}: {} {}{}",
        name,
        agreed.version().protocol(),
        agreed.suite(),
        agreed.resumed() ? ", resumed" : "");
    if (config.isInsecure()) {
      LOG.warn(
          "TLS with {}: the certificate was not checked (insecure): {}",
          name,
          ChainVerifier.line(agreed.chain().get(0)));
    }
  }

  private void converse(Deadline deadline) throws IOException {
    protocol.connect(peer);
    send();
    while (peer.facts() == null) {
      byte[] record = records.next(deadline);
      if (record == null) {
        throw new TlsHandshakeException(
            attempt() + "the server closed the connection in mid-handshake", NO_ALERT);
      }
      protocol.offerInput(record);
      send();
    }
  }

  /** Sends the flight that has gathered, if there is one: it is whole when more is to be read. */
  private void send() throws IOException {
    byte[] flight = new byte[protocol.getAvailableOutputBytes()];
    if (flight.length == 0) return;
    protocol.readOutput(flight, 0, flight.length);
    out.write(flight);
    out.flush();
  }

  private void keepSession() {
    Session12 session = peer.session12();
    if (session != null) saved.keep(session);
    saved.identity(facts().chain());
    if (offer != null && !facts().resumed()) forgetOffer();
  }

  private void forgetOffer() {
    if (resumed != null && offer != null) resumed.forget(offer);
  }

  private IOException timedOut(@Nullable IOException cause) {
    SocketTimeoutException told =
        new SocketTimeoutException(
            attempt() + "not finished within " + config.handshakeTimeout().toMillis() + " ms");
    if (cause != null) told.initCause(cause);
    return told;
  }

  private IOException failed(IOException e) {
    if (e instanceof SocketTimeoutException) return timedOut(e);
    if (e instanceof NotTlsException clear) return notTls(clear);
    if (e instanceof TlsFatalAlertReceived alert) {
      forgetOffer();
      return refused("the server gave up with", alert.getAlertDescription(), e);
    }
    if (e instanceof TlsFatalAlert alert) {
      forgetOffer();
      sayFarewell();
      CertificateRejectedException rejection = peer.rejection();
      return rejection != null
          ? rejection
          : refused("gave up with", alert.getAlertDescription(), e);
    }
    return e;
  }

  private TlsHandshakeException refused(String who, short alert, IOException cause) {
    TlsHandshakeException told =
        new TlsHandshakeException(
            attempt() + who + " TLS alert " + Alerts.name(alert) + Alerts.meaning(alert),
            Alerts.name(alert));
    told.initCause(cause);
    return told;
  }

  private IOException notTls(NotTlsException clear) {
    if (afterClear) {
      return new PlaintextInjectionException(
          attempt() + "clear text arrived in place of TLS, " + clear.getMessage(), clear.count());
    }
    TlsHandshakeException told =
        new TlsHandshakeException(
            attempt()
                + "the server does not speak TLS here ("
                + clear.getMessage()
                + "); perhaps the port begins in clear text (STARTTLS, AUTH TLS)",
            Alerts.name(AlertDescription.unexpected_message));
    told.initCause(clear);
    return told;
  }

  /** Sends our alert and gives it the time to arrive: closing over unread bytes destroys it. */
  private void sayFarewell() {
    Watchdog watchdog = Watchdog.over(beneath, FAREWELL, "farewell");
    try (watchdog) {
      send();
      Deadline deadline = Deadline.in(FAREWELL);
      InputStream in = beneath.getInputStream();
      byte[] scratch = new byte[4096];
      do {
        beneath.setSoTimeout(deadline.soTimeout());
      } while (in.read(scratch) >= 0);
    } catch (IOException e) {
      LOG.debug("TLS with {}: parting after a failed handshake: {}", name, e.toString());
    }
  }

  private String attempt() {
    return "TLS handshake with " + name + ": ";
  }

  Socket beneath() {
    return beneath;
  }

  TlsConfig config() {
    return config;
  }

  PeerName name() {
    return name;
  }

  RecordReader records() {
    return records;
  }

  OutputStream out() {
    return out;
  }

  ClientProtocol protocol() {
    return protocol;
  }

  SavedSession saved() {
    return saved;
  }

  /** What was agreed; only after {@link #run()}. */
  SessionFacts facts() {
    SessionFacts agreed = peer.facts();
    if (agreed == null) throw new IllegalStateException("the handshake is not over");
    return agreed;
  }
}
