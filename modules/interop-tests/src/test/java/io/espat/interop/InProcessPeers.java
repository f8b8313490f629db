package io.espat.interop;

import io.espat.cli.DemoServers;
import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;

/** The servers of {@code espat demo}: they need nothing but a JDK. */
final class InProcessPeers implements Peers {
  private final Account account = new Account(DemoServers.USER, Account.fresh().password());
  private final DemoServers servers;

  /** Starts both; uploads arrive in {@code folder}. */
  InProcessPeers(Path folder) throws IOException {
    servers = new DemoServers(folder, account.password());
  }

  @Override
  public TestAuthority authority() {
    return servers.authority();
  }

  @Override
  public int mailPort() {
    return servers.mailPort();
  }

  @Override
  public Account mailAccount() {
    return account;
  }

  @Override
  public byte[] awaitMail() throws IOException {
    return servers.delivered();
  }

  @Override
  public int filesPort() {
    return servers.filesPort();
  }

  @Override
  public Account filesAccount() {
    return account;
  }

  @Override
  public void close() {
    servers.close();
  }
}
