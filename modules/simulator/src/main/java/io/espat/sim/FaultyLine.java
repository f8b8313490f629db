package io.espat.sim;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A serial line whose wires may fail: bytes go wrong, drip, or stop; loop thread only. */
final class FaultyLine implements Line {
  private static final Duration DRIP = Duration.ofMillis(5);
  private static final Duration DRIPPING = Duration.ofSeconds(1);

  private final Line line;
  private final EventLoop loop;
  private final Wire toHost;
  private final Wire toModule;
  private final Deque<byte[]> arriving = new ArrayDeque<>(); // more than the module's FIFO holds
  private byte @Nullable [] onWire; // towards the host: what one byte became
  private int taken; // of that
  private boolean cut;
  private Runnable joined = () -> {}; // takes the end of the cut back
  private Runnable flowing = () -> {}; // takes the end of the drip back
  private boolean dripping;
  private boolean dripped; // the next byte has to wait

  FaultyLine(Line line, EventLoop loop, Faults faults) {
    this.line = line;
    this.loop = loop;
    toHost = new Wire(FaultRule.Direction.TO_HOST, faults, this::strike);
    toModule = new Wire(FaultRule.Direction.TO_MODULE, faults, this::strike);
  }

  /** Begins what concerns more than one byte: the wire is cut, or drips, or noise is on it. */
  void strike(Faults.Strike strike) {
    switch (strike.rule().fault()) {
      case CUT_WIRE -> {
        cut = true;
        joined.run();
        if (strike.rule().length() != null) {
          joined = loop.after(strike.lengthOr(DRIPPING), () -> cut = false);
        }
      }
      case SLOW_DRIP -> {
        dripping = true;
        flowing.run();
        flowing = loop.after(strike.lengthOr(DRIPPING), () -> dripping = false);
      }
      default -> arriving.add(Wire.garbage(strike)); // GARBAGE to the module, now
    }
  }

  @Override
  public byte @Nullable [] poll() {
    byte[] chunk = arriving.poll();
    while (chunk == null) {
      byte[] sent = line.poll();
      if (sent == null) {
        return null;
      }
      if (!cut && toModule.clear(sent.length) == sent.length) {
        toModule.passed(sent.length);
        return sent;
      }
      if (!cut) {
        chunks(toModule.pass(sent, 0, sent.length));
        chunk = arriving.poll();
      }
    }
    return chunk;
  }

  private void chunks(byte[] bytes) {
    for (int from = 0; from < bytes.length; from += Firmware.FIFO) {
      arriving.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Firmware.FIFO)));
    }
  }

  @Override
  public int offer(byte[] bytes, int offset, int count) {
    int done = 0;
    while (done < count && !dripped) {
      if (cut && onWire == null) {
        return count;
      }
      int clear = onWire != null || dripping ? 0 : toHost.clear(count - done);
      if (clear > 0) {
        int through = line.offer(bytes, offset + done, clear);
        toHost.passed(through);
        done += through;
        if (through < clear) {
          return done;
        }
      } else if (!single(bytes, offset + done)) {
        return done;
      } else {
        done++;
      }
    }
    return done;
  }

  /** Sends one byte alone, or what becomes of it; says whether that is through. */
  private boolean single(byte[] bytes, int at) {
    byte[] now = onWire;
    if (now == null) {
      now = toHost.pass(bytes, at, 1);
      onWire = now;
      taken = 0;
    }
    taken += line.offer(now, taken, now.length - taken);
    if (taken < now.length) {
      return false;
    }
    onWire = null;
    if (dripping) {
      dripped = true;
      loop.after(DRIP, () -> dripped = false);
    }
    return true;
  }

  @Override
  public boolean attached() {
    return line.attached();
  }

  @Override
  public void want(boolean input, boolean output) {
    line.want(input, output && !dripped);
  }

  @Override
  public void forget() {
    onWire = null;
    arriving.clear();
    line.forget();
  }

  @Override
  public void close() {
    line.close();
  }
}
