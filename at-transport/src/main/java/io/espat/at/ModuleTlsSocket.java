package io.espat.at;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * A link with the module's TLS as an {@link SSLSocket}.
 *
 * <p>The handshake is part of connecting. What the module decides cannot be chosen here: versions,
 * suites, sessions; {@link ModuleTls} says what can.
 */
final class ModuleTlsSocket extends SSLSocket {
  private final LinkSocket link;
  private final ModuleTlsSession session;

  ModuleTlsSocket(LinkSocket link) {
    this.link = link;
    this.session = new ModuleTlsSession(link);
  }

  /** Does nothing more on a connected socket: the handshake was done when it was connected. */
  @Override
  public void startHandshake() throws IOException {
    link.getOutputStream(); // or says why there can be none
  }

  @Override
  public SSLSession getSession() {
    return session;
  }

  @Override
  public @Nullable SSLSession getHandshakeSession() {
    return null;
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return new String[0];
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return new String[0];
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    refuse("cipher suites", suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return new String[0];
  }

  @Override
  public String[] getEnabledProtocols() {
    return new String[0];
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    refuse("versions of TLS", protocols);
  }

  private static void refuse(String what, String[] chosen) {
    if (chosen.length > 0) {
      throw new IllegalArgumentException(
          "the module chooses the " + what + ", not " + Arrays.toString(chosen));
    }
  }

  /** Is never told anything: the handshake is over before a listener could hear of it. */
  @Override
  public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
    // connect returns when it is completed
  }

  @Override
  public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
    // none is kept
  }

  @Override
  public boolean getUseClientMode() {
    return true;
  }

  @Override
  public void setUseClientMode(boolean client) {
    if (!client) {
      throw new IllegalArgumentException("the module is the client");
    }
  }

  @Override
  public boolean getNeedClientAuth() {
    return false;
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    // for servers
  }

  @Override
  public boolean getWantClientAuth() {
    return false;
  }

  @Override
  public void setWantClientAuth(boolean want) {
    // for servers
  }

  @Override
  public boolean getEnableSessionCreation() {
    return true;
  }

  @Override
  public void setEnableSessionCreation(boolean create) {
    if (!create) {
      throw new IllegalArgumentException("the module does not resume sessions");
    }
  }

  // ---- the link

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    link.connect(endpoint);
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    link.connect(endpoint, timeout);
  }

  @Override
  public void bind(@Nullable SocketAddress local) throws IOException {
    link.bind(local);
  }

  @Override
  public void close() throws IOException {
    link.close();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return link.getInputStream();
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return link.getOutputStream();
  }

  @Override
  public void shutdownInput() throws IOException {
    link.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    link.shutdownOutput();
  }

  @Override
  public boolean isInputShutdown() {
    return link.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return link.isOutputShutdown();
  }

  @Override
  public boolean isConnected() {
    return link.isConnected();
  }

  @Override
  public boolean isBound() {
    return link.isBound();
  }

  @Override
  public boolean isClosed() {
    return link.isClosed();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return link.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return link.getLocalAddress();
  }

  @Override
  public int getPort() {
    return link.getPort();
  }

  @Override
  public int getLocalPort() {
    return link.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return link.getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return link.getLocalSocketAddress();
  }

  @Override
  public void setSoTimeout(int value) throws SocketException {
    link.setSoTimeout(value);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return link.getSoTimeout();
  }

  @Override
  public void setSendBufferSize(int value) throws SocketException {
    link.setSendBufferSize(value);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return link.getSendBufferSize();
  }

  @Override
  public void setReceiveBufferSize(int value) throws SocketException {
    link.setReceiveBufferSize(value);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return link.getReceiveBufferSize();
  }

  @Override
  public void setTrafficClass(int value) throws SocketException {
    link.setTrafficClass(value);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return link.getTrafficClass();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    link.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return link.getKeepAlive();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    link.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return link.getTcpNoDelay();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    link.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return link.getReuseAddress();
  }

  @Override
  public void setOOBInline(boolean on) throws SocketException {
    link.setOOBInline(on);
  }

  @Override
  public boolean getOOBInline() throws SocketException {
    return link.getOOBInline();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    link.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return link.getSoLinger();
  }

  @Override
  public void setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
    link.setPerformancePreferences(connectionTime, latency, bandwidth);
  }

  @Override
  public void sendUrgentData(int data) throws IOException {
    link.sendUrgentData(data);
  }

  @Override
  public <T> T getOption(SocketOption<T> name) throws IOException {
    return link.getOption(name);
  }

  @Override
  public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
    link.setOption(name, value);
    return this;
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return link.supportedOptions();
  }

  @Override
  public @Nullable SocketChannel getChannel() {
    return link.getChannel();
  }

  @Override
  public String toString() {
    return "ModuleTlsSocket[" + link + "]";
  }
}
