package io.espat.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Set;
import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An {@link SSLSocket} whose handshake is done, over a connected socket that answers for addresses,
 * options and state. What JSSE callers set before a handshake is checked and otherwise ignored:
 * policy is {@link TlsConfig}'s.
 */
abstract class LayeredSslSocket extends SSLSocket {
  final Socket beneath;

  LayeredSslSocket(Socket beneath) {
    this.beneath = beneath;
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
  public String[] getSupportedCipherSuites() {
    return CipherSuites.names();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return new String[] {getSession().getCipherSuite()};
  }

  /** Changes nothing; refuses a list without the suite that is in use. */
  @Override
  public void setEnabledCipherSuites(String[] suites) {
    requireInUse(getSession().getCipherSuite(), suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return new String[] {TlsVersion.TLS12.protocol(), TlsVersion.TLS13.protocol()};
  }

  @Override
  public String[] getEnabledProtocols() {
    return new String[] {getSession().getProtocol()};
  }

  /** Changes nothing; refuses a list without the version that is in use. */
  @Override
  public void setEnabledProtocols(String[] protocols) {
    requireInUse(getSession().getProtocol(), protocols);
  }

  /** Null: no handshake is under way. */
  @Override
  public @Nullable SSLSession getHandshakeSession() {
    return null;
  }

  /** Empty: no application protocol (ALPN) is offered. */
  @Override
  public String getApplicationProtocol() {
    return "";
  }

  /** Keeps nothing: the handshake was completed before this socket was handed out. */
  @Override
  public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {}

  @Override
  public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {}

  /** Does nothing: the handshake was completed, and there is no renegotiation. */
  @Override
  public void startHandshake() throws IOException {
    if (isClosed()) throw new SocketException("Socket is closed");
  }

  @Override
  public void setUseClientMode(boolean client) {
    if (!client) throw new IllegalArgumentException("this end is the client");
  }

  @Override
  public boolean getUseClientMode() {
    return true;
  }

  /** Changes nothing: only a server asks for client certificates. */
  @Override
  public void setNeedClientAuth(boolean need) {}

  @Override
  public boolean getNeedClientAuth() {
    return false;
  }

  /** Changes nothing: only a server asks for client certificates. */
  @Override
  public void setWantClientAuth(boolean want) {}

  @Override
  public boolean getWantClientAuth() {
    return false;
  }

  /** Changes nothing: the session exists. */
  @Override
  public void setEnableSessionCreation(boolean create) {}

  @Override
  public boolean getEnableSessionCreation() {
    return true;
  }

  private static void requireInUse(String inUse, String[] allowed) {
    if (!Arrays.asList(allowed).contains(inUse)) {
      throw new IllegalArgumentException(
          inUse + " is in use and cannot be changed to " + Arrays.toString(allowed));
    }
  }
}
