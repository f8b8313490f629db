package io.espat.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A socket over a connected one, which answers for addresses, options and state. */
abstract class LayeredSocket extends Socket {
  final Socket beneath;

  LayeredSocket(Socket beneath) {
    this.beneath = beneath;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return beneath.getInputStream();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return beneath.getOutputStream();
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    throw new SocketException("already connected to " + beneath.getRemoteSocketAddress());
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    connect(endpoint);
  }

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    throw new SocketException("already bound to " + beneath.getLocalSocketAddress());
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return beneath.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return beneath.getLocalAddress();
  }

  @Override
  public int getPort() {
    return beneath.getPort();
  }

  @Override
  public int getLocalPort() {
    return beneath.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return beneath.getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return beneath.getLocalSocketAddress();
  }

  /** Null always: a channel would go round what this socket guards. */
  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public void setTcpNoDelay(boolean value) throws SocketException {
    beneath.setTcpNoDelay(value);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return beneath.getTcpNoDelay();
  }

  @Override
  public void setOOBInline(boolean value) throws SocketException {
    beneath.setOOBInline(value);
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    return beneath.getOOBInline();
  }

  @Override
  public void setSoTimeout(int value) throws SocketException {
    beneath.setSoTimeout(value);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return beneath.getSoTimeout();
  }

  @Override
  public void setSendBufferSize(int value) throws SocketException {
    beneath.setSendBufferSize(value);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return beneath.getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int value) throws SocketException {
    beneath.setReceiveBufferSize(value);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return beneath.getReceiveBufferSize();
  }

  @Override
  public void setKeepAlive(boolean value) throws SocketException {
    beneath.setKeepAlive(value);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return beneath.getKeepAlive();
  }

  @Override
  public void setTrafficClass(int value) throws SocketException {
    beneath.setTrafficClass(value);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return beneath.getTrafficClass();
  }

  @Override
  public void setReuseAddress(boolean value) throws SocketException {
    beneath.setReuseAddress(value);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return beneath.getReuseAddress();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    beneath.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return beneath.getSoLinger();
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    throw new SocketException("urgent data would arrive out of order");
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    beneath.setPerformancePreferences(connectionTime, latency, bandwidth);
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, @Nullable T value) throws IOException {
    beneath.setOption(name, value);
    return this;
  }

  @Override
  public <T> @Nullable T getOption(SocketOption<T> name) throws IOException {
    return beneath.getOption(name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return beneath.supportedOptions();
  }

  @Override
  public boolean isConnected() {
    return beneath.isConnected();
  }

  @Override
  public boolean isBound() {
    return beneath.isBound();
  }

  @Override
  public boolean isClosed() {
    return beneath.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return beneath.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return beneath.isOutputShutdown();
  }

  @Override
  public void shutdownInput() throws IOException {
    beneath.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    beneath.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    beneath.close();
  }
}
