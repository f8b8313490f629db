package io.espat.at;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The input of a link's socket; closing it closes the socket. */
final class LinkInput extends InputStream {
  private final LinkSocket socket;
  private final Link link;

  LinkInput(LinkSocket socket, Link link) {
    this.socket = socket;
    this.link = link;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return link.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, buffer.length);
    return link.read(buffer, offset, count);
  }

  @Override
  public int available() throws IOException {
    return link.inflow().available();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
