package io.espat.ftp;

import io.espat.sim.TestAuthority;
import io.espat.tls.TlsVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.DefaultFtplet;
import org.apache.ftpserver.ftplet.FtpReply;
import org.apache.ftpserver.ftplet.FtpRequest;
import org.apache.ftpserver.ftplet.FtpSession;
import org.apache.ftpserver.ftplet.FtpletResult;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.ClientAuth;
import org.apache.ftpserver.ssl.SslConfiguration;
import org.apache.ftpserver.usermanager.ClearTextPasswordEncryptor;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/** Apache FtpServer on loopback: one user, one home, TLS of one version. */
final class HonestServer implements AutoCloseable {
  static final String USER = "pump7";
  static final String PASSWORD = "s3cret-of-pump7";

  private final FtpServer server;
  private final ListenerFactory listener = new ListenerFactory();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final int port;

  HonestServer(TestAuthority authority, TlsVersion version, boolean implicit, Path home)
      throws Exception {
    FtpServerFactory factory = new FtpServerFactory();
    Tls tls = new Tls(authority.issue(LoopbackSockets.HOST).serverContext(), version.protocol());
    DataConnectionConfigurationFactory data = new DataConnectionConfigurationFactory();
    data.setSslConfiguration(tls);
    listener.setPort(0);
    listener.setServerAddress("127.0.0.1");
    listener.setSslConfiguration(tls);
    listener.setImplicitSsl(implicit);
    listener.setDataConnectionConfiguration(data.createDataConnectionConfiguration());
    var running = listener.createListener();
    factory.addListener("default", running);
    factory.setUserManager(users(home));
    ConnectionConfigFactory connections = new ConnectionConfigFactory();
    connections.setMaxThreads(4);
    connections.setLoginFailureDelay(0);
    factory.setConnectionConfig(connections.createConnectionConfig());
    factory.getFtplets().put("ear", new Ear());
    server = factory.createServer();
    server.start();
    port = running.getPort();
  }

  private static UserManager users(Path home) throws Exception {
    PropertiesUserManagerFactory factory = new PropertiesUserManagerFactory();
    factory.setPasswordEncryptor(new ClearTextPasswordEncryptor());
    UserManager users = factory.createUserManager();
    BaseUser user = new BaseUser();
    user.setName(USER);
    user.setPassword(PASSWORD);
    user.setHomeDirectory(home.toString());
    user.setAuthorities(List.of(new WritePermission()));
    users.save(user);
    return users;
  }

  int port() {
    return port;
  }

  /** The verbs that came, in order. */
  List<String> commands() {
    return commands;
  }

  @Override
  public void close() {
    server.stop();
  }

  private final class Ear extends DefaultFtplet {
    @Override
    public FtpletResult beforeCommand(FtpSession session, FtpRequest request) {
      commands.add(request.getCommand());
      return FtpletResult.DEFAULT;
    }

    @Override
    public FtpletResult afterCommand(FtpSession session, FtpRequest request, FtpReply reply) {
      return FtpletResult.DEFAULT;
    }
  }

  private record Tls(SSLContext context, String protocol) implements SslConfiguration {
    @Override
    public SSLSocketFactory getSocketFactory() {
      return context.getSocketFactory();
    }

    @Override
    public SSLContext getSSLContext() {
      return context;
    }

    @Override
    public SSLContext getSSLContext(String version) {
      return context;
    }

    @Override
    public String[] getEnabledCipherSuites() {
      return null;
    }

    @Override
    public String getEnabledProtocol() {
      return protocol;
    }

    @Override
    public String[] getEnabledProtocols() {
      return new String[] {protocol};
    }

    @Override
    public ClientAuth getClientAuth() {
      return ClientAuth.NONE;
    }
  }
}
