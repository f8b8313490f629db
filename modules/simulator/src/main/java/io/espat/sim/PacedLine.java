package io.espat.sim;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A serial line with a speed and wires, whose other end is in this process.
 *
 * <p>Only {@link #hostChanged} and {@link #cts} are for any thread, all else for the loop's.
 */
final class PacedLine implements Pipes, Pacing {
  private static final int RTS = 1; // of AT+UART: the module drives RTS
  private static final int CTS = 2; // the module obeys CTS

  private final LineModel model;
  private final EventLoop loop;
  private final HostLine host;
  private final PacedInput fromHost;
  private final PacedOutput toHost;
  private final ReentrantLock lock = new ReentrantLock();
  private Settings.UartSetting setting; // guarded by lock
  private Settings.@Nullable UartSetting next; // guarded by lock: in force from then on
  private long from = SerialWire.NEVER; // guarded by lock
  private int expected = CHUNKS; // loop thread only

  PacedLine(LineModel model, EventLoop loop, HostLine host, Settings.UartSetting setting) {
    this.model = model;
    this.loop = loop;
    this.host = host;
    this.setting = setting;
    int halfBits = ByteTimes.halfBits(setting);
    fromHost = new PacedInput(new ByteTimes(setting.baud(), halfBits), loop::real, loop::wake);
    toHost = new PacedOutput(new ByteTimes(setting.baud(), halfBits), loop::real, loop::wake);
    hostChanged();
  }

  @Override
  public PacedInput fromHost() {
    return fromHost;
  }

  @Override
  public PacedOutput toHost() {
    return toHost;
  }

  @Override
  public boolean paced() {
    return true;
  }

  /** The host's end was set differently. */
  void hostChanged() {
    lock.lock();
    try {
      tune();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void retune(Settings.UartSetting wanted) {
    lock.lock();
    try {
      tune();
      next = wanted;
      from = toHost.drainedAt();
      tune();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void restart(Settings.UartSetting wanted) {
    lock.lock();
    try {
      if (toHost.unsent() > 0) {
        toHost.clear();
      }
      setting = wanted;
      next = null;
      tune();
    } finally {
      lock.unlock();
    }
  }

  /** Brings both directions to what is set, and lets them know what will be. */
  private void tune() {
    Settings.UartSetting coming = next;
    if (coming != null && from <= loop.real()) {
      tune(coming, from);
      setting = coming;
      next = null;
    } else {
      tune(setting, loop.real());
      if (coming != null && from != SerialWire.NEVER) {
        tune(coming, from);
      }
    }
    gates();
  }

  private void tune(Settings.UartSetting module, long at) {
    int baud = module.baud();
    int hosts = host.chosenBaud() == 0 ? baud : host.chosenBaud();
    int halfBits = ByteTimes.halfBits(module);
    toHost.retune(at, baud, halfBits, Misreading.between(baud, hosts, true));
    fromHost.retune(at, hosts, halfBits, Misreading.between(hosts, baud, false));
  }

  private void gates() {
    boolean drives = (setting.flow() & RTS) != 0;
    boolean obeys = (setting.flow() & CTS) != 0;
    SerialWire.Gate hostSends = drives ? SerialWire.Gate.BY_ROOM : SerialWire.Gate.OPEN;
    SerialWire.Gate moduleSends = host.manualRts() ? SerialWire.Gate.OPEN : SerialWire.Gate.SHUT;
    if (host.flowControl()) {
      moduleSends = SerialWire.Gate.BY_ROOM;
    } else {
      hostSends = SerialWire.Gate.OPEN;
    }
    boolean hostStands = host.flowControl() && !(drives && model.rtsWired());
    boolean moduleStands = obeys && !model.ctsWired();
    fromHost.gate(hostStands ? SerialWire.Gate.SHUT : hostSends);
    toHost.gate(moduleStands ? SerialWire.Gate.SHUT : obeys ? moduleSends : SerialWire.Gate.OPEN);
  }

  /** Whether the host's CTS is asserted: a UART that does not drive RTS leaves it off. */
  boolean cts() {
    lock.lock();
    try {
      return model.rtsWired() && (setting.flow() & RTS) != 0 && fromHost.ringHasRoom();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the host's RTS and DTR hold the module in reset. */
  boolean holdsReset() {
    boolean rts = host.flowControl() || host.manualRts();
    return model.resetWired() && rts && !host.dataTerminalReady();
  }

  @Override
  public byte @Nullable [] poll() {
    byte[] chunk = fromHost.poll();
    if (chunk != null) {
      loop.asOf(fromHost.lastArrival());
    }
    return chunk;
  }

  @Override
  public int offer(byte[] bytes, int offset, int count) {
    toHost.offer(bytes, offset, count, loop.now());
    reschedule();
    return count;
  }

  /**
   * Lets a change of speed take place, or move on when more was said before it; returns when it
   * will be.
   */
  private long reschedule() {
    lock.lock();
    try {
      if (next == null) {
        return SerialWire.NEVER;
      }
      if (from > loop.real()) {
        from = toHost.drainedAt();
      }
      tune();
      return next == null ? SerialWire.NEVER : Math.min(from, toHost.lookForLess(1));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int unsent() {
    return toHost.unsent();
  }

  @Override
  public void expect(int what) {
    expected = what;
  }

  @Override
  public boolean attached() {
    return true;
  }

  @Override
  public void want(boolean input, boolean output) {
    loop.alarm(fromHost.expect(input, expected));
    loop.alarm(toHost.lookForLess(Uart.RING));
    loop.alarm(reschedule());
  }

  long lostFromHost() {
    return fromHost.lost();
  }

  long lostToHost() {
    return toHost.lost();
  }

  /** Forgets what is under way in both directions. */
  void clear() {
    fromHost.clear();
    toHost.clear();
  }

  @Override
  public void close() {
    fromHost.end();
    toHost.end();
  }
}
