package io.espat.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole TLS records (RFC 8446 section 5.1), exactly and never past one. What has arrived of a
 * record outlives a time-out, so the next call goes on where this one stopped.
 *
 * <p>Used by one thread at a time.
 */
final class RecordReader {
  private static final int HEADER = 5;
  private static final int LIMIT = 16_384 + 2048;
  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int APPLICATION_DATA = 23;
  private static final int MAJOR_VERSION = 3;
  private static final int SAMPLE = 80;

  private final Socket socket;
  private final InputStream in;
  private byte[] record = new byte[HEADER];
  private int filled;

  RecordReader(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** The next record with its header, or null when the stream ends, between records or within. */
  byte @Nullable [] next(Deadline deadline) throws IOException {
    if (!fill(deadline)) return null;
    if (record.length == HEADER) {
      record = Arrays.copyOf(record, HEADER + fragmentLength());
      if (!fill(deadline)) return null;
    }
    byte[] whole = record;
    record = new byte[HEADER];
    filled = 0;
    return whole;
  }

  private boolean fill(Deadline deadline) throws IOException {
    while (filled < record.length) {
      socket.setSoTimeout(deadline.soTimeout());
      int count = in.read(record, filled, record.length - filled);
      if (count < 0) return false;
      if (count > 0) deadline.progress();
      filled += count;
      requireRecord();
    }
    return true;
  }

  /** Judges the header byte by byte: a peer that says little and waits must not keep us waiting. */
  private void requireRecord() throws IOException {
    boolean type = filled < 1 || (record[0] >= CHANGE_CIPHER_SPEC && record[0] <= APPLICATION_DATA);
    boolean version = filled < 2 || record[1] == MAJOR_VERSION;
    boolean length = filled < HEADER || fragmentLength() <= LIMIT;
    if (type && version && length) return;
    byte[] seen = Arrays.copyOf(record, Math.max(SAMPLE, filled));
    int waiting = Math.min(Math.max(0, in.available()), seen.length - filled);
    int more = waiting == 0 ? 0 : Math.max(0, in.read(seen, filled, waiting));
    throw new NotTlsException(Arrays.copyOf(seen, filled + more));
  }

  private int fragmentLength() {
    return (record[3] & 0xff) << 8 | record[4] & 0xff;
  }
}
