package io.espat.ftp;

import io.espat.tls.TlsSocket;
import java.io.IOException;
import java.net.Socket;

/** One data connection, encrypted, watched, ended politely or cut. */
final class DataChannel {
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
    watch.enter(idle);
    try {
      return tls.getInputStream().read(into, 0, into.length);
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  void write(byte[] from, int count) throws IOException {
    watch.enter(idle);
    try {
      tls.getOutputStream().write(from, 0, count);
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  /** Sends what is left and close_notify, reads to the peer's end, closes. */
  void finish() throws IOException {
    watch.enter(idle);
    try {
      tls.getOutputStream().flush();
      tls.close();
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  /**
   * Ends it at once: the peer sees no close_notify, so it cannot take the bytes for a whole file.
   */
  void cut() {
    EspAtFtpsClient.closeQuietly(raw);
  }
}
