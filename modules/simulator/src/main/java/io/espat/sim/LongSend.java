package io.espat.sim;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One {@code AT+CIPSENDL}: payload given to the link in blocks while more of it comes in.
 *
 * <p>At most two blocks are held: one on its way into the link, one that gathers. While the second
 * is full, chunks wait on the line.
 */
final class LongSend implements Intake, Escape.Listener {
  /** {@code AT+CIPSENDLCFG}: bytes between two progress reports, and bytes of a block. */
  record Sizes(int report, int block) {
    static final Sizes DEFAULT = new Sizes(1024, 2920);
  }

  private final CommandPort port;
  private final Uart uart;
  private final EventLoop loop;
  private final Faults faults;
  private final SimLink link;
  private final long total;
  private final Sizes sizes;
  private final Duration timeout;
  private final Escape escape;
  private final Blocks blocks;
  private long received;
  private long reported;
  private boolean silent; // since the last chunk: what gathered is sent, block or not
  private boolean lost; // nothing can be sent any more: payload is taken and dropped
  private boolean fails; // though the link lives: of the last block only a part is sent
  private boolean cancelled;
  private boolean surplus; // more came than was announced
  private boolean over;
  private boolean taking;
  private long arrived; // when the payload was complete
  private Runnable cancelSilence = () -> {};
  private Runnable cancelVerdict = () -> {};

  LongSend(Parts parts, SimLink link, int total, Sizes sizes, Duration timeout) {
    port = parts.port();
    uart = parts.uart();
    loop = parts.loop();
    faults = parts.faults();
    this.link = link;
    this.total = total;
    this.sizes = sizes;
    this.timeout = timeout;
    escape = new Escape(loop, this);
    blocks = new Blocks(loop, sizes.block(), this::lose);
    link.whenClosed(this::lose);
  }

  @Override
  public boolean takes() {
    return over || !blocks.full();
  }

  @Override
  public @Nullable SimLink holds() {
    return blocks.holds() ? link : null;
  }

  @Override
  public void take(byte[] chunk) {
    if (over) {
      surplus = true;
      return;
    }
    taking = true;
    cancelSilence.run();
    silent |= escape.quiet();
    proceed();
    silent = false;
    if (!escape.holds(chunk)) {
      payload(chunk);
    }
    taking = false;
    cancelSilence = Escape.silence(loop, Escape.GUARD, this::silent);
  }

  private void silent() {
    silent = true;
    proceed();
  }

  @Override
  public void released(int plusSigns) {
    byte[] chunk = new byte[plusSigns];
    Arrays.fill(chunk, (byte) '+');
    payload(chunk);
  }

  @Override
  public boolean cancels() {
    return !over;
  }

  @Override
  public void cancel() {
    escaped();
  }

  @Override
  public void escaped() {
    cancelled = true;
    blocks.forget();
    proceed();
  }

  private void payload(byte[] chunk) {
    int wanted = (int) Math.min(chunk.length, total - received);
    surplus |= wanted < chunk.length;
    received += wanted;
    arrived = loop.now();
    if (!lost) {
      blocks.add(chunk, wanted);
    }
    proceed();
  }

  @Override
  public void look() {
    if (!blocks.holds()) {
      proceed(); // a report or a block may have waited for room on the line
    }
  }

  @Override
  public void proceed() {
    while (!over) {
      if ((blocks.underWay() && !written()) || !report()) {
        return;
      }
      if (cancelled) {
        end("\r\nSEND CANCELLED\r\n");
      } else if (blocks.full() || (!blocks.empty() && (silent || received == total))) {
        cut();
      } else if (received == total) {
        end(lost || fails ? "\r\nSEND FAIL\r\n" : "\r\nSEND OK\r\n");
      } else {
        return;
      }
    }
  }

  private void cut() {
    if (blocks.full()) {
      escape.stalled();
    }
    if (received == total && !blocks.more()) {
      Faults.Strike failure = faults.strike(Fault.SEND_FAIL);
      if (failure != null) {
        fails = true;
        blocks.keep(failure.random());
      }
    }
    blocks.cut(timeout);
  }

  private boolean written() {
    try {
      return blocks.lock(!uart.locked()) && blocks.written(link);
    } catch (IOException e) {
      lose();
      return true;
    }
  }

  /** Says the reports that are due, all at once; not while the transmit ring is full. */
  private boolean report() {
    long sent = blocks.sent();
    long due = sent == total ? total : sent - sent % sizes.report();
    if (due <= reported || lost) {
      return true;
    }
    if (!uart.hasRoom()) {
      return false;
    }
    StringBuilder lines = new StringBuilder();
    for (long at = reported; at < due; ) {
      at = Math.min(at + sizes.report(), due);
      lines.append(progress(at));
    }
    reported = due;
    uart.say(lines.toString());
    return true;
  }

  private String progress(long count) {
    return "+CIPSENDL:" + count + "," + received + "\r\n";
  }

  /** Nothing more can be sent; the announced bytes are awaited all the same. */
  private void lose() {
    if (over || lost) {
      return;
    }
    lost = true;
    blocks.forget();
    blocks.release();
    uart.say(progress(blocks.sent()));
    loop.post(this::proceed);
  }

  private void end(String word) {
    abandon();
    if (taking) {
      port.later(() -> say(word)); // what is there already was sent before the verdict
    } else {
      say(word);
    }
  }

  private void say(String word) {
    cancelVerdict =
        port.verdictOn(arrived, () -> port.verdict(surplus ? word + port.busyWord() : word));
  }

  @Override
  public int wants() {
    return (int) Math.min(blocks.room(), total - received);
  }

  @Override
  public void abandon() {
    over = true;
    blocks.release();
    cancelSilence.run();
    cancelVerdict.run();
    escape.abandon();
    link.whenClosed(() -> {});
  }
}
