package io.espat.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A server on loopback that takes bytes, gives bytes on request, or answers 64 with 64. */
final class Peer implements AutoCloseable {
  static final int QUESTION = 64;
  private static final long LIMIT_SECONDS = 30;

  /** What a connection does. */
  interface Talk {
    void with(Socket socket) throws IOException;
  }

  private final ServerSocket listener;
  private final Talk talk;
  private final AtomicLong taken = new AtomicLong();
  private final BlockingQueue<Socket> connected = new LinkedBlockingQueue<>();

  private Peer(Talk talk) throws IOException {
    listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    this.talk = talk;
    daemon("bench peer", this::serve);
  }

  /** A peer that takes everything and counts it; see {@link #taken}. */
  static Peer sink() throws IOException {
    Peer[] self = new Peer[1];
    self[0] = new Peer(socket -> self[0].drain(socket));
    return self[0];
  }

  /** A peer that gives bytes when it is told to; see {@link #give}. */
  static Peer source() throws IOException {
    return new Peer(socket -> {});
  }

  /** A peer that answers each 64 bytes with 64 bytes. */
  static Peer echo() throws IOException {
    return new Peer(Peer::answer);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many bytes have arrived here, on all connections. */
  long taken() {
    return taken.get();
  }

  /** Writes so many bytes to the connection that was opened first and not given to yet. */
  void give(int bytes) throws IOException {
    try {
      Socket socket = connected.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
      if (socket == null) {
        throw new IOException("nobody has connected within " + LIMIT_SECONDS + " s");
      }
      daemon("bench source", () -> fill(socket, bytes));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a connection", e);
    }
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        connected.add(socket);
        daemon("bench connection", () -> run(socket));
      }
    } catch (IOException e) {
      // closed: the bench is over
    }
  }

  private void run(Socket socket) {
    try {
      talk.with(socket);
    } catch (IOException e) {
      // the module's side has gone, as it does at the end
    }
  }

  private void drain(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[64 * 1024];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      taken.addAndGet(count);
    }
  }

  private static void answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    byte[] question = in.readNBytes(QUESTION);
    while (question.length == QUESTION) {
      out.write(question);
      question = in.readNBytes(QUESTION);
    }
  }

  private static void fill(Socket socket, int bytes) {
    byte[] pattern = pattern(bytes);
    try {
      socket.getOutputStream().write(pattern);
    } catch (IOException e) {
      // the module's side has gone
    }
  }

  /** The bytes that are moved: all values, no run that compresses or repeats within a frame. */
  static byte[] pattern(int count) {
    byte[] bytes = new byte[count];
    int state = 1;
    for (int i = 0; i < count; i++) {
      state = state * 1103515245 + 12345;
      bytes[i] = (byte) (state >>> 16);
    }
    return bytes;
  }

  /** Reads so many bytes and checks them. */
  static void check(InputStream in, int count, Progress progress) throws IOException {
    byte[] expected = pattern(count);
    byte[] buffer = new byte[64 * 1024];
    int done = 0;
    while (done < count) {
      int run = in.read(buffer, 0, Math.min(buffer.length, count - done));
      if (run < 0) {
        throw new EOFException("ended after " + done + " of " + count + " bytes");
      }
      for (int i = 0; i < run; i++) {
        if (buffer[i] != expected[done + i]) {
          throw new IOException("byte " + (done + i) + " is not the one that was sent");
        }
      }
      done += run;
      progress.reached(done);
    }
  }

  /** Hears how far a transfer is. */
  interface Progress {
    void reached(int bytes);
  }

  static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : connected) {
      socket.close();
    }
  }
}
