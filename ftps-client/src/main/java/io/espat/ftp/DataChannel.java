package io.espat.ftp;

import io.espat.tls.TlsSocket;
import java.io.IOException;
import java.net.Socket;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** One data connection, encrypted, watched, ended in order or cut. */
final class DataChannel {
  private static final Logger LOG = LogManager.getLogger(DataChannel.class);

  /**
   * What a module's link may take for output it holds: two sends of 8 s of line time, and a little.
   */
  private static final int QUEUED = 20_000;

  /** How long the peer may take for its close_notify once everything has left. */
  private static final int DRAIN = 5_000;

  private final Socket raw;
  private final TlsSocket tls;
  private final Watch watch;
  private final int idle;

  /**
   * Takes what was dialled and the TLS above it; {@code idle} milliseconds without a byte end it.
   */
  DataChannel(Socket raw, TlsSocket tls, Watch watch, int idle) {
    this.raw = raw;
    this.tls = tls;
    this.watch = watch;
    this.idle = idle;
  }

  TlsSocket socket() {
    return tls;
  }

  boolean resumed() {
    return tls.resumed();
  }

  /** Reads; -1 only behind the peer's close_notify. */
  int read(byte[] into) throws IOException {
    watch.enter((long) idle + QUEUED);
    try {
      return tls.getInputStream().read(into, 0, into.length);
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  void write(byte[] from, int count) throws IOException {
    watch.enter((long) idle + QUEUED);
    try {
      tls.getOutputStream().write(from, 0, count);
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  /**
   * Ends what was sent: close_notify, reading to the peer's end, close.
   *
   * <p>Closing at once would let TCP reset what is still on its way; and TLS's own close has a
   * limit that is too short for what a slow serial line still holds.
   */
  void finish() throws IOException {
    watch.enter((long) idle + QUEUED);
    try {
      tls.shutdownOutput();
      drain();
      raw.close(); // all was said: TLS need not wait for the peer once more
      tls.close();
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  /**
   * Answers the peer's close_notify, which {@link #read} has met, and closes.
   *
   * <p>Servers close at once behind a file; whether they still hear the answer does not matter.
   */
  void leave() throws IOException {
    watch.enter((long) idle + QUEUED);
    try {
      tls.close();
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  /**
   * A peer that ends otherwise has said nothing wrong yet: its reply decides. One that sends a file
   * back is not listened to, for it might never end.
   */
  private void drain() throws IOException {
    tls.setSoTimeout(Math.min(idle, DRAIN));
    try {
      if (tls.getInputStream().read() >= 0) LOG.debug("after close_notify: the peer sends data");
    } catch (IOException e) {
      if (watch.explain(e) != e) throw e;
      LOG.debug("after close_notify: {}", e.toString());
    }
  }

  /**
   * Ends it at once: the peer sees no close_notify, so it cannot take the bytes for a whole file.
   */
  void cut() {
    Lifeline.closeQuietly(raw);
  }
}
