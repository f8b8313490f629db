package io.espat.at;

import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.Firmware;
import io.espat.sim.ScriptedModule;
import io.espat.sim.SimulatedModule;
import io.espat.sim.TestAuthority;
import io.espat.sim.TestCertificate;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS that the module does: what it is told, what it finds, and bytes in both directions. */
class ModuleTlsTest {
  private static final TestAuthority AUTHORITY = TestAuthority.create("Test CA");
  private static final ModuleTls VERIFIED = ModuleTls.builder().authority(0).build();

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  // ---- byte for byte

  private static ScriptedModule configured(String configuration) {
    return Scripts.broughtUp()
        .expect("AT+SYSSTORE?\r\n")
        .reply("+SYSSTORE:1\r\n" + OK)
        .expect("AT+SYSSTORE=0\r\n")
        .reply(OK)
        .expect("AT+CIPSSLCCONF=" + configuration + "\r\n")
        .reply(OK)
        .expect("AT+SYSSTORE=1\r\n")
        .reply(OK)
        .expect("AT+CIPSSLCCN=0,\"mail.test\"\r\n")
        .reply(OK)
        .expect("AT+CIPSSLCSNI=0,\"mail.test\"\r\n")
        .reply(OK);
  }

  private static ScriptedModule dialled(ScriptedModule script) {
    return script.expect("AT+CIPSTART=0,\"SSL\",\"192.0.2.1\",465\r\n");
  }

  private static EspAtModule open(ScriptedModule script) throws IOException {
    ModuleConfig config =
        Scripts.QUICK.toBuilder().address("mail.test", InetAddress.getByName("192.0.2.1")).build();
    return EspAtModule.open(ByteStream.of(script.input(), script.output()), config);
  }

  @Test
  void theNameIsAlwaysSetAndTheSettingsAreNotStored() throws Exception {
    ScriptedModule script = dialled(configured("0,2,0,0")).reply("0,CONNECT\r\n" + OK);
    try (EspAtModule module = open(script);
        Socket socket = module.tlsSockets(VERIFIED).createSocket("mail.test", 465)) {
      assertThat(socket.isConnected()).isTrue();
      script.awaitSuccess();
    }
  }

  @Test
  void protocolsAndKeyAreTakenBackForTheNextUserOfTheId() throws Exception {
    ScriptedModule script =
        dialled(
                configured("0,0")
                    .expect("AT+CIPSSLCALPN=0,2,\"ftp\",\"x\\,y\"\r\n")
                    .reply(OK)
                    .expect("AT+CIPSSLCPSK=0,\"se\\\"cret\",\"me\"\r\n")
                    .reply(OK))
            .reply("0,CONNECT\r\n" + OK)
            .expect("AT+CIPSSLCALPN=0,0\r\n")
            .reply(OK)
            .expect("AT+CIPSSLCPSK=0,\"\",\"\"\r\n")
            .reply(ERROR);
    CopyOnWriteArrayList<String> shown = new CopyOnWriteArrayList<>();
    try (ModuleTls tls =
            ModuleTls.builder()
                .preSharedKey("se\"cret".toCharArray(), "me")
                .protocols("ftp", "x,y")
                .build();
        EspAtModule module = open(script)) {
      module.addListener(
          new ModuleListener() {
            @Override
            public void exchanged(String command, String outcome, java.time.Duration took) {
              shown.add(command);
            }
          });
      assertThat(module.tlsSockets(tls).createSocket("mail.test", 465).isConnected()).isTrue();
      script.awaitSuccess();
      assertThat(tls.toString()).doesNotContain("cret");
      assertThat(shown).noneMatch(command -> command.contains("cret"));
    }
  }

  @Test
  void whatTheModuleDoesNotHaveIsSaid() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+SYSSTORE?\r\n")
            .reply("+SYSSTORE:0\r\n" + OK)
            .expect("AT+CIPSSLCCONF=0,3,1,2\r\n")
            .reply("NO CERT FOUND\r\nNO PRVT_KEY FOUND\r\nNO CA FOUND\r\n" + OK);
    ModuleTls tls = ModuleTls.builder().authority(2).certificate(1).build();
    try (EspAtModule module = open(script)) {
      assertThatThrownBy(() -> module.tlsSockets(tls).createSocket("mail.test", 465))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("NO CA FOUND")
          .hasMessageContaining("SYSMFG");
      script.awaitSuccess();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0x208 | client_ca",
        "0x208 | networkTime",
        "0x4 | mail.test",
        "0x4 | another name",
        "0x200 | networkTime",
        "0x1 | expired",
        "0x7780 | refused the handshake",
        "0x7280 | ended the connection"
      })
  void theReasonAndTheRemedyAreNamed(String number, String words) throws Exception {
    ScriptedModule script =
        dialled(configured("0,2,0,0")).reply("+ERRNO:" + number + "\r\n" + ERROR);
    try (EspAtModule module = open(script)) {
      assertThatThrownBy(() -> module.tlsSockets(VERIFIED).createSocket("mail.test", 465))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining(words)
          .hasMessageContaining(number);
      script.awaitSuccess();
    }
  }

  @Test
  void firmwareThatTakesNoNameIsNotTrusted() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp()
            .expect("AT+SYSSTORE?\r\n")
            .reply(ERROR)
            .expect("AT+CIPSSLCCONF=0,2,0,0\r\n")
            .reply(OK)
            .expect("AT+CIPSSLCCN=0,\"mail.test\"\r\n")
            .reply(ERROR);
    try (EspAtModule module = open(script)) {
      assertThatThrownBy(() -> module.tlsSockets(VERIFIED).createSocket("mail.test", 465))
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("mail.test");
      script.awaitSuccess();
    }
  }

  // ---- the settings

  @Test
  void oneMustSayWhomToTrust() {
    assertThatThrownBy(() -> ModuleTls.builder().build()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> ModuleTls.builder().authority(0).insecurelyTrustAnyServer().build())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWipedKeyIsNotUsed() throws Exception {
    ScriptedModule script = configured("0,0");
    ModuleTls tls = ModuleTls.builder().preSharedKey(new byte[] {1, 2}, "me").build();
    tls.close();
    try (EspAtModule module = open(script)) {
      assertThatThrownBy(() -> module.tlsSockets(tls).createSocket("mail.test", 465))
          .isInstanceOf(IllegalStateException.class);
      script.awaitSuccess();
    }
  }

  @Test
  void everyMethodOfASocketIsTheLinks() throws Exception {
    for (Method method : Socket.class.getMethods()) {
      if (method.getDeclaringClass() == Socket.class && !Modifier.isStatic(method.getModifiers())) {
        Method own = ModuleTlsSocket.class.getMethod(method.getName(), method.getParameterTypes());
        assertThat(own.getDeclaringClass()).as(method.toString()).isEqualTo(ModuleTlsSocket.class);
      }
    }
  }

  // ---- with a simulated module

  private static final TestCertificate SERVER = AUTHORITY.issue("mail.test");

  private SSLServerSocket echo(TestCertificate certificate) throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            certificate
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    threads.submit(
        () -> {
          while (true) {
            Socket socket = server.accept();
            threads.submit(() -> echo(socket));
          }
        });
    return server;
  }

  private static Void echo(Socket socket) throws IOException {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    }
    return null;
  }

  private static SimulatedModule simulated(Firmware firmware) {
    return SimulatedModule.builder()
        .firmware(firmware)
        .host("mail.test", "127.0.0.1")
        .host("other.test", "127.0.0.1")
        .certificate("client_ca", "client_ca.0", AUTHORITY.pem())
        .certificate("client_ca", "client_ca.1", TestAuthority.create("Other CA").pem())
        .build();
  }

  private static EspAtModule timed(SimulatedModule simulated) throws IOException {
    EspAtModule module =
        EspAtModule.open(
            ByteStream.of(simulated.input(), simulated.output()), ModuleConfig.defaults());
    module.command(AtCommand.of("AT+SYSTIMESTAMP=" + System.currentTimeMillis() / 1000));
    return module;
  }

  @ParameterizedTest
  @EnumSource(
      value = Firmware.class,
      names = {"ESP32C5_AT_5", "ESP32_AT_4", "ESP32_AT_3"})
  void bytesPassBothWays(Firmware firmware) throws Exception {
    byte[] sent = new byte[20_000];
    new Random(5).nextBytes(sent);
    try (SSLServerSocket server = echo(SERVER);
        SimulatedModule simulated = simulated(firmware);
        EspAtModule module = timed(simulated)) {
      for (int i = 0; i < 2; i++) {
        try (SSLSocket socket =
            (SSLSocket)
                module.tlsSockets(VERIFIED).createSocket("mail.test", server.getLocalPort())) {
          socket.startHandshake();
          assertThat(socket.getSession().isValid()).isTrue();
          assertThat(socket.getSession().getPeerHost()).isEqualTo("mail.test");
          assertThatThrownBy(() -> socket.getSession().getPeerCertificates())
              .isInstanceOf(SSLPeerUnverifiedException.class);
          Future<byte[]> back =
              threads.submit(() -> socket.getInputStream().readNBytes(sent.length));
          socket.getOutputStream().write(sent);
          assertThat(back.get(20, TimeUnit.SECONDS)).isEqualTo(sent);
        }
      }
      assertThat(module.command(AtCommand.of("AT+SYSSTORE?")).value("+SYSSTORE:")).contains("1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ESP32C5_AT_5", "ESP32_AT_4"})
  void anotherNameOrIssuerIsRefusedAndTheNextLinkIsNotHarmed(String firmware) throws Exception {
    try (SSLServerSocket server = echo(SERVER);
        SimulatedModule simulated = simulated(Firmware.valueOf(firmware));
        EspAtModule module = timed(simulated)) {
      int port = server.getLocalPort();
      assertThatThrownBy(() -> module.tlsSockets(VERIFIED).createSocket("other.test", port))
          .isInstanceOf(SSLException.class);
      ModuleTls other = ModuleTls.builder().authority(1).build();
      assertThatThrownBy(() -> module.tlsSockets(other).createSocket("mail.test", port))
          .isInstanceOf(SSLException.class);
      for (int i = 0; i < 6; i++) { // each id is used after another one
        ModuleTls any = ModuleTls.builder().insecurelyTrustAnyServer().build();
        ModuleTls named = ModuleTls.builder().authority(0).serverName("mail.test").build();
        try (Socket socket =
            module.tlsSockets(i % 2 == 0 ? any : named).createSocket("other.test", port)) {
          socket.getOutputStream().write("hello".getBytes(US_ASCII));
          assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
        }
      }
    }
  }

  @Test
  void theReasonsOfNewFirmwareAreSaid() throws Exception {
    SSLServerSocket server = echo(SERVER);
    try (SimulatedModule simulated = simulated(Firmware.ESP32C5_AT_5);
        EspAtModule module = timed(simulated)) {
      int port = server.getLocalPort();
      assertThatThrownBy(() -> module.tlsSockets(VERIFIED).createSocket("other.test", port))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("another name");
      module.command(AtCommand.of("AT+SYSTIMESTAMP=1"));
      assertThatThrownBy(() -> module.tlsSockets(VERIFIED).createSocket("mail.test", port))
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("networkTime");
      server.close();
      assertThatThrownBy(() -> module.tlsSockets(VERIFIED).createSocket("mail.test", port))
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void anOpenConnectionCannotBeSecured() throws Exception {
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = simulated(Firmware.ESP32_AT_4);
        EspAtModule module = timed(simulated);
        Socket plain = module.sockets().createSocket("mail.test", peers.port())) {
      assertThatThrownBy(
              () -> module.tlsSockets(VERIFIED).createSocket(plain, "mail.test", 25, true))
          .isInstanceOf(SocketException.class);
    }
  }
}
