package io.espat.at;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A line that stands still after some bytes of a bulk send, until it is opened or closed. */
final class Valve extends OutputStream {
  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int after;
  private boolean bulk; // guarded by lock, as all below
  private int passed;
  private boolean shut;
  private boolean open;
  private boolean closed;

  /** Passes {@code after} bytes behind the first {@code AT+CIPSENDL}. */
  Valve(OutputStream out, int after) {
    this.out = out;
    this.after = after;
  }

  void open() {
    lock.lock();
    try {
      open = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a write stands still. */
  void awaitShut() throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(5);
      while (!shut && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (!shut) {
        throw new AssertionError("no write came as far");
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int done = pass(bytes, offset, count);
    if (done < count) {
      awaitOpen();
      out.write(bytes, offset + done, count - done);
    }
    out.flush();
  }

  private int pass(byte[] bytes, int offset, int count) throws IOException {
    lock.lock();
    try {
      int run = !bulk || open ? count : Math.min(count, after - passed);
      out.write(bytes, offset, run);
      passed += bulk ? run : 0;
      bulk |= new String(bytes, offset, count, US_ASCII).startsWith("AT+CIPSENDL=");
      return run;
    } finally {
      lock.unlock();
    }
  }

  private void awaitOpen() throws IOException {
    lock.lock();
    try {
      shut = true;
      changed.signalAll();
      while (!open && !closed) {
        changed.awaitUninterruptibly();
      }
      if (closed) {
        throw new IOException("the line was closed");
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    out.close();
  }
}
