package io.espat.tls;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;

/** A socket that takes a number of writes and then blocks in the next until it is closed. */
final class BlockedOutput extends LayeredSocket {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch blocked = new CountDownLatch(1);
  private volatile int free;

  BlockedOutput(Socket beneath, int free) {
    super(beneath);
    this.free = free;
  }

  /** Waits until somebody is blocked in a write. */
  void awaitBlocked() throws InterruptedException {
    blocked.await();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(beneath.getOutputStream()) {
      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        if (free > 0) {
          free--;
          out.write(bytes, offset, count);
          return;
        }
        blocked.countDown();
        try {
          closed.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        throw new SocketException("Socket closed");
      }
    };
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
