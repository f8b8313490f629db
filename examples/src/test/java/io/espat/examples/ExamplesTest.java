package io.espat.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.SimulatedModule;
import io.espat.sim.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.ClientAuth;
import org.apache.ftpserver.ssl.SslConfiguration;
import org.apache.ftpserver.usermanager.ClearTextPasswordEncryptor;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Runs each example as it stands, through a simulated module on a TCP port. */
class ExamplesTest {
  private static final String USER = "pump7";
  private static final String PASSWORD = "s3crét pass";

  @TempDir Path folder;
  private final TestAuthority authority = TestAuthority.create("examples CA");
  private SimulatedModule module;
  private String device;
  private String password;
  private String ca;

  @BeforeEach
  void start() throws IOException {
    module =
        SimulatedModule.builder()
            .host("mail.test", "127.0.0.1")
            .host("files.test", "127.0.0.1")
            .build();
    int port = module.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    device = "tcp://127.0.0.1:" + port;
    password = Files.writeString(folder.resolve("password"), PASSWORD + "\n").toString();
    ca = authority.writePem(folder.resolve("ca.pem")).toString();
  }

  @AfterEach
  void stop() {
    module.close();
  }

  @Test
  void sendMailDelivers() throws Exception {
    LinkedBlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    SMTPServer server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .hostName("mail.test")
            .requireTLS()
            .enableTLS()
            .requireAuth()
            .startTlsSocketFactory(authority.issue("mail.test").serverContext())
            .authenticationHandlerFactory(
                new EasyAuthenticationHandlerFactory(
                    (user, given, session) -> {
                      if (!PASSWORD.equals(given)) throw new LoginFailedException();
                    }))
            .messageHandler(
                (session, from, to, message) ->
                    delivered.add(to + "\n" + new String(message, StandardCharsets.UTF_8)))
            .build();
    server.start();
    try {
      String port = Integer.toString(server.getPortAllocated());
      SendMail.main(
          new String[] {
            device, "mail.test", port, USER, password, "pump7@espat.test", "ops@espat.test", ca
          });
      assertThat(delivered.poll(10, TimeUnit.SECONDS))
          .startsWith("ops@espat.test\n")
          .contains("Subject: pump 7 hot", "@espat.test>");
    } finally {
      server.stop();
    }
  }

  @Test
  void uploadFileStores() throws Exception {
    Path remote = Files.createDirectory(folder.resolve("remote"));
    Path local = Files.writeString(folder.resolve("log.csv"), "83;C\n".repeat(10_000));
    FtpServerFactory factory = new FtpServerFactory();
    Listener listener = listener(authority.issue("files.test").serverContext());
    factory.addListener("default", listener);
    factory.setUserManager(users(remote));
    FtpServer server = factory.createServer();
    server.start();
    try {
      String port = Integer.toString(listener.getPort());
      UploadFile.main(
          new String[] {
            device, "files.test", port, USER, password, local.toString(), "in.csv", ca
          });
      assertThat(remote.resolve("in.csv")).hasSameBinaryContentAs(local);
    } finally {
      server.stop();
    }
  }

  private static Listener listener(SSLContext context) {
    DataConnectionConfigurationFactory data = new DataConnectionConfigurationFactory();
    data.setSslConfiguration(new Tls(context));
    ListenerFactory listener = new ListenerFactory();
    listener.setServerAddress("127.0.0.1");
    listener.setPort(0);
    listener.setSslConfiguration(new Tls(context));
    listener.setDataConnectionConfiguration(data.createDataConnectionConfiguration());
    return listener.createListener();
  }

  private static UserManager users(Path home) throws Exception {
    BaseUser user = new BaseUser();
    user.setName(USER);
    user.setPassword(PASSWORD);
    user.setHomeDirectory(home.toString());
    user.setAuthorities(List.of(new WritePermission()));
    PropertiesUserManagerFactory factory = new PropertiesUserManagerFactory();
    factory.setPasswordEncryptor(new ClearTextPasswordEncryptor());
    UserManager users = factory.createUserManager();
    users.save(user);
    return users;
  }

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
