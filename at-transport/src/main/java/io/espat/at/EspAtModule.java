package io.espat.at;

import java.io.IOException;
import java.net.InetAddress;
import javax.net.SocketFactory;

/** skeleton */
public final class EspAtModule implements AutoCloseable {
  private EspAtModule() {}

  public static EspAtModule open(String device) throws IOException {
    return open(ModuleConfig.builder().device(device).build());
  }

  public static EspAtModule open(ModuleConfig config) throws IOException {
    return open(ByteStream.open(config), config);
  }

  public static EspAtModule open(ByteStream stream, ModuleConfig config) throws IOException {
    throw new IOException("being written");
  }

  public ModuleInfo info() {
    throw new IllegalStateException("being written");
  }

  public void joinWifi(String ssid, char[] passphrase) throws IOException {
    throw new IOException("being written");
  }

  public WifiState wifi() throws IOException {
    throw new IOException("being written");
  }

  public InetAddress resolve(String host) throws IOException {
    throw new IOException("being written");
  }

  public SocketFactory sockets() {
    throw new IllegalStateException("being written");
  }

  public AtReply command(AtCommand command) throws IOException {
    throw new IOException("being written");
  }

  public void addListener(ModuleListener listener) {}

  public ModuleStatistics statistics() {
    return new ModuleStatistics(0, 0, 0);
  }

  @Override
  public void close() {}
}
