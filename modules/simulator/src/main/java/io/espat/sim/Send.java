package io.espat.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
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
  private @Nullable InetSocketAddress to; // of this datagram alone
  private boolean backslash; // the byte before was one: CIPSENDEX only
  private boolean ended; // by backslash zero: CIPSENDEX only
  private boolean awaitsLock;
  private boolean sending; // until the verdict is spoken, also while a fault holds that back
  private boolean over; // the verdict is settled
  private Faults.@Nullable Strike failure; // only a part of the payload is sent
  private boolean gone; // all is in the link's send buffer
  private long arrived; // when the payload was complete
  private Runnable cancelTimeout = () -> {};
  private Runnable cancelVerdict = () -> {};

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

  /** Sends this one datagram to somebody of its own. */
  Send to(InetSocketAddress other) {
    to = other;
    return this;
  }

  @Override
  public void take(byte[] chunk) {
    if (Arrays.equals(chunk, CANCEL)) {
      // no time-out, no count: the firmware only looks whether this very chunk is three plus signs
      cancel();
      return;
    }
    int used = fill(chunk);
    if (!full()) {
      return;
    }
    if (used < chunk.length) {
      port.busy();
    }
    arrived = loop.now();
    uart.say("\r\nRecv " + payload.position() + " bytes\r\n");
    payload.flip();
    awaitsLock = true;
    port.later(this::look);
  }

  /** Takes what is still wanted and returns how many bytes of the chunk that used. */
  private int fill(byte[] chunk) {
    if (!escaped) {
      int count = Math.min(payload.remaining(), chunk.length);
      payload.put(chunk, 0, count);
      return count;
    }
    int used = 0;
    while (used < chunk.length && !full()) {
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

  private boolean full() {
    return ended || !payload.hasRemaining();
  }

  @Override
  public boolean complete() {
    return awaitsLock || sending || over || full();
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

  @Override
  public int wants() {
    return escaped ? Pacing.CHUNKS : payload.remaining();
  }

  @Override
  public boolean writes() {
    return sending && !gone && !over;
  }

  /** Takes the socket lock once no frame holds it that waits for room on the line. */
  @Override
  public void look() {
    if (awaitsLock && !uart.locked()) {
      awaitsLock = false;
      start();
    }
  }

  private void start() {
    sending = true;
    InetSocketAddress other = to;
    if (other != null) {
      link.nextTo(other);
    }
    link.whenClosed(() -> loop.post(this::proceed));
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
    if (gone || over) {
      return; // only the verdict is awaited
    }
    try {
      gone = link.write(payload);
    } catch (IOException e) {
      end("\r\nSEND FAIL\r\n");
      return;
    }
    if (gone) {
      String word = failure == null ? "\r\nSEND OK\r\n" : "\r\nSEND FAIL\r\n";
      cancelTimeout.run();
      cancelVerdict = port.verdictOn(arrived, () -> end(word));
    }
  }

  private void end(String verdict) {
    settle();
    port.verdict(verdict);
  }

  private void settle() {
    over = true;
    link.whenClosed(() -> {});
    cancelTimeout.run();
    cancelVerdict.run();
  }

  @Override
  public void abandon() {
    settle();
    sending = false;
    awaitsLock = false;
  }
}
