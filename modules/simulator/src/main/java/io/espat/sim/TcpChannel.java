package io.espat.sim;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** A link on a connected socket, in clear; one read is at most one TCP segment. */
final class TcpChannel implements LinkChannel {
  private static final Logger LOG = LogManager.getLogger(TcpChannel.class);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Firmware firmware;
  private final InetSocketAddress remote;
  private final int localPort;
  private boolean readable;
  private boolean writable;

  TcpChannel(SocketChannel channel, SelectionKey key, Firmware firmware) throws IOException {
    this.channel = channel;
    this.key = key;
    this.firmware = firmware;
    remote = (InetSocketAddress) channel.getRemoteAddress();
    localPort = ((InetSocketAddress) channel.getLocalAddress()).getPort();
    key.attach((Runnable) this::selected);
  }

  private void selected() {
    readable |= key.isReadable();
    writable |= key.isWritable();
  }

  @Override
  public String type() {
    return Family.V6.takes(remote.getAddress()) ? "TCPv6" : "TCP";
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  @Override
  public int localPort() {
    return localPort;
  }

  @Override
  public int piece() {
    return firmware.segment;
  }

  @Override
  public int window() {
    return firmware.window;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return channel.read(into);
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    channel.write(bytes);
    return !bytes.hasRemaining();
  }

  @Override
  public boolean takeReadable() {
    boolean was = readable;
    readable = false;
    return was;
  }

  @Override
  public boolean takeWritable() {
    boolean was = writable;
    writable = false;
    return was;
  }

  @Override
  public void want(boolean reading, boolean writing) {
    EventLoop.want(
        key, (reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0));
  }

  @Override
  public void abort() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0); // a reset, no end of stream
    } catch (IOException e) {
      LOG.debug("a socket of the simulated module is closed already: {}", e.getMessage());
    }
    close();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a socket of the simulated module: {}", e.getMessage());
    }
  }
}
