package io.espat.cli;

import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.ClientAuth;
import org.apache.ftpserver.ssl.SslConfiguration;
import org.apache.ftpserver.usermanager.ClearTextPasswordEncryptor;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * The servers of {@code espat demo}, on loopback and on ports of their own: mail that demands
 * STARTTLS and a login, and files by AUTH TLS.
 *
 * <p>Public because the examples and the contract tests of interop-tests run against them too.
 */
public final class DemoServers implements AutoCloseable {
  /** The names that both servers' certificates are for. */
  public static final String MAIL_HOST = "mail.test";

  public static final String FILES_HOST = "files.test";
  public static final String USER = "pump7";

  private final TestAuthority authority = TestAuthority.create("espat demo CA");
  private final BlockingQueue<byte[]> delivered = new LinkedBlockingQueue<>();
  private final SMTPServer mail;
  private final FtpServer files;
  private final Listener filesListener;

  /** Starts both; {@code folder} is the file server's root. */
  public DemoServers(Path folder, String password) throws IOException {
    mail = mailServer(password);
    mail.start();
    try {
      FtpServerFactory factory = new FtpServerFactory();
      filesListener = filesListener();
      factory.addListener("default", filesListener);
      factory.setUserManager(users(folder, password));
      files = factory.createServer();
      files.start();
    } catch (FtpException e) {
      mail.stop();
      throw new IOException("starting the file server", e);
    }
  }

  public TestAuthority authority() {
    return authority;
  }

  public int mailPort() {
    return mail.getPortAllocated();
  }

  public int filesPort() {
    return filesListener.getPort();
  }

  /** The next mail as the server took it, within 5 s. */
  public byte[] delivered() throws IOException {
    try {
      byte[] message = delivered.poll(5, TimeUnit.SECONDS);
      if (message == null) throw new IOException("the mail server delivered nothing within 5 s");
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the delivery", e);
    }
  }

  private SMTPServer mailServer(String password) {
    SSLContext context = authority.issue(MAIL_HOST).serverContext();
    return SMTPServer.port(0)
        .bindAddress(InetAddress.getLoopbackAddress())
        .hostName(MAIL_HOST)
        .softwareName("SubEthaSMTP")
        .enableTLS()
        .requireTLS()
        .requireAuth()
        .insertReceivedHeaders(false)
        .startTlsSocketFactory(socket -> serverSide(context, socket))
        .authenticationHandlerFactory(
            new EasyAuthenticationHandlerFactory(
                (user, given, session) -> {
                  if (!USER.equals(user) || !same(password, given))
                    throw new LoginFailedException();
                }))
        .messageHandler((session, from, to, message) -> delivered.add(message))
        .build();
  }

  private static SSLSocket serverSide(SSLContext context, Socket socket) throws IOException {
    SSLSocketFactory factory = context.getSocketFactory();
    SSLSocket tls = (SSLSocket) factory.createSocket(socket, MAIL_HOST, socket.getPort(), true);
    tls.setUseClientMode(false);
    return tls;
  }

  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private Listener filesListener() {
    SslConfiguration tls = new Tls(authority.issue(FILES_HOST).serverContext());
    DataConnectionConfigurationFactory data = new DataConnectionConfigurationFactory();
    data.setSslConfiguration(tls);
    data.setPassiveAddress("127.0.0.1");
    ListenerFactory listener = new ListenerFactory();
    listener.setServerAddress("127.0.0.1");
    listener.setPort(0);
    listener.setSslConfiguration(tls);
    listener.setDataConnectionConfiguration(data.createDataConnectionConfiguration());
    return listener.createListener();
  }

  private static UserManager users(Path folder, String password) throws FtpException {
    BaseUser user = new BaseUser();
    user.setName(USER);
    user.setPassword(password);
    user.setHomeDirectory(folder.toString());
    user.setAuthorities(List.of(new WritePermission()));
    PropertiesUserManagerFactory factory = new PropertiesUserManagerFactory();
    factory.setPasswordEncryptor(new ClearTextPasswordEncryptor());
    UserManager users = factory.createUserManager();
    users.save(user); // without a file set it stays in memory
    return users;
  }

  @Override
  public void close() {
    files.stop();
    mail.stop();
  }

  /** A context that exists already, where the server expects key store files. */
  private record Tls(SSLContext context) implements SslConfiguration {
    @Override
    public SSLSocketFactory getSocketFactory() {
      return context.getSocketFactory();
    }

    @Override
    public SSLContext getSSLContext() {
      return context;
    }

    @Override
    public SSLContext getSSLContext(String protocol) {
      return context;
    }

    @Override
    public String[] getEnabledCipherSuites() {
      return context.getDefaultSSLParameters().getCipherSuites();
    }

    @Override
    public String getEnabledProtocol() {
      return "TLSv1.3";
    }

    @Override
    public String[] getEnabledProtocols() {
      return new String[] {"TLSv1.3", "TLSv1.2"};
    }

    @Override
    public ClientAuth getClientAuth() {
      return ClientAuth.NONE;
    }
  }
}
