package io.espat.tls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A socket whose input ends early, is damaged or times out at given places. */
final class ScriptedInput extends LayeredSocket {
  private long cutAfter = Long.MAX_VALUE;
  private long damagedAt = -1;
  private long timeOutEvery = Long.MAX_VALUE;
  private long delivered;
  private boolean timedOutHere;

  ScriptedInput(Socket beneath) {
    super(beneath);
  }

  /** Ends the stream after this many bytes in all. */
  ScriptedInput cutAfter(long bytes) {
    cutAfter = bytes;
    return this;
  }

  /** Flips a bit of the byte that comes this many bytes from now. */
  void damage(long ahead) {
    damagedAt = delivered + ahead;
  }

  /** Throws a time-out whenever this many bytes more were read, and hands over one at a time. */
  void timeOutEvery(long bytes) {
    timeOutEvery = bytes;
  }

  long delivered() {
    return delivered;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(beneath.getInputStream()) {
      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        if (delivered >= cutAfter) return -1;
        if (delivered % timeOutEvery == 0 && timeOutEvery != Long.MAX_VALUE && !timedOutHere) {
          timedOutHere = true;
          throw new SocketTimeoutException("scripted");
        }
        timedOutHere = false;
        boolean single = timeOutEvery != Long.MAX_VALUE;
        int most = (int) Math.min(single ? 1 : count, cutAfter - delivered);
        int n = in.read(bytes, offset, most);
        if (n < 0) return n;
        if (damagedAt >= delivered && damagedAt < delivered + n) {
          bytes[offset + (int) (damagedAt - delivered)] ^= 0x10;
        }
        delivered += n;
        return n;
      }
    };
  }
}
