package io.espat.at;

import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The module's server byte for byte, above all the orders in which things may happen. */
class ServerScriptTest {
  private static final String STATION = "+CIFSR:STAIP,\"192.0.2.9\"\r\n";

  private static ScriptedModule asked() {
    return Scripts.broughtUp().expect("AT+CIFSR\r\n").reply(STATION + OK);
  }

  private static ScriptedModule listening() {
    return asked().expect("AT+CIPSERVER=1,2121\r\n").reply(OK).expect("AT+CIPSTO=0\r\n").reply(OK);
  }

  private static ServerSocket listen(EspAtModule module) throws IOException {
    return module.serverSockets().createServerSocket(2121);
  }

  /** Has the module say something while a command of ours runs. */
  private static ScriptedModule meanwhile(ScriptedModule script, String said) {
    return script.expect("AT+SYSRAM?\r\n").reply(said + OK);
  }

  private static void hear(EspAtModule module) throws IOException {
    module.command(AtCommand.of("AT+SYSRAM?"));
  }

  @Test
  void aPeerIsAcceptedWithWhatItSaidAtOnce() throws Exception {
    ScriptedModule script =
        listening()
            .reply("0,CONNECT\r\n\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:5,hello" + OK + "0,CLOSED\r\n")
            .expect("AT+CIPSERVER=0\r\n")
            .reply(OK);
    try (EspAtModule module = Scripts.open(script)) {
      try (ServerSocket server = listen(module);
          Socket socket = server.accept()) {
        assertThat(server.getLocalPort()).isEqualTo(2121);
        assertThat(server.getInetAddress().getHostAddress()).isEqualTo("192.0.2.9");
        assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
        assertThat(socket.getLocalAddress().isAnyLocalAddress()).isTrue();
      }
      script.awaitSuccess();
    }
  }

  @Test
  void aPeerMayComeBeforeTheServersOkAndPushItsData() throws Exception {
    ScriptedModule script =
        asked()
            .expect("AT+CIPSERVER=1,2121\r\n")
            .reply("0,CONNECT\r\n\r\n+IPD,0,2:hi\r\n" + OK)
            .expect("AT+CIPSTO=0\r\n")
            .reply(ERROR + "0,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script);
        Socket socket = listen(module).accept()) {
      assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hi");
      script.awaitSuccess();
    }
  }

  @Test
  void thePeerIsAskedForOnceWhenItIsWanted() throws Exception {
    ScriptedModule script =
        listening()
            .reply("2,CONNECT\r\n")
            .expect("AT+CIPSTATE?\r\n")
            .reply(
                "+CIPSTATE:0,\"TCP\",\"192.0.2.1\",25,5000,0\r\n"
                    + "+CIPSTATE:2,\"TCP\",\"192.0.2.77\",40001,2121,1\r\n"
                    + OK);
    try (EspAtModule module = Scripts.open(script);
        Socket socket = listen(module).accept()) {
      assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("192.0.2.77");
      assertThat(socket.getPort()).isEqualTo(40001);
      assertThat(socket.getRemoteSocketAddress())
          .isEqualTo(new InetSocketAddress(InetAddress.getByName("192.0.2.77"), 40001));
      script.awaitSuccess();
    }
  }

  @Test
  void olderFirmwareIsAskedForThePeerInItsWay() throws Exception {
    ScriptedModule script =
        listening()
            .reply("0,CONNECT\r\n")
            .expect("AT+CIPSTATE?\r\n")
            .reply(ERROR)
            .expect("AT+CIPSTATUS\r\n")
            .reply("STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"192.0.2.77\",40001,2121,1\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        Socket socket = listen(module).accept()) {
      assertThat(socket.getPort()).isEqualTo(40001);
      script.awaitSuccess();
    }
  }

  @Test
  void aPeerThatIsGoneIsNobody() throws Exception {
    ScriptedModule script =
        listening().reply("0,CONNECT\r\n").expect("AT+CIPSTATE?\r\n").reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        Socket socket = listen(module).accept()) {
      assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("0.0.0.0");
      script.awaitSuccess();
    }
  }

  @Test
  void anIdThatWasGivenAwayBeforeTheConnectIsReplaced() throws Exception {
    ScriptedModule script =
        meanwhile(listening(), "4,CONNECT\r\n")
            .expect("AT+CIPSTART=3,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("3,CONNECT\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module)) {
      InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 25);
      Deadline deadline = Deadline.in(Duration.ofSeconds(2));
      Link first = module.links().reserve(peer, deadline, Stop.NEVER);
      assertThat(first.id()).isEqualTo(4);
      hear(module);
      assertThat(first.talk().connect(new Dial(peer, 0, null), deadline, Stop.NEVER)).isFalse();
      Link second = module.connect(new Dial(peer, 0, null), deadline, Stop.NEVER);
      assertThat(second.id()).isEqualTo(3);
      assertThat(server.accept().toString()).contains("link 4");
      script.awaitSuccess();
    }
  }

  @Test
  void anIdThatWasGivenAwayAsTheConnectWasWrittenIsReplacedWithNothingLost() throws Exception {
    ScriptedModule script =
        listening()
            .expect("AT+CIPSTART=4,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("4,CONNECT\r\n\r\n+IPD,4,2:hi\r\n" + ERROR)
            .expect("AT+CIPSTATE?\r\n")
            .reply("+CIPSTATE:4,\"TCP\",\"192.0.2.77\",40001,2121,1\r\n" + OK)
            .expect("AT+CIPSTART=3,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("3,CONNECT\r\n" + OK + "4,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module);
        Socket out = module.sockets().createSocket("192.0.2.1", 25);
        Socket in = server.accept()) {
      assertThat(out.toString()).contains("link 3 to 192.0.2.1:25");
      assertThat(in.toString()).contains("link 4");
      assertThat(in.getInputStream().readAllBytes()).asString().isEqualTo("hi");
      script.awaitSuccess();
    }
  }

  @Test
  void aConnectThatIsRefusedBeforeThePeerIsToldOfIsMadeAgain() throws Exception {
    ScriptedModule script =
        listening()
            .expect("AT+CIPSTART=4,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply(ERROR)
            .expect("AT+CIPSTATE?\r\n")
            .reply("4,CONNECT\r\n+CIPSTATE:4,\"TCP\",\"192.0.2.77\",40001,2121,1\r\n" + OK)
            .expect("AT+CIPSTART=3,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("3,CONNECT\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module);
        Socket out = module.sockets().createSocket("192.0.2.1", 25)) {
      assertThat(out.toString()).contains("link 3");
      assertThat(server.accept().toString()).contains("link 4");
      script.awaitSuccess();
    }
  }

  @Test
  void aPeerThatCameAndWentWhileWeDialledIsNotOurs() throws Exception {
    ScriptedModule script =
        listening()
            .expect("AT+CIPSTART=4,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("4,CONNECT\r\n\r\n+IPD,4,3:bad\r\n4,CLOSED\r\n")
            .reply("4,CONNECT\r\n" + OK + "\r\n+IPD,4,4:good\r\n4,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module);
        Socket out = module.sockets().createSocket("192.0.2.1", 25)) {
      assertThat(server.getLocalPort()).isEqualTo(2121);
      assertThat(out.getInputStream().readAllBytes()).asString().isEqualTo("good");
      script.awaitSuccess();
    }
  }

  @Test
  void anIdMayBeGivenToTheNextPeerBeforeTheSocketOfTheLastIsClosed() throws Exception {
    ScriptedModule script =
        meanwhile(
            listening().reply("0,CONNECT\r\n\r\n+IPD,0,3:one\r\n"),
            "0,CLOSED\r\n0,CONNECT\r\n\r\n+IPD,0,3:two\r\n0,CLOSED\r\n");
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module)) {
      Socket first = server.accept();
      hear(module);
      Socket second = server.accept();
      assertThat(first.getInputStream().readAllBytes()).asString().isEqualTo("one");
      first.close();
      assertThat(second.getInputStream().readAllBytes()).asString().isEqualTo("two");
      script.awaitSuccess();
    }
  }

  @Test
  void whatTheModuleDroppedForTheNextPeerIsNoCleanEnd() throws Exception {
    ScriptedModule script =
        meanwhile(
            listening().reply("0,CONNECT\r\n\r\n+IPD,0,300\r\n"), "0,CLOSED\r\n0,CONNECT\r\n");
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module);
        Socket first = server.accept()) {
      hear(module);
      assertThatThrownBy(() -> first.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("dropped");
      script.awaitSuccess();
    }
  }

  @Test
  void moreThanTheBacklogIsDisconnected() throws Exception {
    ScriptedModule script =
        listening()
            .reply("0,CONNECT\r\n1,CONNECT\r\n")
            .expect("AT+CIPCLOSE=1\r\n")
            .reply("1,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = module.serverSockets().createServerSocket(2121, 1)) {
      script.awaitSuccess();
      assertThat(server.accept().toString()).contains("link 0");
    }
  }

  @Test
  void whoComesWhileTheServerIsClosedIsDisconnected() throws Exception {
    ScriptedModule script =
        meanwhile(listening(), "")
            .expect("AT+CIPSERVER=0\r\n")
            .reply("1,CONNECT\r\n" + OK) // it came as we closed
            .expect("AT+CIPCLOSE=1\r\n")
            .reply("1,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      ServerSocket server = listen(module);
      hear(module);
      server.close();
      assertThat(server.isClosed()).isTrue();
      assertThatThrownBy(server::accept).isInstanceOf(SocketException.class);
      server.close();
      script.awaitSuccess();
    }
  }

  @Test
  void anAcceptThatWaitsEndsWhenAnotherThreadCloses() throws Exception {
    ScriptedModule script = listening().expect("AT+CIPSERVER=0\r\n").reply(OK);
    try (EspAtModule module = Scripts.open(script)) {
      ServerSocket server = listen(module);
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread thread = new Thread(() -> end.complete(failure(server)));
      thread.start();
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      server.close();
      assertThat(end.get(5, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
      script.awaitSuccess();
    }
  }

  private static Throwable failure(ServerSocket server) {
    try (Socket socket = server.accept()) {
      return new AssertionError(socket + " was accepted");
    } catch (IOException e) {
      return e;
    }
  }

  @Test
  void anAcceptHasATimeout() throws Exception {
    ScriptedModule script = listening();
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module)) {
      server.setSoTimeout(50);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void anAcceptEndsWhenTheModuleIsLost() throws Exception {
    ScriptedModule script = listening().reply("\r\nready\r\n");
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module)) {
      assertThatThrownBy(server::accept).isInstanceOf(ModuleLostException.class);
    }
  }

  @Test
  void thereIsOneServerAndItCanBeFollowedByAnother() throws Exception {
    ScriptedModule script =
        listening()
            .expect("AT+CIPSERVER=0\r\n")
            .reply(OK)
            .expect("AT+CIFSR\r\n")
            .reply(STATION + OK)
            .expect("AT+CIPSERVER=1,2122\r\n")
            .reply(OK)
            .expect("AT+CIPSTO=0\r\n")
            .reply(OK);
    try (EspAtModule module = Scripts.open(script)) {
      ServerSocket first = listen(module);
      assertThatThrownBy(() -> module.serverSockets().createServerSocket(2122))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("2121");
      first.close();
      assertThat(module.serverSockets().createServerSocket(2122).isBound()).isTrue();
      script.awaitSuccess();
    }
  }

  @Test
  void aServerThatAnotherProgramLeftIsReplaced() throws Exception {
    ScriptedModule script =
        asked()
            .expect("AT+CIPSERVER=1,2121\r\n")
            .reply(ERROR)
            .expect("AT+CIPSERVER?\r\n")
            .reply("+CIPSERVER:1,333,\"TCP\",0\r\n" + OK)
            .expect("AT+CIPSERVER=0\r\n")
            .reply(OK)
            .expect("AT+CIPSERVER=1,2121\r\n")
            .reply(OK)
            .expect("AT+CIPSTO=0\r\n")
            .reply(OK);
    try (EspAtModule module = Scripts.open(script);
        ServerSocket server = listen(module)) {
      assertThat(server.isBound()).isTrue();
      script.awaitSuccess();
    }
  }

  @Test
  void aRefusalIsABindException() throws Exception {
    ScriptedModule script =
        asked()
            .expect("AT+CIPSERVER=1,2121\r\n")
            .reply("+ERRNO:0x70\r\n" + ERROR)
            .expect("AT+CIPSERVER?\r\n")
            .reply("+CIPSERVER:0\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> listen(module))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("2121")
          .hasMessageContaining("0x70");
      script.awaitSuccess();
    }
  }

  @Test
  void withoutANetworkThereIsNoServer() throws Exception {
    ScriptedModule script =
        Scripts.broughtUp().expect("AT+CIFSR\r\n").reply("+CIFSR:STAIP,\"0.0.0.0\"\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      assertThatThrownBy(() -> listen(module))
          .isInstanceOfSatisfying(
              WifiException.class, e -> assertThat(e.id()).isEqualTo(WifiException.ABSENT));
      script.awaitSuccess();
    }
  }

  @Test
  void onlyTheModulesOwnAddressCanBeBound() throws Exception {
    ScriptedModule script = asked();
    try (EspAtModule module = Scripts.open(script)) {
      InetAddress other = InetAddress.getByName("192.0.2.10");
      assertThatThrownBy(() -> module.serverSockets().createServerSocket(2121, 1, other))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("192.0.2.9");
      script.awaitSuccess();
    }
  }

  @Test
  void aConnectionThatNobodyListensForIsClosed() throws Exception {
    ScriptedModule script =
        meanwhile(Scripts.broughtUp(), "2,CONNECT\r\n\r\n+IPD,2,3:abc\r\n")
            .expect("AT+CIPCLOSE=2\r\n")
            .reply("2,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      hear(module);
      script.awaitSuccess();
    }
  }

  @Test
  void everyMethodOfAServerSocketIsTheModules() throws Exception {
    for (Method method : ServerSocket.class.getMethods()) {
      if (method.getDeclaringClass() == ServerSocket.class
          && !Modifier.isStatic(method.getModifiers())) {
        Method own = LinkServerSocket.class.getMethod(method.getName(), method.getParameterTypes());
        assertThat(own.getDeclaringClass()).as(method.toString()).isEqualTo(LinkServerSocket.class);
      }
    }
  }
}
