package io.espat.at;

import static io.espat.at.Scripts.OK;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How links end: only the peer's own end reads as one, and nobody waits longer than need be. */
class LinkEndTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static Socket connect(EspAtModule module) throws IOException {
    return module.sockets().createSocket("192.0.2.1", 25);
  }

  private static EspAtModule patient(ScriptedModule script) throws IOException {
    ModuleConfig config =
        Scripts.QUICK.toBuilder()
            .commandTimeout(Duration.ofSeconds(8))
            .sendTimeout(Duration.ofSeconds(8))
            .build();
    return EspAtModule.open(ByteStream.of(script.input(), script.output()), config);
  }

  @Test
  void closingTheModuleIsNotThePeersEnd() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPCLOSE=5\r\n")
            .reply("0,CLOSED\r\n")
            .expectSilence(Duration.ofMillis(100))
            .reply(OK);
    EspAtModule module = Scripts.open(script);
    Socket socket = connect(module);
    Future<Integer> read = threads.submit(() -> socket.getInputStream().read());
    module.close();
    assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(ModuleLostException.class)
        .hasMessageContaining("closed");
    script.awaitSuccess();
  }

  /** NonOS says CLOSED although data waits (zephyr #67003), and its notice can get lost. */
  @Test
  void nonOsIsAskedWhatWaitsBehindItsClosed() throws Exception {
    ScriptedModule script =
        Scripts.broughtUpNonOs(1)
            .expect("AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("0,CONNECT\r\n" + OK + "0,CLOSED\r\n")
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:5,0,0,0,0\r\n" + OK)
            .expect("AT+CIPRECVDATA=0,2048\r\n")
            .reply("+CIPRECVDATA,3:hel" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:2,0,0,0,0\r\n" + OK)
            .expect("AT+CIPRECVDATA=0,2048\r\n")
            .reply("+CIPRECVDATA,2:lo" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:0,0,0,0,0\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      InputStream in = connect(module).getInputStream();
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("hello");
      assertThat(in.read()).isEqualTo(-1); // and is not asked again
      script.awaitSuccess();
    }
  }

  /** zephyr #52702: CLOSED between the data and its OK, with more behind it. */
  @Test
  void closedWithinAFetchIsNoEndBeforeNothingWaits() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:3,hel0,CLOSED\r\n" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:2,-1,-1,-1,-1\r\n" + OK)
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:2,lo" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:-1,-1,-1,-1,-1\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      InputStream in = connect(module).getInputStream();
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("hello");
      script.awaitSuccess();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\nERROR\r\n", "\r\nOK\r\n"})
  void anEndThatTheModuleCannotConfirmIsNone(String answer) throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:3,hel0,CLOSED\r\n" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply(answer);
    try (EspAtModule module = Scripts.open(script)) {
      InputStream in = connect(module).getInputStream();
      assertThat(new String(in.readNBytes(3), US_ASCII)).isEqualTo("hel");
      assertThatThrownBy(in::read)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("does not say whether bytes wait");
    }
  }

  @Test
  void aModuleLostBeforeItsClosedIsConfirmedIsNoCleanEnd() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:3,hel0,CLOSED\r\n" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("\r\nready\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      InputStream in = connect(module).getInputStream();
      assertThat(new String(in.readNBytes(3), US_ASCII)).isEqualTo("hel");
      assertThatThrownBy(in::read).isInstanceOf(ModuleLostException.class);
      assertThatThrownBy(in::read).isInstanceOf(ModuleLostException.class);
    }
  }

  @Test
  void bytesLostWithTheModuleBehindTheirClosedAreNoCleanEnd() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n0,CLOSED\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("\r\nready\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      InputStream in = connect(module).getInputStream();
      assertThatThrownBy(in::read).isInstanceOf(ModuleLostException.class);
      assertThatThrownBy(in::read).isInstanceOf(ModuleLostException.class);
    }
  }

  @Test
  void aNetworkThatWentAndCameBackIsNotThePeersEnd() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,1\r\n")
            .reply("WIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:1,x" + OK + "0,CLOSED\r\n"); // withheld until all was read
    try (EspAtModule module = Scripts.open(script)) {
      InputStream in = connect(module).getInputStream();
      assertThat(in.read()).isEqualTo('x');
      assertThatThrownBy(in::read)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("Wi-Fi");
    }
  }

  @Test
  void inputThatNobodyWantsAnyMoreDoesNotEndTheOutput() throws Exception {
    ScriptedModule script = Scripts.connected().expect("AT+CWMODE?\r\n");
    for (int i = 0; i < 45; i++) {
      script.reply("\r\n+IPD,0,8000:" + "x".repeat(8000) + "\r\n");
    }
    script
        .reply("+CWMODE:1\r\n" + OK)
        .expect("AT+CIPSEND=0,1\r\n")
        .reply(Scripts.PROMPT)
        .expect("y")
        .reply("\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n")
        .expect("AT+CIPCLOSE=0\r\n")
        .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = Scripts.open(script)) {
      Socket socket = connect(module);
      socket.shutdownInput();
      module.command(AtCommand.of("AT+CWMODE?"));
      socket.getOutputStream().write('y');
      socket.close();
      script.awaitSuccess();
    }
  }

  @Test
  void closingEndsAConnectThatWaitsForAFreeLink() throws Exception {
    try (Peers peers = Peers.echo();
        SimulatedModule simulated = SimulatedModule.builder().build();
        EspAtModule module =
            EspAtModule.open(
                ByteStream.of(simulated.input(), simulated.output()), ModuleConfig.defaults())) {
      List<Socket> all = new ArrayList<>();
      for (int i = 0; i < Links.COUNT; i++) {
        all.add(module.sockets().createSocket("127.0.0.1", peers.port()));
      }
      Socket sixth = module.sockets().createSocket();
      Future<?> connect =
          threads.submit(
              () -> {
                sixth.connect(new InetSocketAddress("127.0.0.1", peers.port()));
                return null;
              });
      assertThatThrownBy(() -> connect.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      sixth.close();
      assertThatThrownBy(() -> connect.get(2, TimeUnit.SECONDS)) // free links are waited for 5 s
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(SocketException.class)
          .hasMessage("socket closed");
      for (Socket socket : all) {
        socket.close();
      }
    }
  }

  @Test
  void closingEndsAFetchBeforeItWaitsForTheVerdict() throws Exception {
    CountDownLatch fetching = new CountDownLatch(1);
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .then(fetching::countDown);
    try (script;
        EspAtModule module = patient(script)) {
      Socket socket = connect(module);
      Future<Integer> read = threads.submit(() -> socket.getInputStream().read());
      assertThat(fetching.await(5, TimeUnit.SECONDS)).isTrue();
      socket.getOutputStream().write(1);
      Future<?> close =
          threads.submit(
              () -> {
                socket.close();
                return null;
              });
      assertThatThrownBy(() -> read.get(3, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("socket closed");
      script.close();
      assertThatThrownBy(() -> close.get(5, TimeUnit.SECONDS)) // one byte was not delivered
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ModuleLostException.class);
    }
  }

  @Test
  void closingEndsAPoll() throws Exception {
    CountDownLatch polling = new CountDownLatch(1);
    ScriptedModule script =
        Scripts.connected().expect("AT+CIPRECVLEN?\r\n").then(polling::countDown);
    try (script;
        EspAtModule module = patient(script)) {
      Socket socket = connect(module);
      Future<Integer> read = threads.submit(() -> socket.getInputStream().read());
      assertThat(polling.await(5, TimeUnit.SECONDS)).isTrue();
      threads.submit(
          () -> {
            socket.close();
            return null;
          });
      assertThatThrownBy(() -> read.get(3, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("socket closed");
      script.close();
    }
  }

  @Test
  void aCarrierThatThrowsWhatItShouldNotLosesTheModule() throws Exception {
    ScriptedModule script = Scripts.connected();
    OutputStream fragile =
        new OutputStream() {
          private final OutputStream out = script.output();

          @Override
          public void write(int b) throws IOException {
            out.write(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int count) throws IOException {
            if (new String(bytes, offset, count, java.nio.charset.StandardCharsets.US_ASCII)
                .startsWith("AT+CIPSEND=")) {
              throw new IllegalStateException("the carrier's own mistake");
            }
            out.write(bytes, offset, count);
          }
        };
    try (EspAtModule module =
        EspAtModule.open(ByteStream.of(script.input(), fragile), Scripts.QUICK)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(1);
      Future<Integer> read = threads.submit(() -> socket.getInputStream().read());
      assertThatThrownBy(() -> read.get(3, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("own mistake");
    }
  }

  @Test
  void anInputThatThrowsWhatItShouldNotIsNotWaitedFor() throws Exception {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() {
            throw new IllegalStateException("the stream's own mistake");
          }
        };
    try (ByteStream stream = ByteStream.of(broken, OutputStream.nullOutputStream())) {
      Future<Integer> read = threads.submit(() -> stream.read(new byte[1], 0, 1));
      assertThatThrownBy(() -> read.get(3, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class);
    }
  }
}
