package io.espat.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/**
 * Shows a {@link Wire} to Angus Mail: it reads whole replies that have been checked, and writes
 * nothing, for commands go to the wire themselves. So neither its buffers nor its tracing ever hold
 * a secret, and the switch to TLS happens underneath it.
 */
final class WireSocket extends Socket {
  private final Wire wire;
  private final InetAddress address;
  private final int port;

  WireSocket(Wire wire, String host, int port) throws UnknownHostException {
    this.wire = wire;
    // Angus asks this for the host's name; an address without one would be looked up
    this.address = InetAddress.getByAddress(host, new byte[4]);
    this.port = port;
  }

  @Override
  public InputStream getInputStream() {
    return new Replies();
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        throw new SocketException("commands are sent by the wire");
      }
    };
  }

  @Override
  public InetAddress getInetAddress() {
    return address;
  }

  @Override
  public int getPort() {
    return port;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  /** Leaves the wire open: it belongs to the session, which takes leave. */
  @Override
  public void close() {}

  private final class Replies extends InputStream {
    private byte[] reply = new byte[0];
    private int next;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      if (count == 0) return 0;
      if (next == reply.length) {
        String lines = String.join("\r\n", wire.reply().lines()) + "\r\n";
        reply = lines.getBytes(StandardCharsets.UTF_8);
        next = 0;
      }
      int taken = Math.min(count, reply.length - next);
      System.arraycopy(reply, next, bytes, offset, taken);
      next += taken;
      return taken;
    }
  }
}
