package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLSocketFactory;

/** The factory of sockets whose TLS the module does. */
final class ModuleTlsSockets extends SSLSocketFactory {
  private final EspAtModule module;
  private final ModuleTls tls;

  ModuleTlsSockets(EspAtModule module, ModuleTls tls) {
    this.module = module;
    this.tls = tls;
  }

  @Override
  public Socket createSocket() {
    return new ModuleTlsSocket(new LinkSocket(module, tls));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetSocketAddress.createUnresolved(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  private Socket connected(InetSocketAddress peer) throws IOException {
    Socket socket = createSocket();
    socket.connect(peer);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw noLocalEnd();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw noLocalEnd();
  }

  private static SocketException noLocalEnd() {
    return new SocketException("the local end of a link cannot be chosen: the module chooses it");
  }

  /** Fails: the module makes TLS of new connections only. */
  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    throw new SocketException("the module cannot make TLS of a connection that is open already");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return new String[0];
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return new String[0];
  }
}
