package io.espat.at;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.Set;

/**
 * Opens {@code tcp://host:port}, a serial port server such as ser2net or {@code espat simulate}.
 *
 * <p>This is the one place where the host's own network is used, and only to reach the module.
 */
public final class TcpByteStreamProvider implements ByteStreamProvider {
  private static final int CONNECT_MILLIS = 10_000;

  /** Makes the provider, for {@link java.util.ServiceLoader}. */
  public TcpByteStreamProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("tcp");
  }

  @Override
  public ByteStream open(String spec, ModuleConfig config) throws IOException {
    String place = spec.substring("tcp:".length()).replaceFirst("^//", "").replaceFirst("/$", "");
    int colon = place.lastIndexOf(':');
    int port = colon < 1 ? -1 : port(place.substring(colon + 1));
    if (port < 0) {
      throw new DeviceException(
          DeviceException.MISSING,
          "opening " + spec + ": not of the form tcp://host:port",
          "name the host and the port of the serial port server",
          null);
    }
    String host = place.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return new StreamPair(spec, socket.getInputStream(), socket.getOutputStream());
    } catch (IOException e) {
      socket.close();
      throw new DeviceException(
          DeviceException.MISSING,
          "opening " + spec + ": " + why(e),
          "check that the serial port server runs and that nothing else is connected to it",
          e);
    }
  }

  /** What an unknown host says is its name alone. */
  private static String why(IOException e) {
    return e instanceof UnknownHostException ? "the host is not known here" : e.getMessage();
  }

  private static int port(String digits) {
    try {
      int port = Integer.parseInt(digits);
      return port > 0 && port < 65_536 ? port : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
