package io.espat.sim;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A TLS server on loopback whose connections the test plays by hand. */
final class SecurePeer implements AutoCloseable {
  /** A connection and TLS on it: closing the connection alone says no close_notify. */
  record Connection(Socket socket, SSLSocket tls) {}

  private final Peer peer;
  private final SSLContext context;
  private Consumer<SSLParameters> settings = none -> {};

  SecurePeer(TestCertificate certificate) throws IOException {
    this(new Peer(), certificate.serverContext());
  }

  SecurePeer(Peer peer, SSLContext context) {
    this.peer = peer;
    this.context = context;
  }

  /** A server that asks for certificates of an authority. */
  static SecurePeer checking(TestCertificate own, TestAuthority clients)
      throws IOException, GeneralSecurityException {
    SecurePeer peer = new SecurePeer(new Peer(), context(own, clients));
    return peer.with(parameters -> parameters.setNeedClientAuth(true));
  }

  /** A context that proves itself, where it has something, and trusts one authority. */
  static SSLContext context(@Nullable TestCertificate own, TestAuthority trusted)
      throws IOException, GeneralSecurityException {
    char[] password = "in memory".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("trusted", trusted.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    if (own != null) {
      java.security.cert.Certificate[] chain =
          own.chain().toArray(java.security.cert.X509Certificate[]::new);
      keys.setKeyEntry("own", own.key(), password, chain);
    }
    KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
    manager.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(manager.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  SecurePeer with(Consumer<SSLParameters> change) {
    settings = settings.andThen(change);
    return this;
  }

  int port() {
    return peer.port();
  }

  /** Takes a connection and shakes hands on it. */
  SSLSocket accept() throws IOException {
    return connection().tls();
  }

  /** Takes a connection and shakes hands on it; both stay at hand. */
  Connection connection() throws IOException {
    Socket plain = peer.accept();
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
    SSLParameters parameters = socket.getSSLParameters();
    settings.accept(parameters);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new Connection(plain, socket);
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
