package io.espat.tls;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket that counts its writes and hands over its input in pieces of a given size. */
final class CountingSocket extends LayeredSocket {
  private final List<Integer> writes = new CopyOnWriteArrayList<>();
  private final int chunk;

  CountingSocket(Socket beneath) {
    this(beneath, Integer.MAX_VALUE);
  }

  CountingSocket(Socket beneath, int chunk) {
    super(beneath);
    this.chunk = chunk;
  }

  /** The size of each write so far. */
  List<Integer> writes() {
    return List.copyOf(writes);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(beneath.getInputStream()) {
      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        return in.read(bytes, offset, Math.min(count, chunk));
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(beneath.getOutputStream()) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        writes.add(count);
        out.write(bytes, offset, count);
      }
    };
  }
}
