package io.espat.tls;

import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import org.jspecify.annotations.Nullable;

/** What JSSE callers ask of a session: facts, never keys. */
final class PeerSession implements SSLSession {
  private static final int RECORD = 16_384;
  private static final int RECORD_SEALED = RECORD + 2048 + 5;

  private final SessionFacts facts;
  private final String host;
  private final int port;
  private final long created = System.currentTimeMillis();
  private final Map<String, Object> values = new ConcurrentHashMap<>();
  private volatile boolean valid = true;

  PeerSession(SessionFacts facts, String host, int port) {
    this.facts = facts;
    this.host = host;
    this.port = port;
  }

  /** Empty: a session id is of no use to a caller, and may be a key to resumption. */
  @Override
  public byte[] getId() {
    return new byte[0];
  }

  /** Null: sessions are not kept in a JSSE context. */
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
    valid = false;
  }

  @Override
  public boolean isValid() {
    return valid;
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
    return values.keySet().toArray(String[]::new);
  }

  @Override
  public Certificate[] getPeerCertificates() throws SSLPeerUnverifiedException {
    if (facts.chain().isEmpty()) {
      throw new SSLPeerUnverifiedException("the server presented no certificate");
    }
    return facts.chain().toArray(X509Certificate[]::new);
  }

  /** Null: no client certificate is sent. */
  @Override
  public Certificate @Nullable [] getLocalCertificates() {
    return null;
  }

  @Override
  public Principal getPeerPrincipal() throws SSLPeerUnverifiedException {
    return ((X509Certificate) getPeerCertificates()[0]).getSubjectX500Principal();
  }

  @Override
  public @Nullable Principal getLocalPrincipal() {
    return null;
  }

  @Override
  public String getCipherSuite() {
    return facts.suite();
  }

  @Override
  public String getProtocol() {
    return facts.version().protocol();
  }

  @Override
  public String getPeerHost() {
    return host;
  }

  @Override
  public int getPeerPort() {
    return port;
  }

  @Override
  public int getPacketBufferSize() {
    return RECORD_SEALED;
  }

  @Override
  public int getApplicationBufferSize() {
    return RECORD;
  }
}
