package io.espat.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One {@code AT+CIPSEND} or {@code AT+CIPSENDEX}: payload gathered, then given to the link. */
final class Send implements Intake {
  private static final byte[] CANCEL = "+++".getBytes(US_ASCII);

  private final SimLink link;
  private final CommandPort port;
  private final Uart uart;
  private final Faults faults;
  private final EventLoop loop;
  private final Duration timeout;
  private final boolean escaped;
  private final ByteBuffer payload;
  private boolean backslash; // the byte before was one: CIPSENDEX only
  private boolean ended; // by backslash zero: CIPSENDEX only
  private boolean sending;
  private Faults.@Nullable Strike failure; // only a part of the payload is sent
  private Runnable cancelTimeout = () -> {};

  Send(Parts parts, SimLink link, int count, boolean escaped, Duration timeout) {
    this(parts.port(), parts.uart(), parts.faults(), parts.loop(), link, count, escaped, timeout);
  }

  Send(
      CommandPort port,
      Uart uart,
      Faults faults,
      EventLoop loop,
      SimLink link,
      int count,
      boolean escaped,
      Duration timeout) {
    this.port = port;
    this.uart = uart;
    this.faults = faults;
    this.loop = loop;
    this.link = link;
    this.timeout = timeout;
    this.escaped = escaped;
    payload = ByteBuffer.allocate(count);
  }

  @Override
  public void take(byte[] chunk) {
    if (Arrays.equals(chunk, CANCEL)) {
      // no time-out, no count: the firmware only looks whether this very chunk is three plus signs
      cancel();
      return;
    }
    int used = fill(chunk);
    if (!complete()) {
      return;
    }
    if (used < chunk.length) {
      port.busy();
    }
    uart.say("\r\nRecv " + payload.position() + " bytes\r\n");
    port.later(this::start);
  }

  /** Takes what is still wanted and returns how many bytes of the chunk that used. */
  private int fill(byte[] chunk) {
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

  @Override
  public boolean complete() {
    return sending || ended || !payload.hasRemaining();
  }

  @Override
  public @Nullable SimLink holds() {
    return sending ? link : null;
  }

  @Override
  public boolean cancels() {
    return true;
  }

  @Override
  public void cancel() {
    port.verdict("\r\nSEND Canceled\r\n");
  }

  private void start() {
    sending = true;
    payload.flip();
    failure = faults.strike(Fault.SEND_FAIL);
    if (failure != null) {
      payload.limit(failure.random().nextInt(payload.limit() + 1));
    }
    if (!timeout.isZero()) {
      cancelTimeout = loop.after(timeout, () -> end("\r\nSEND FAIL\r\n"));
    }
    proceed();
  }

  @Override
  public void proceed() {
    boolean gone;
    try {
      gone = link.write(payload);
    } catch (IOException e) {
      end("\r\nSEND FAIL\r\n");
      return;
    }
    if (gone) {
      end(failure == null ? "\r\nSEND OK\r\n" : "\r\nSEND FAIL\r\n");
    }
  }

  private void end(String verdict) {
    abandon();
    port.verdict(verdict);
  }

  @Override
  public void abandon() {
    sending = false;
    cancelTimeout.run();
  }
}
