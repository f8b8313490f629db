package io.espat.ftp;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;

/**
 * What a module's socket factory is to a client: takes unresolved names, dials only what it knows
 * (here the loopback address), records every dial, and can break a connection at the n-th write or
 * read.
 */
final class LoopbackSockets extends SocketFactory {
  /** The name every test server has; no resolver knows it. */
  static final String HOST = "ftp.test";

  private final List<String> dials = new CopyOnWriteArrayList<>();
  private final List<Dialled> made = new CopyOnWriteArrayList<>();
  private volatile int tellsAddress = 1;
  private volatile boolean dataUnsentAtClose;
  private volatile Break plan = new Break(-1, 0, false, false);

  /** Which connection (0 is the control connection) breaks at which write or read, and when. */
  record Break(int connection, int at, boolean reading, boolean delivered) {}

  void breakAt(Break where) {
    plan = where;
  }

  /** From now on sockets do not know the address they are connected to. */
  void hideAddresses() {
    tellsAddress = 0;
  }

  /** From now on data connections tell at their close that not all could be sent. */
  void leaveDataUnsentAtClose() {
    dataUnsentAtClose = true;
  }

  List<String> dials() {
    return dials;
  }

  long open() {
    return made.stream().filter(socket -> !socket.isClosed()).count();
  }

  /** How many writes or reads a connection has seen. */
  int writes(int connection) {
    return made.get(connection).writes;
  }

  int reads(int connection) {
    return made.get(connection).reads;
  }

  @Override
  public Socket createSocket() {
    Dialled socket = new Dialled(made.size());
    made.add(socket);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new AssertionError("dials " + host + " without a time-out");
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new AssertionError("dials " + host + " without a time-out");
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new AssertionError("dials " + host + " without a time-out");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new AssertionError("dials " + host + " without a time-out");
  }

  private final class Dialled extends Socket {
    private final int number;
    private volatile int writes;
    private volatile int reads;

    Dialled(int number) {
      this.number = number;
    }

    @Override
    public void connect(SocketAddress target) throws IOException {
      throw new AssertionError("dials " + target + " without a time-out");
    }

    @Override
    public void connect(SocketAddress target, int timeout) throws IOException {
      if (timeout <= 0) throw new AssertionError("dials " + target + " without a time-out");
      InetSocketAddress to = (InetSocketAddress) target;
      boolean known =
          to.isUnresolved()
              ? to.getHostString().equals(HOST)
              : to.getAddress().isLoopbackAddress() && to.getHostString().equals(HOST);
      if (!known) throw new AssertionError("dials " + to);
      dials.add(to.getHostString() + ":" + to.getPort());
      super.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), to.getPort()), timeout);
    }

    @Override
    public void close() throws IOException {
      boolean first = !isClosed();
      super.close();
      if (first && dataUnsentAtClose && number > 0) {
        throw new SocketException("closed by the peer before all was sent");
      }
    }

    @Override
    public InetAddress getInetAddress() {
      if (tellsAddress == 0) return null;
      try {
        InetAddress address = super.getInetAddress();
        return address == null ? null : InetAddress.getByAddress(HOST, address.getAddress());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
          boolean breaks = breaks(++writes, false);
          if (breaks && !plan.delivered()) snap();
          out.write(bytes, offset, count);
          if (breaks) snap();
        }
      };
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
          if (breaks(++reads, true)) snap();
          return super.read(bytes, offset, count);
        }
      };
    }

    private boolean breaks(int count, boolean reading) {
      Break where = plan;
      return where.connection() == number && where.reading() == reading && count >= where.at();
    }

    private void snap() throws IOException {
      close();
      throw new IOException("connection " + number + " broken on purpose");
    }
  }
}
