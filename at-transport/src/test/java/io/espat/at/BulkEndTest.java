package io.espat.at;

import static io.espat.at.BulkScripts.CIPSENDL;
import static io.espat.at.BulkScripts.CONFIG;
import static io.espat.at.BulkScripts.FINAL;
import static io.espat.at.BulkScripts.PIECE;
import static io.espat.at.BulkScripts.SIZE;
import static io.espat.at.BulkScripts.connect;
import static io.espat.at.BulkScripts.connected;
import static io.espat.at.BulkScripts.open;
import static io.espat.at.BulkScripts.part;
import static io.espat.at.BulkScripts.payload;
import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static io.espat.at.Scripts.PROMPT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends by AT+CIPSENDL, byte for byte, that are stopped or fail, and what is said of them. */
class BulkEndTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private <T> Future<T> start(Callable<T> work) {
    return threads.submit(work);
  }

  private static Callable<Void> write(Socket socket, int size) {
    return () -> {
      socket.getOutputStream().write(payload(size));
      return null;
    };
  }

  // ---- what does not go well

  /** Opens the valve once the peer's end was heard: the send under way is in its second piece. */
  private void openWhenClosed(Socket socket, Valve valve) throws Exception {
    Future<Integer> end = start(() -> socket.getInputStream().read());
    assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo(-1);
    valve.open();
  }

  @Test
  void aPeerThatClosesInTheMiddleStopsTheSendAndTheModuleGoesOn() throws Exception {
    ScriptedModule script =
        connected()
            .expect(CIPSENDL)
            .reply(PROMPT)
            .expect(part(0, 5000))
            .reply("+CIPSENDL:2920,4096\r\n0,CLOSED\r\n")
            .expect(part(5000, 2 * PIECE))
            .expectSilence(Duration.ofMillis(20))
            .expect("+++")
            .expectSilence(Duration.ofMillis(20))
            .reply("\r\nSEND CANCELLED\r\n")
            .expect("AT+CIPSTART=1,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("1,CONNECT\r\n" + OK);
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(payload(SIZE));
      valve.awaitShut();
      openWhenClosed(socket, valve);
      assertThatThrownBy(socket::close)
          .isInstanceOf(SocketException.class)
          .hasMessage(
              "sending 20000 bytes on link 0 to 192.0.2.1:25: closed by the peer after 8192 of them"
                  + " had been written (0 bytes confirmed before, 2920 of these passed on by the"
                  + " module)");
      connect(module);
      script.awaitSuccess();
    }
  }

  @Test
  void plusesThatAreNotUnderstoodAreSaidAgain() throws Exception {
    ScriptedModule script =
        connected()
            .expect(CIPSENDL)
            .reply(PROMPT)
            .expect(part(0, 5000))
            .reply("0,CLOSED\r\n")
            .expect(part(5000, 2 * PIECE))
            .expect("+++") // glued to the payload, by a driver that was slow
            .expectSilence(Duration.ofMillis(500))
            .expect("+++")
            .expectSilence(Duration.ofMillis(20))
            .reply("\r\nSEND CANCELLED\r\n")
            .expect("AT+CIPMUX?\r\n")
            .reply("+CIPMUX:1\r\n" + OK)
            .expect("AT+CIPSTART=1,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("1,CONNECT\r\n" + OK);
    Valve valve = new Valve(script.output(), 5000);
    ModuleConfig config = CONFIG.toBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    try (EspAtModule module = EspAtModule.open(ByteStream.of(script.input(), valve), config)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(payload(SIZE));
      valve.awaitShut();
      openWhenClosed(socket, valve);
      connect(module);
      script.awaitSuccess();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\nSEND FAIL\r\n", "\r\nERROR\r\n", "\r\nSEND OK\r\n"})
  void aVerdictInTheMiddleStopsTheSend(String verdict) throws Exception {
    ScriptedModule script =
        connected()
            .expect(CIPSENDL)
            .reply(PROMPT)
            .expect(part(0, 5000))
            .reply(verdict + "\r\n+IPD,0,1:x\r\n")
            .expect(part(5000, 2 * PIECE))
            .expectSilence(Duration.ofMillis(20))
            .expect("+++")
            .expectSilence(Duration.ofMillis(20))
            .expect("AT+CIPMUX?\r\n")
            .reply(ERROR) // what was written after the verdict, and the pluses, stood in that line
            .expect("AT+CIPMODE?\r\n")
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(payload(SIZE));
      valve.awaitShut();
      assertThat(socket.getInputStream().read()).isEqualTo('x');
      valve.open();
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("after 8192 of them had been written");
      socket.close();
      script.awaitSuccess();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SEND FAIL", "SEND CANCELLED"})
  void aBadVerdictSaysHowMuchWasConfirmed(String verdict) throws Exception {
    ScriptedModule script =
        connected()
            .expect(CIPSENDL)
            .reply(PROMPT)
            .expect(part(0, SIZE))
            .reply(FINAL + "\r\n+IPD,0,1:x\r\n")
            .expect("AT+CIPSENDL=0,10000\r\n")
            .reply(PROMPT)
            .expect(payload(10_000))
            .reply("+CIPSENDL:5840,10000\r\n\r\n" + verdict + "\r\n");
    try (EspAtModule module = open(script)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(payload(SIZE));
      assertThat(socket.getInputStream().read()).isEqualTo('x');
      socket.getOutputStream().write(payload(10_000));
      assertThatThrownBy(socket::close)
          .isInstanceOf(SocketException.class)
          .hasMessageStartingWith("sending 10000 bytes on link 0 to 192.0.2.1:25: ")
          .hasMessageEndingWith(
              "(20000 bytes confirmed before, 5840 of these passed on by the module)");
    }
  }

  @Test
  void anAnswerThatIsCutOffAnywhereIsHeardByEverybody() throws Exception {
    byte[] prompt = PROMPT.getBytes(US_ASCII);
    byte[] verdict = FINAL.getBytes(US_ASCII);
    for (int cut = 0; cut < prompt.length + verdict.length; cut++) {
      ScriptedModule script = connected().expect(CIPSENDL);
      if (cut < prompt.length) {
        script.cutAfter(cut, prompt);
      } else {
        script.reply(prompt).expect(payload(SIZE)).cutAfter(cut - prompt.length, verdict);
      }
      try (script;
          EspAtModule module = open(script)) {
        Socket socket = connect(module);
        Future<Integer> read = start(() -> socket.getInputStream().read());
        socket.getOutputStream().write(payload(SIZE));
        assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
            .as("cut after %d bytes", cut)
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(ModuleLostException.class);
        assertThatThrownBy(() -> socket.getOutputStream().write(1))
            .isInstanceOf(ModuleLostException.class);
        assertThatThrownBy(module::wifi).isInstanceOf(ModuleLostException.class);
      }
    }
  }

  @Test
  void aRestartInTheMiddleLosesTheModule() throws Exception {
    ScriptedModule script =
        connected()
            .expect(CIPSENDL)
            .reply(PROMPT)
            .expect(part(0, 5000))
            .reply("ets Jun  8 2016 00:22:57\r\n\r\nready\r\n");
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      Socket socket = connect(module);
      Future<Integer> read = start(() -> socket.getInputStream().read());
      socket.getOutputStream().write(payload(SIZE));
      assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("restarted");
      valve.open();
      assertThatThrownBy(module::wifi).hasMessageContaining("restarted");
    }
  }

  @Test
  void aLineThatStandsStillLosesTheModule() throws Exception {
    ScriptedModule script = connected().expect(CIPSENDL).reply(PROMPT).expect(part(0, 5000));
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      Socket socket = connect(module);
      Future<Integer> read = start(() -> socket.getInputStream().read());
      socket.getOutputStream().write(payload(SIZE));
      assertThatThrownBy(() -> read.get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("the line stood still for 627 ms (flow control?)");
    }
  }

  // ---- what callers give up

  /** Fills the queue behind a send that stands still, and blocks. */
  private Future<Void> blockedWriter(Socket socket, Valve valve) throws Exception {
    socket.getOutputStream().write(payload(SIZE));
    valve.awaitShut();
    Future<Void> writer = start(write(socket, 1 << 20));
    Thread.yield();
    return writer;
  }

  private static ScriptedModule stopped() {
    return connected()
        .expect(CIPSENDL)
        .reply(PROMPT)
        .expect(part(0, 2 * PIECE))
        .expect("+++")
        .expectSilence(Duration.ofMillis(20))
        .reply("\r\nSEND CANCELLED\r\n")
        .expect("AT+CIPCLOSE=0\r\n")
        .reply("0,CLOSED\r\n" + OK);
  }

  @Test
  void closingEndsABlockedWriteAndTheSendBeforeIt() throws Exception {
    ScriptedModule script = stopped();
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      Socket socket = connect(module);
      Future<Void> writer = blockedWriter(socket, valve);
      assertThat(awaitBlocked(module)).isTrue();
      Future<Void> close =
          start(
              () -> {
                socket.close();
                return null;
              });
      assertThatThrownBy(() -> writer.get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("socket closed");
      valve.open();
      close.get(5, TimeUnit.SECONDS); // says nothing: the writer knows
      script.awaitSuccess();
    }
  }

  /** Waits until a writer of link 0 finds no room. */
  private static boolean awaitBlocked(EspAtModule module) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.nanoTime() < end) {
      module.links().lock.lock();
      try {
        Link link = module.links().at(0);
        if (link != null && link.outflow().hasBlockedWriters()) {
          return true;
        }
      } finally {
        module.links().lock.unlock();
      }
      Thread.onSpinWait();
    }
    return false;
  }

  @Test
  void interruptingABlockedWriteEndsTheSendBeforeIt() throws Exception {
    ScriptedModule script = stopped();
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      Socket socket = connect(module);
      Future<Void> writer = blockedWriter(socket, valve);
      assertThat(awaitBlocked(module)).isTrue();
      assertThat(writer.cancel(true)).isTrue();
      assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(IOException.class);
      valve.open();
      script.awaitSuccess();
    }
  }

  @Test
  void interruptingACloseEndsTheSendItWaitsFor() throws Exception {
    ScriptedModule script = stopped();
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(payload(SIZE));
      valve.awaitShut();
      Thread me = Thread.currentThread();
      start(
          () -> {
            me.interrupt();
            return null;
          });
      assertThatThrownBy(socket::close)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("interrupt");
      assertThat(Thread.interrupted()).isTrue();
      valve.open();
      script.awaitSuccess();
    }
  }
}
