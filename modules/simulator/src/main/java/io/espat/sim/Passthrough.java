package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The passthrough that {@code AT+CIPSEND} begins while {@code AT+CIPMODE} is 1: what comes goes to
 * the link, in blocks of 2920 bytes or whenever the line is silent, until three plus signs stand
 * alone.
 *
 * <p>A link that this module dialled and that ends is dialled again without a word; what comes
 * meanwhile is dropped.
 */
final class Passthrough implements Intake, Escape.Listener {
  private static final int BLOCK = 2920;

  private final Parts parts;
  private final EventLoop loop;
  private final Memory memory;
  private final Escape escape;
  private final Blocks blocks;
  private @Nullable SimLink link;
  private boolean silent; // what gathered is sent, block or not
  private boolean leaving;
  private boolean over;
  private Runnable cancelSilence = () -> {};
  private Runnable cancelDial = () -> {};

  Passthrough(Parts parts, SimLink link) {
    this.parts = parts;
    this.link = link;
    loop = parts.loop();
    memory = parts.memory();
    escape = new Escape(loop, this);
    blocks = new Blocks(loop, BLOCK, this::dropBlock);
    parts.links().passthrough(this);
  }

  @Override
  public boolean takes() {
    return !leaving && !blocks.full();
  }

  @Override
  public @Nullable SimLink holds() {
    return blocks.holds() ? link : null;
  }

  @Override
  public void take(byte[] chunk) {
    cancelSilence.run();
    if (!escape.holds(chunk)) {
      payload(chunk);
    }
    Duration interval = Duration.ofMillis(memory.settings().transferInterval);
    cancelSilence = Escape.silence(loop, interval, this::silent);
  }

  private void payload(byte[] chunk) {
    if (link != null) {
      blocks.add(chunk, chunk.length);
    }
    proceed();
  }

  private void silent() {
    silent = true;
    proceed();
    silent = false;
  }

  @Override
  public void released(int plusSigns) {
    byte[] chunk = new byte[plusSigns];
    Arrays.fill(chunk, (byte) '+');
    payload(chunk);
  }

  @Override
  public void escaped() {
    leaving = true;
    proceed();
  }

  @Override
  public void proceed() {
    SimLink to = link;
    while (to != null && (!blocks.underWay() || written(to))) {
      if (!blocks.full() && (blocks.empty() || !(silent || leaving))) {
        break;
      }
      if (blocks.full()) {
        escape.stalled();
      }
      blocks.cut(Duration.ofMillis(memory.kept().tcp[to.id()].sendTimeout()));
    }
    if (leaving && !over && !blocks.underWay()) {
      abandon();
      parts.port().verdict((memory.kept().statusMessages & 1) != 0 ? "\r\n+QUITT\r\n" : "");
    }
  }

  @Override
  public void look() {
    if (blocks.underWay() && !blocks.holds()) {
      proceed(); // a frame may have held the socket lock
    }
  }

  private boolean written(SimLink to) {
    try {
      return blocks.lock(!parts.uart().locked()) && blocks.written(to);
    } catch (IOException e) {
      blocks.release(); // the link's end is noticed where it is read
      return true;
    }
  }

  private void dropBlock() {
    blocks.release();
    proceed();
  }

  /** The link ended: forget what was for it and, if it was dialled, dial it again later. */
  void lost(SimLink ended) {
    link = null;
    blocks.forget();
    blocks.release();
    if (!ended.accepted() && !ended.type().startsWith("UDP")) {
      redialLater(ended);
    }
  }

  /** A link that was accepted takes the place of the one before. */
  void joined(SimLink accepted) {
    link = accepted;
  }

  private void redialLater(SimLink ended) {
    Duration interval = Duration.ofMillis(100L * memory.kept().reconnectInterval);
    cancelDial = loop.after(interval, () -> redial(ended));
  }

  private void redial(SimLink ended) {
    if (!parts.station().joined() || !parts.links().reach().alive()) {
      redialLater(ended);
      return;
    }
    InetSocketAddress remote = ended.remote();
    parts
        .links()
        .dials()
        .dial(
            ended.id(),
            remote.getAddress(),
            remote.getPort(),
            ended.security(),
            (dialled, refusal) -> {
              link = dialled;
              if (dialled == null) {
                redialLater(ended);
              } else {
                parts.links().words().connected(dialled);
              }
            });
  }

  @Override
  public void abandon() {
    over = true;
    blocks.release();
    cancelSilence.run();
    cancelDial.run();
    escape.abandon();
    if (link == null) {
      parts.links().dials().abandon();
    }
    parts.links().passthrough(null);
  }
}
