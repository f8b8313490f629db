package io.espat.at;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps a copy of the bytes that arrive while it is open; at most 4 KiB. */
final class Tap {
  private static final int ROOM = 4096;

  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] bytes = new byte[ROOM]; // guarded by lock
  private int count; // guarded by lock
  private volatile boolean open;

  void open() {
    lock.lock();
    try {
      count = 0;
      open = true;
    } finally {
      lock.unlock();
    }
  }

  /** Reader thread only. */
  void pass(byte[] from, int offset, int length) {
    if (!open) {
      return;
    }
    lock.lock();
    try {
      int run = Math.min(length, ROOM - count);
      System.arraycopy(from, offset, bytes, count, run);
      count += run;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what has passed. */
  byte[] close() {
    lock.lock();
    try {
      open = false;
      return Arrays.copyOf(bytes, count);
    } finally {
      lock.unlock();
    }
  }
}
