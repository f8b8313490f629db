package io.espat.ftp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.util.Objects;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.apache.commons.net.ftp.FTPListParseEngine;
import org.apache.commons.net.ftp.FTPSClient;
import org.jspecify.annotations.Nullable;

/**
 * Keeps existing code from leading an FTPSClient round its socket factory, or on after a transfer
 * that broke off.
 */
abstract class GuardedFtpsClient extends FTPSClient {
  final SocketFactory sockets;

  GuardedFtpsClient(SocketFactory sockets, boolean isImplicit) {
    super(isImplicit);
    this.sockets = Objects.requireNonNull(sockets, "sockets");
    _socketFactory_ = sockets;
  }

  /** Connects to an address that nobody has to resolve, for the host of this name. */
  abstract void connectTo(InetSocketAddress target, String host) throws IOException;

  abstract DataLinks links();

  /** True from the go-ahead of a transfer to its final reply. */
  abstract boolean replyDue();

  abstract void cut();

  @Override
  public void connect(String hostname, int port) throws IOException {
    connectTo(InetSocketAddress.createUnresolved(hostname, port), hostname);
  }

  @Override
  public void connect(InetAddress host, int port) throws IOException {
    connectTo(new InetSocketAddress(host, port), Addresses.name(host));
  }

  @Override
  public void connect(String hostname, int port, @Nullable InetAddress local, int localPort)
      throws IOException {
    refuseLocal(local);
    connect(hostname, port);
  }

  @Override
  public void connect(InetAddress host, int port, @Nullable InetAddress local, int localPort)
      throws IOException {
    refuseLocal(local);
    connect(host, port);
  }

  private static void refuseLocal(@Nullable InetAddress local) throws SocketException {
    if (local != null) {
      throw new SocketException("a local address belongs to the host's own network, not used here");
    }
  }

  /** Takes no other factory than the constructor's; Commons Net itself would swap it. */
  @Override
  public void setSocketFactory(@Nullable SocketFactory factory) {
    if (factory != null && factory != sockets) {
      throw new IllegalArgumentException("the socket factory is the constructor's");
    }
  }

  /** Does nothing: no connection is ever accepted from the server. */
  @Override
  public void setServerSocketFactory(@Nullable ServerSocketFactory factory) {}

  /** Refuses: a proxy would be dialled through the host's own network. */
  @Override
  public void setProxy(@Nullable Proxy proxy) {
    if (proxy != null) throw new IllegalArgumentException("no proxy: it is on the host's network");
  }

  /** Refuses anything but TLS. */
  @Override
  public void setAuthValue(String auth) {
    if (!"TLS".equals(auth)) throw new IllegalArgumentException("AUTH TLS only, not " + auth);
  }

  /** Keeps passive mode: nothing can dial in through a module. */
  @Override
  public void enterLocalActiveMode() {
    super.enterLocalPassiveMode();
  }

  // A transfer of the stock class that breaks off ends the session

  @Override
  protected boolean _storeFile(String command, String remote, InputStream local)
      throws IOException {
    return transfer("sending " + remote, () -> super._storeFile(command, remote, local));
  }

  @Override
  protected boolean _retrieveFile(String command, String remote, OutputStream local)
      throws IOException {
    return transfer("fetching " + remote, () -> super._retrieveFile(command, remote, local));
  }

  @Override
  public FTPListParseEngine initiateListParsing(@Nullable String parserKey, @Nullable String path)
      throws IOException {
    return transfer("listing", () -> super.initiateListParsing(parserKey, path));
  }

  @Override
  public FTPListParseEngine initiateMListParsing(@Nullable String path) throws IOException {
    return transfer("listing", () -> super.initiateMListParsing(path));
  }

  @FunctionalInterface
  private interface Transfer<T> {
    T run() throws IOException;
  }

  private <T> T transfer(String attempted, Transfer<T> transfer) throws IOException {
    boolean done = false;
    try {
      T result = transfer.run();
      done = true;
      return result;
    } catch (IOException e) {
      if (!replyDue()) throw e;
      throw links().failure(attempted, e, "E-FTP-REJECTED");
    } finally {
      if (!done && replyDue()) cut();
    }
  }
}
