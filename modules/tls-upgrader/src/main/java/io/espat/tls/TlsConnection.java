package io.espat.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/**
 * One TLS connection over a socket, after its handshake: both directions at once, then the close.
 *
 * <p>Three locks, always taken in this order: {@code reading} (one reader, held while it waits for
 * the socket), {@code writing} (records leave in the order in which they were sealed, held while
 * the socket takes them), {@code engine} (the state machine, never held over a wait).
 */
final class TlsConnection {
  private static final Logger LOG = LogManager.getLogger(TlsConnection.class);
  private static final int MOST_PER_RECORD = 16_384;

  private final Socket beneath;
  private final TlsConfig config;
  private final PeerName name;
  private final RecordReader records;
  private final OutputStream out;
  private final ClientProtocol protocol; // Guarded by engine
  private final SavedSession saved;
  private final SessionFacts facts;

  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock engine = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  private volatile int readTimeout;
  private @Nullable IOException inputFailure; // Guarded by reading
  private @Nullable IOException outputFailure; // Guarded by writing
  private volatile boolean outputFinished; // Written under writing

  /** Takes over what a handshake has left; the read time-out is in ms, 0 for none. */
  TlsConnection(Handshake done, int readTimeout) {
    this.beneath = done.beneath();
    this.config = done.config();
    this.name = done.name();
    this.records = done.records();
    this.out = done.out();
    this.protocol = done.protocol();
    this.saved = done.saved();
    this.facts = done.facts();
    this.readTimeout = readTimeout;
  }

  SessionFacts facts() {
    return facts;
  }

  SavedSession saved() {
    return saved;
  }

  PeerName name() {
    return name;
  }

  TlsConfig config() {
    return config;
  }

  void readTimeout(int milliseconds) {
    readTimeout = milliseconds;
  }

  int readTimeout() {
    return readTimeout;
  }

  /** Waits for plain text, within the read time-out; -1 after close_notify. */
  int read(byte[] bytes, int offset, int count) throws IOException {
    reading.lock();
    try {
      Deadline deadline = Deadline.fromFirstByte(readTimeout);
      while (true) {
        int length = takePlaintext(bytes, offset, count);
        if (length != 0) return length;
        requireInput();
        accept(next(deadline));
      }
    } finally {
      reading.unlock();
    }
  }

  /** Plain text that is held, or -1 if none is and the peer has said that none will come. */
  private int takePlaintext(byte[] bytes, int offset, int count) throws SocketException {
    engine.lock();
    try {
      if (closed.get()) throw new SocketException("Socket is closed");
      int length = protocol.readInput(bytes, offset, count);
      return length == 0 && inputFailure == null && protocol.hasPeerEnded() ? -1 : length;
    } finally {
      engine.unlock();
    }
  }

  private void requireInput() throws IOException {
    IOException failure = inputFailure;
    if (failure == null) return;
    // The same cause for every later read, each with a trace of its own.
    if (failure instanceof TruncatedException) throw new TruncatedException(failure.getMessage());
    throw new SSLException(failure.getMessage(), failure);
  }

  private byte @Nullable [] next(Deadline deadline) throws IOException {
    try {
      return records.next(deadline);
    } catch (NotTlsException e) {
      throw fail(new SSLException("reading from " + name + ": " + e.getMessage(), e));
    }
  }

  private void accept(byte @Nullable [] record) throws IOException {
    if (record == null) {
      throw fail(
          new TruncatedException(
              "reading from " + name + ": the connection ended without the peer's close_notify"));
    }
    engine.lock();
    try {
      protocol.offerInput(record);
    } catch (TlsFatalAlertReceived e) {
      throw fail(explained("the peer gave up with", e.getAlertDescription(), e));
    } catch (TlsFatalAlert e) {
      throw fail(explained("gave up with", e.getAlertDescription(), e));
    } finally {
      engine.unlock();
      sendReplies();
    }
  }

  private SSLException explained(String who, short alert, IOException cause) {
    return new SSLException(
        "reading from "
            + name
            + ": "
            + who
            + " TLS alert "
            + Alerts.name(alert)
            + Alerts.meaning(alert),
        cause);
  }

  private <E extends IOException> E fail(E failure) {
    inputFailure = failure;
    return failure;
  }

  int available() {
    engine.lock();
    try {
      return closed.get() ? 0 : protocol.getAvailableInputBytes();
    } finally {
      engine.unlock();
    }
  }

  /** Seals and sends: one record and one write to the socket for each 16 KiB or part of it. */
  void write(byte[] bytes, int offset, int count) throws IOException {
    writing.lock();
    try {
      for (int done = 0; done < count; ) {
        int length = Math.min(MOST_PER_RECORD, count - done);
        seal(bytes, offset + done, length);
        sendSealed();
        done += length;
      }
    } finally {
      writing.unlock();
    }
    sendReplies();
  }

  private void seal(byte[] bytes, int offset, int count) throws IOException {
    if (outputFinished) throw new SocketException("Socket output is shutdown");
    if (outputFailure != null) {
      throw new SSLException("writing to " + name + ": an earlier write failed", outputFailure);
    }
    engine.lock();
    try {
      if (closed.get()) throw new SocketException("Socket is closed");
      if (protocol.isClosed()) {
        String why =
            protocol.hasPeerEnded() ? "the peer has ended the connection" : "it has failed";
        throw new SocketException("writing to " + name + ": " + why);
      }
      protocol.writeApplicationData(bytes, offset, count);
    } finally {
      engine.unlock();
    }
  }

  /** Sends what is sealed. The caller holds {@code writing}. */
  private void sendSealed() throws IOException {
    byte[] sealed = takeSealed();
    if (sealed.length == 0) return;
    try {
      out.write(sealed);
    } catch (IOException e) {
      outputFailure = e; // perhaps half a record left: nothing may follow it
      throw e;
    }
  }

  private byte[] takeSealed() {
    engine.lock();
    try {
      byte[] sealed = new byte[protocol.getAvailableOutputBytes()];
      protocol.readOutput(sealed, 0, sealed.length);
      return sealed;
    } finally {
      engine.unlock();
    }
  }

  /**
   * Sends what the state machine says by itself (alerts), without waiting for a writer: that one
   * comes here after its own. A failure is the next writer's, it takes nothing from a reader.
   */
  private void sendReplies() {
    while (hasSealed() && writing.tryLock()) {
      try {
        if (outputFailure != null) return;
        sendSealed();
        out.flush();
      } catch (IOException e) {
        LOG.debug("TLS with {}: an alert was not sent: {}", name, e.toString());
        return;
      } finally {
        writing.unlock();
      }
    }
  }

  private boolean hasSealed() {
    engine.lock();
    try {
      return protocol.getAvailableOutputBytes() > 0;
    } finally {
      engine.unlock();
    }
  }

  void flush() throws IOException {
    if (closed.get()) throw new SocketException("Socket is closed");
    out.flush();
  }

  boolean isOutputFinished() {
    return outputFinished || closed.get();
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Sends close_notify, once. */
  void finishOutput() throws IOException {
    writing.lock();
    try {
      sendCloseNotify();
    } finally {
      writing.unlock();
    }
  }

  private void sendCloseNotify() throws IOException {
    if (outputFinished || outputFailure != null) return;
    outputFinished = true;
    boolean peerHasEnded;
    engine.lock();
    try {
      peerHasEnded = protocol.hasPeerEnded();
      if (!protocol.isClosed()) protocol.sendCloseNotify();
    } finally {
      engine.unlock();
    }
    try {
      sendSealed();
      out.flush();
    } catch (IOException e) {
      // A peer that has said all may be gone; to another, written bytes may not have come through.
      if (!peerHasEnded) throw e;
    }
  }

  /** See {@link TlsSocket#close()}. */
  void close() throws IOException {
    if (!closed.compareAndSet(false, true)) return;
    Deadline deadline = Deadline.in(config.closeTimeout());
    boolean peerHasEnded = peerHasEnded();
    try (Watchdog watchdog = Watchdog.over(beneath, config.closeTimeout(), "close")) {
      if (!beneath.isClosed() && takeLeave(deadline)) drain(deadline);
      if (watchdog.fired()) LOG.debug("TLS with {}: closed without the peer's answer", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever interrupts has no patience: close now
    } finally {
      closeBeneath(peerHasEnded);
      wipe();
    }
  }

  /** A gathering socket sends at its close, and fails there if the peer is gone by then. */
  private void closeBeneath(boolean peerHasEnded) throws IOException {
    try {
      beneath.close();
    } catch (IOException e) {
      // As above: to a peer that has said all there was only the goodbye to send.
      if (!peerHasEnded) throw e;
      LOG.debug("TLS with {}: the peer was gone before our goodbye: {}", name, e.toString());
    }
  }

  private boolean peerHasEnded() {
    engine.lock();
    try {
      return protocol.hasPeerEnded();
    } finally {
      engine.unlock();
    }
  }

  private boolean takeLeave(Deadline deadline) throws IOException, InterruptedException {
    if (!writing.tryLock(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) return false;
    try {
      sendCloseNotify();
      return outputFailure == null;
    } finally {
      writing.unlock();
    }
  }

  /** Reads on to the peer's close_notify: unread bytes would make TCP reset the connection. */
  private void drain(Deadline deadline) throws InterruptedException {
    // A reader in mid-wait does the same; it ends by the peer's answer or by the watchdog.
    if (!reading.tryLock(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) return;
    try {
      byte[] scratch = new byte[MOST_PER_RECORD];
      while (inputFailure == null && !hasPeerEnded(scratch)) accept(next(deadline));
    } catch (SocketTimeoutException e) {
      LOG.debug("TLS with {}: no close_notify within {}", name, config.closeTimeout());
    } catch (IOException e) {
      LOG.debug("TLS with {}: the peer left without close_notify: {}", name, e.toString());
    } finally {
      reading.unlock();
    }
  }

  private boolean hasPeerEnded(byte[] scratch) {
    engine.lock();
    try {
      while (protocol.readInput(scratch, 0, scratch.length) > 0) {
        // Nobody will read it.
      }
      return protocol.hasPeerEnded();
    } finally {
      engine.unlock();
    }
  }

  private void wipe() {
    saved.wipe();
    engine.lock();
    try {
      protocol.wipe();
    } finally {
      engine.unlock();
    }
  }
}
