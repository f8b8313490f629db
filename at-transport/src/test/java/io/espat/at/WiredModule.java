package io.espat.at;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A serial line with a small module on it: two speeds, four wires, and what comes of them.
 *
 * <p>It has no threads: what the host writes is answered within the write. As on the firmware, a
 * new serial setting waits until what was said before has left, and so do all further commands.
 */
final class WiredModule implements SerialLine {
  /** What the host's port cannot have. */
  int fastestPort = 5_000_000;

  /** Beyond this speed the module refuses. */
  int fastestModule = 5_000_000;

  /** Beyond these speeds every 1000th byte has a wrong last bit. */
  int cleanToModule = 5_000_000;

  int cleanToHost = 5_000_000;

  /** The module's RTS reaches the host's CTS, which else has the level {@link #strayCts}. */
  boolean rtsWired;

  boolean strayCts;

  /** The host's RTS reaches the module's CTS, which else has the level {@link #strayModuleCts}. */
  boolean ctsWired;

  boolean strayModuleCts;

  /** RTS without DTR resets the module, as on boards with the usual circuit. */
  boolean resetWired;

  boolean modemLines = true;
  @Nullable String refused;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<String> heard = new ArrayList<>(); // guarded by lock, as all below
  private final List<String> levels = new ArrayList<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Deque<String> later = new ArrayDeque<>();
  private final Deque<Byte> said = new ArrayDeque<>();
  private final Deque<Byte> arrived = new ArrayDeque<>();
  private @Nullable UartSetting waiting;
  private UartSetting stored;
  private UartSetting setting;
  private int hostBaud = 115_200;
  private boolean hostFlow;
  private boolean rts;
  private boolean dtr;
  private boolean echo = true;
  private boolean closed;
  private long toModule;
  private long toHost;
  private Duration timeout = Duration.ZERO;

  WiredModule(int baud, int flow) {
    stored = new UartSetting(baud, 8, 1, 0, flow);
    setting = stored;
  }

  /** The module's setting now. */
  UartSetting setting() {
    return locked(() -> setting);
  }

  /** What the module has not been restarted into, but left at by UART_CUR. */
  WiredModule leftAt(UartSetting other) {
    setting = other;
    return this;
  }

  List<String> heard() {
    return locked(() -> List.copyOf(heard));
  }

  List<String> levels() {
    return locked(() -> List.copyOf(levels));
  }

  boolean hostFlow() {
    return locked(() -> hostFlow);
  }

  int hostBaud() {
    return locked(() -> hostBaud);
  }

  private interface Look<T> {
    T at();
  }

  private <T> T locked(Look<T> look) {
    lock.lock();
    try {
      return look.at();
    } finally {
      lock.unlock();
    }
  }

  /** The module restarts by itself. */
  void restart() {
    locked(
        () -> {
          setting = stored;
          echo = true;
          waiting = null;
          later.clear();
          said.clear();
          line.reset();
          say("\r\nready\r\n");
          return null;
        });
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new IOException("closed");
      }
      for (int i = 0; i < count; i++) {
        hear(onTheWire(bytes[offset + i], ++toModule, cleanToModule));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Other speeds garble every byte; a speed too fast for the wire garbles few. */
  private byte onTheWire(byte b, long passed, int clean) {
    if (hostBaud != setting.baud()) {
      return (byte) (b ^ 0xd6 | 0x80);
    }
    return setting.baud() > clean && passed % 1000 == 0 ? (byte) (b ^ 0x80) : b;
  }

  private void hear(byte b) {
    if (echo) {
      say(b);
    }
    line.write(b);
    if (b == '\n') {
      String text = line.toString(ISO_8859_1).strip();
      line.reset();
      later.add(text);
      work();
    }
  }

  private void work() {
    while (waiting == null && !later.isEmpty()) {
      String text = later.removeFirst();
      heard.add(text);
      answer(text);
    }
  }

  private void answer(String text) {
    if (text.equals(refused) || !text.startsWith("AT") || text.startsWith("AT+ECHO")) {
      say("\r\nERROR\r\n");
    } else if (text.startsWith("ATE")) {
      echo = text.endsWith("1");
      say("\r\nOK\r\n");
    } else if (text.equals("AT+UART_CUR?")) {
      say("+UART_CUR:" + listed(setting, 1) + "\r\n\r\nOK\r\n");
    } else if (text.equals("AT+UART_DEF?")) {
      say("+UART_DEF:" + listed(stored, 0) + "\r\n\r\nOK\r\n");
    } else if (text.startsWith("AT+UART_CUR=")) {
      set(text.substring("AT+UART_CUR=".length()).split(","));
    } else if (text.equals("AT+RST")) {
      restart();
    } else if (text.equals("AT+CMD?")) {
      say("+CMD:0,\"AT+CIPRECVTYPE\",0,1,1,0\r\n\r\nOK\r\n");
    } else if (text.endsWith("?")) {
      say(text.substring(2, text.length() - 1) + ":0\r\n\r\nOK\r\n");
    } else {
      say("\r\nOK\r\n");
    }
  }

  /** The running speed is the divider's. */
  private static String listed(UartSetting setting, int off) {
    return (setting.baud() + off) + ",8,1,0," + setting.flow();
  }

  private void set(String[] values) {
    int baud = Integer.parseInt(values[0]);
    if (baud > fastestModule) {
      say("\r\nERROR\r\n");
      return;
    }
    say("\r\nOK\r\n");
    waiting = new UartSetting(baud, 8, 1, 0, Integer.parseInt(values[4]));
    drain();
  }

  private void say(String text) {
    for (byte b : text.getBytes(ISO_8859_1)) {
      said.add(b);
    }
    drain();
  }

  private void say(byte b) {
    said.add(b);
    drain();
  }

  private void drain() {
    boolean cts = ctsWired ? hostFlow || rts : strayModuleCts;
    while (!said.isEmpty() && (cts || !setting.obeysCts())) {
      arrived.add(onTheWire(said.removeFirst(), ++toHost, cleanToHost));
    }
    if (said.isEmpty() && waiting != null) {
      setting = waiting;
      waiting = null;
    }
    changed.signalAll();
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    lock.lock();
    try {
      long left = timeout.isZero() ? Long.MAX_VALUE : timeout.toNanos();
      while (arrived.isEmpty()) {
        if (closed) {
          return -1;
        }
        if (left <= 0) {
          throw new SocketTimeoutException("silence");
        }
        left = timeout.isZero() ? left : changed.awaitNanos(left);
        if (timeout.isZero()) {
          changed.await(1, TimeUnit.SECONDS);
        }
      }
      int run = Math.min(count, arrived.size());
      for (int i = 0; i < run; i++) {
        buffer[offset + i] = arrived.removeFirst();
      }
      return run;
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void timeout(Duration limit) {
    locked(() -> timeout = limit);
  }

  @Override
  public void baud(int baud) throws IOException {
    if (baud > fastestPort) {
      throw new IOException("this port has no " + baud + " baud");
    }
    locked(() -> hostBaud = baud);
  }

  @Override
  public void rtsCts(boolean on) {
    locked(
        () -> {
          hostFlow = on;
          moved();
          return null;
        });
  }

  @Override
  public void rts(boolean asserted) throws IOException {
    requireModemLines();
    locked(
        () -> {
          levels.add(asserted ? "RTS" : "rts");
          if (resetWired && rts && !asserted && !dtr) {
            restart();
          }
          rts = asserted;
          moved();
          return null;
        });
  }

  private void moved() {
    drain();
    work();
  }

  @Override
  public void dtr(boolean asserted) throws IOException {
    requireModemLines();
    locked(
        () -> {
          levels.add(asserted ? "DTR" : "dtr");
          dtr = asserted;
          return null;
        });
  }

  @Override
  public boolean cts() throws IOException {
    requireModemLines();
    return locked(() -> rtsWired ? (setting.flow() & 1) != 0 : strayCts);
  }

  private void requireModemLines() throws IOException {
    if (!modemLines) {
      throw new IOException("no modem lines here");
    }
  }

  @Override
  public String name() {
    return "a wired module";
  }

  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          changed.signalAll();
          return null;
        });
  }
}
