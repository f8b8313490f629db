package io.espat.ftp;

import java.util.concurrent.TimeUnit;

/** Tells a listener of bytes moved, at most ten times a second. */
final class Progress {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

  private final TransferListener listener;
  private final long total;
  private long bytes;
  private long told = System.nanoTime() - PAUSE;

  Progress(TransferListener listener, long total) {
    this.listener = listener;
    this.total = total;
  }

  void moved(int count) {
    bytes += count;
    long now = System.nanoTime();
    if (now - told < PAUSE || bytes == total) return; // the last byte is told by done()
    told = now;
    listener.progress(bytes, total);
  }

  void done() {
    listener.progress(bytes, total < 0 ? bytes : total);
  }

  long bytes() {
    return bytes;
  }
}
