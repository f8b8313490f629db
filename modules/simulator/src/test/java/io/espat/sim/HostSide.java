package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A host on the line: writes, and compares what comes with what should. */
final class HostSide implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private final InputStream in;
  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream(); // guarded by lock
  private int consumed; // guarded by lock
  private boolean ended; // guarded by lock
  private @Nullable IOException failure; // guarded by lock

  HostSide(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
    Thread reader = new Thread(this::read, "test-host-reader");
    reader.setDaemon(true);
    reader.start();
  }

  static HostSide of(SimulatedModule module) {
    return new HostSide(module.input(), module.output());
  }

  private void read() {
    byte[] buffer = new byte[4096];
    try {
      for (int count; (count = in.read(buffer)) >= 0; ) {
        lock.lock();
        try {
          heard.write(buffer, 0, count);
          arrived.signalAll();
        } finally {
          lock.unlock();
        }
      }
      end(null);
    } catch (IOException e) {
      end(e);
    }
  }

  private void end(@Nullable IOException why) {
    lock.lock();
    try {
      ended = true;
      failure = why;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void send(String text) throws IOException {
    send(text.getBytes(ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends behind a silence that no guard time outlasts. */
  void pauseAndSend(String text) throws IOException {
    java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
    send(text);
  }

  /** Sends in pieces, each a burst of its own. */
  void send(String text, int chunk) throws IOException {
    byte[] bytes = text.getBytes(ISO_8859_1);
    for (int i = 0; i < bytes.length; i += chunk) {
      send(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + chunk)));
    }
  }

  /** Waits for as many bytes as the text has and compares them all. */
  HostSide expect(String text) {
    String got = take(text.length());
    if (!got.equals(text)) {
      throw new AssertionError("expected <" + shown(text) + ">\n   heard <" + shown(got) + ">");
    }
    return this;
  }

  /** Waits for a number of bytes; fewer come back when nothing more does. */
  String take(int count) {
    lock.lock();
    try {
      long left = LIMIT.toNanos();
      while (heard.size() - consumed < count && !ended && left > 0) {
        left = arrived.awaitNanos(left);
      }
      int taken = Math.min(count, heard.size() - consumed);
      String got = new String(heard.toByteArray(), consumed, taken, ISO_8859_1);
      consumed += taken;
      return got;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + count + " bytes", e);
    } finally {
      lock.unlock();
    }
  }

  /** Reads up to and including a text. */
  String until(String text) {
    lock.lock();
    try {
      long left = LIMIT.toNanos();
      while (true) {
        String all = new String(heard.toByteArray(), consumed, heard.size() - consumed, ISO_8859_1);
        int at = all.indexOf(text);
        if (at >= 0) {
          consumed += at + text.length();
          return all.substring(0, at + text.length());
        }
        if (ended || left <= 0) {
          throw new AssertionError("no <" + shown(text) + "> in <" + shown(all) + ">");
        }
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + text, e);
    } finally {
      lock.unlock();
    }
  }

  /** Sends a command and compares everything up to the end of the answer, echo aside. */
  HostSide ask(String command, String answer) throws IOException {
    send(command + "\r\n");
    return expect(answer);
  }

  /** Passes over the start of a joined module and switches the echo off. */
  HostSide quiet() throws IOException {
    expect("WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n");
    return ask("ATE0", "ATE0\r\n\r\nOK\r\n");
  }

  int pending() {
    lock.lock();
    try {
      return heard.size() - consumed;
    } finally {
      lock.unlock();
    }
  }

  boolean awaitEnd() throws InterruptedException {
    lock.lock();
    try {
      long left = LIMIT.toNanos();
      while (!ended && left > 0) {
        left = arrived.awaitNanos(left);
      }
      return ended && failure == null;
    } finally {
      lock.unlock();
    }
  }

  static void eventually(String what, java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + LIMIT + ": " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  static String shown(String text) {
    String escaped = text.replace("\r", "\\r").replace("\n", "\\n");
    return escaped.length() > 600
        ? escaped.substring(0, 300) + " ... " + escaped.substring(escaped.length() - 300)
        : escaped;
  }

  @Override
  public void close() throws IOException {
    out.close();
    in.close();
  }
}
