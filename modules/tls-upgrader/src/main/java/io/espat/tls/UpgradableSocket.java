package io.espat.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/**
 * The clear phase of a connection that will switch to TLS: a connected socket whose input hands
 * over at most one line per read and reports {@code available()} as 0 at a line end.
 *
 * <p>Mail and file libraries read ahead and drop what they hold when TLS begins; kept to one line,
 * they cannot, and a reply glued behind the server's go-ahead is found by {@link
 * TlsUpgrader#upgrade(UpgradableSocket, String)}. Afterwards the clear streams refuse to be used,
 * so nothing left in a library's buffer leaves in clear. Closing it closes the socket beneath; time
 * limits are those of the socket beneath.
 */
public final class UpgradableSocket extends LayeredSocket {
  private final LineGate gate;
  private final InputStream input;
  private final OutputStream output;
  private volatile boolean upgraded;

  UpgradableSocket(Socket beneath) throws IOException {
    super(beneath);
    this.gate = new LineGate(beneath.getInputStream());
    this.input = new ClearInput();
    this.output = new ClearOutput(beneath.getOutputStream());
  }

  /**
   * Ends the clear phase and hands over the socket beneath, unless bytes are held or waiting, which
   * closes it.
   */
  Socket release() throws IOException {
    if (upgraded) throw new SocketException("switching to TLS: it was switched already");
    upgraded = true;
    gate.end();
    int surplus = held() + Math.max(0, beneath.getInputStream().available());
    if (surplus == 0) return beneath;
    beneath.close();
    throw new PlaintextInjectionException(
        "switching to TLS with "
            + beneath.getRemoteSocketAddress()
            + ": "
            + surplus
            + " bytes in clear text stand behind the server's go-ahead; the connection is closed",
        surplus);
  }

  /** The bytes taken from the socket beneath that stand behind the line handed over last. */
  int held() {
    return gate.held();
  }

  private void requireClear() throws SocketException {
    if (upgraded) throw new SocketException("this connection has switched to TLS");
  }

  @Override
  public InputStream getInputStream() throws IOException {
    requireClear();
    return input;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    requireClear();
    return output;
  }

  private final class ClearInput extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      requireClear();
      return gate.read(bytes, offset, count);
    }

    @Override
    public int available() throws IOException {
      requireClear();
      return gate.available();
    }

    @Override
    public void close() throws IOException {
      UpgradableSocket.this.close();
    }
  }

  private final class ClearOutput extends OutputStream {
    private final OutputStream out;

    ClearOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      requireClear();
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      requireClear();
      out.write(bytes, offset, count);
    }

    @Override
    public void flush() throws IOException {
      requireClear();
      out.flush();
    }

    @Override
    public void close() throws IOException {
      UpgradableSocket.this.close();
    }
  }
}
