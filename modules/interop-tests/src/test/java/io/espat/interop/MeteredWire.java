package io.espat.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A wire between a host and a module on TCP that counts what passes, both ways together, and does
 * something once when a given number of bytes has passed.
 *
 * <p>It takes one host, as a serial port does, and ends both sides when either ends.
 */
final class MeteredWire implements AutoCloseable {
  private final ServerSocket listener;
  private final int module;
  private final long limit;
  private final Runnable atLimit;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream(); // guarded by itself
  private final AtomicLong passed = new AtomicLong();
  private final AtomicBoolean done = new AtomicBoolean();

  /** A wire that only counts and records. */
  MeteredWire(int module) throws IOException {
    this(module, Long.MAX_VALUE, () -> {});
  }

  /** Listens on a port of its own; {@code atLimit} runs on the wire's thread. */
  MeteredWire(int module, long limit, Runnable atLimit) throws IOException {
    this.module = module;
    this.limit = limit;
    this.atLimit = atLimit;
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    daemon("metered wire", this::serve);
  }

  /** The wire as {@code --device} names it. */
  String device() {
    return "tcp://127.0.0.1:" + listener.getLocalPort();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What the host has sent to the module, as ISO 8859-1: one character is one byte. */
  String heard() {
    synchronized (heard) {
      return heard.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /** Bytes passed so far, both ways together. */
  long passed() {
    return passed.get();
  }

  /** Whether the limit was reached. */
  boolean reached() {
    return done.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void serve() {
    try (Socket host = listener.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), module)) {
      host.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      Thread back = daemon("metered wire, back", () -> pump(far, host, false));
      pump(host, far, true);
      back.join();
    } catch (IOException e) {
      // one of the two is gone, and the other is closed by now: that is what a cut wire does
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Carries one direction; each byte that crosses the limit is still delivered. */
  private void pump(Socket from, Socket to, boolean fromHost) {
    byte[] bytes = new byte[4_096];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = read(in, bytes); n > 0; n = read(in, bytes)) {
        if (fromHost) record(bytes, n);
        out.write(bytes, 0, n);
        if (passed.addAndGet(n) >= limit && done.compareAndSet(false, true)) atLimit.run();
      }
    } catch (IOException e) {
      // as above
    }
  }

  private void record(byte[] bytes, int count) {
    synchronized (heard) {
      heard.write(bytes, 0, count);
    }
  }

  /** Never reads beyond the limit at once, so that the cut falls on the byte asked for. */
  private int read(InputStream in, byte[] bytes) throws IOException {
    long left = limit - passed.get();
    int most = left > 0 ? (int) Math.min(left, bytes.length) : bytes.length;
    return in.read(bytes, 0, most);
  }

  private static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
