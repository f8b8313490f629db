package io.espat.at;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** The output of a link's socket; closing it closes the socket. */
final class LinkOutput extends OutputStream {
  private final LinkSocket socket;
  private final Link link;

  LinkOutput(LinkSocket socket, Link link) {
    this.socket = socket;
    this.link = link;
  }

  @Override
  public void write(int b) throws IOException {
    link.write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    link.write(bytes, offset, count);
  }

  @Override
  public void flush() throws IOException {
    link.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
