package io.espat.at;

import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** What is known of TLS that the module does: who was connected to, and since when. */
final class ModuleTlsSession implements SSLSession {
  private static final String UNKNOWN = "UNKNOWN";
  private static final int RECORD = 16 * 1024;

  private final LinkSocket socket;
  private final long created = System.currentTimeMillis();
  private final Map<String, Object> values = new ConcurrentHashMap<>();

  ModuleTlsSession(LinkSocket socket) {
    this.socket = socket;
  }

  /** The module says nothing of sessions, so there is nothing to name one by. */
  @Override
  public byte[] getId() {
    return new byte[0];
  }

  @Override
  public @Nullable SSLSessionContext getSessionContext() {
    return null;
  }

  @Override
  public long getCreationTime() {
    return created;
  }

  @Override
  public long getLastAccessedTime() {
    return created;
  }

  @Override
  public void invalidate() {
    // the module does not resume sessions
  }

  @Override
  public boolean isValid() {
    return socket.isConnected() && !socket.isClosed();
  }

  @Override
  public void putValue(String name, Object value) {
    values.put(name, value);
  }

  @Override
  public @Nullable Object getValue(String name) {
    return values.get(name);
  }

  @Override
  public void removeValue(String name) {
    values.remove(name);
  }

  @Override
  public String[] getValueNames() {
    return values.keySet().toArray(new String[0]);
  }

  /** The module checks the certificate and keeps it to itself. */
  @Override
  public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
    throw unknown();
  }

  @Override
  public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
    throw unknown();
  }

  private static SSLPeerUnverifiedException unknown() {
    return new SSLPeerUnverifiedException("the module does not hand over the peer's certificate");
  }

  @Override
  public Certificate @Nullable [] getLocalCertificates() {
    return null;
  }

  @Override
  public @Nullable Principal getLocalPrincipal() {
    return null;
  }

  /** The module does not say. */
  @Override
  public String getCipherSuite() {
    return UNKNOWN;
  }

  /** The module does not say; its firmware speaks TLS 1.2 as it is delivered. */
  @Override
  public String getProtocol() {
    return UNKNOWN;
  }

  @Override
  public @Nullable String getPeerHost() {
    return socket.getInetAddress() == null ? null : socket.getInetAddress().getHostName();
  }

  @Override
  public int getPeerPort() {
    return socket.getPort() == 0 ? -1 : socket.getPort();
  }

  @Override
  public int getPacketBufferSize() {
    return RECORD;
  }

  @Override
  public int getApplicationBufferSize() {
    return RECORD;
  }
}
