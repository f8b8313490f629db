package io.espat.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One {@code AT+CIPSEND} or {@code AT+CIPSENDEX}: payload gathered, then given to the link. */
final class Send {
  /** Hears whether all bytes are in the link's send buffer. */
  interface Verdict {
    void spoken(boolean sent);
  }

  private final SimLink link;
  private final EventLoop loop;
  private final Duration timeout;
  private final boolean escaped;
  private final ByteBuffer payload;
  private boolean backslash; // the byte before was one: CIPSENDEX only
  private boolean ended; // by backslash zero: CIPSENDEX only
  private @Nullable Verdict verdict;
  private Runnable cancelTimeout = () -> {};

  Send(SimLink link, int count, boolean escaped, EventLoop loop, Duration timeout) {
    this.link = link;
    this.loop = loop;
    this.timeout = timeout;
    this.escaped = escaped;
    payload = ByteBuffer.allocate(count);
  }

  /** Takes what is still wanted and returns how many bytes of the chunk that used. */
  int fill(byte[] chunk) {
    if (!escaped) {
      int count = Math.min(payload.remaining(), chunk.length);
      payload.put(chunk, 0, count);
      return count;
    }
    int used = 0;
    while (used < chunk.length && !complete()) {
      unescape(chunk[used++]);
    }
    return used;
  }

  private void unescape(byte one) {
    if (backslash) {
      backslash = false;
      if (one == '0') {
        ended = true;
      } else {
        payload.put(one);
      }
    } else if (one == '\\') {
      backslash = true;
    } else {
      payload.put(one);
    }
  }

  boolean complete() {
    return ended || !payload.hasRemaining();
  }

  int count() {
    return payload.position();
  }

  /** Begins to give the payload away; the verdict may come at once. */
  void start(Verdict then) {
    verdict = then;
    payload.flip();
    if (!timeout.isZero()) {
      cancelTimeout = loop.after(timeout, () -> end(false));
    }
    proceed();
  }

  /** Goes on once the link takes bytes again. */
  void proceed() {
    try {
      link.write(payload);
    } catch (IOException e) {
      end(false);
      return;
    }
    if (!payload.hasRemaining()) {
      end(true);
    }
  }

  SimLink link() {
    return link;
  }

  private void end(boolean sent) {
    cancelTimeout.run();
    Verdict to = verdict;
    verdict = null;
    if (to != null) {
      to.spoken(sent);
    }
  }
}
