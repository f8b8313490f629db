package io.espat.at;

import static io.espat.at.BulkScripts.CIPSENDL;
import static io.espat.at.BulkScripts.CONFIG;
import static io.espat.at.BulkScripts.FINAL;
import static io.espat.at.BulkScripts.SIZE;
import static io.espat.at.BulkScripts.connect;
import static io.espat.at.BulkScripts.connected;
import static io.espat.at.BulkScripts.open;
import static io.espat.at.BulkScripts.part;
import static io.espat.at.BulkScripts.payload;
import static io.espat.at.Scripts.OK;
import static io.espat.at.Scripts.PROMPT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.ScriptedModule;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends by AT+CIPSENDL, byte for byte, that go well. */
class BulkTest {
  /** What the module says, in chunks. */
  private static InputStream chunks(InputStream in, int size) {
    return new FilterInputStream(in) {
      @Override
      public int read(byte[] bytes, int offset, int count) throws IOException {
        return in.read(bytes, offset, Math.min(count, size));
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 11, 64, 8192})
  void oneAnnouncementServesAllWhileDataComesIn(int chunk) throws Exception {
    ScriptedModule script =
        connected()
            .expect(CIPSENDL)
            .reply("\r\nOK\r\n\r\n+IPD,0,3:\r\n>\r\n\r\n>")
            .expect(part(0, 9000))
            .reply("+CIPSENDL:1024,2944\r\n+CIPSENDL:2048,2944\r\n")
            .reply("\r\n+IPD,0,11:\r\nSEND OK\r\n\r\n")
            .expect(part(9000, SIZE))
            .reply("\r\n+IPD,0,2:ab\r\n" + FINAL)
            .reply("\r\n+IPD,0,1:c\r\n")
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module =
        EspAtModule.open(ByteStream.of(chunks(script.input(), chunk), script.output()), CONFIG)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(payload(SIZE));
      assertThat(socket.getInputStream().readNBytes(17))
          .asString(US_ASCII)
          .isEqualTo("\r\n>" + "\r\nSEND OK\r\n" + "abc");
      socket.close();
      script.awaitSuccess();
    }
  }

  @Test
  void reportsThatAreRareAlreadyAreLeftAlone() throws Exception {
    ScriptedModule script =
        Scripts.identified(Scripts.RECEIVE_TYPE)
            .expect("AT+CIPRECVTYPE=5,0\r\n")
            .reply(OK)
            .expect("AT+CIPSENDLCFG?\r\n")
            .reply("+CIPSENDLCFG:1048576,2920\r\n" + OK);
    try (EspAtModule module = open(script)) {
      assertThat(module.line().rtsCts()).isTrue();
      script.awaitSuccess();
    }
  }

  @Test
  void aSendThatOneCommandTakesGoesByCipsend() throws Exception {
    ScriptedModule script =
        connected()
            .expect("AT+CIPSEND=0,8192\r\n")
            .reply(PROMPT)
            .expect(payload(8192))
            .reply("\r\nRecv 8192 bytes\r\n\r\nSEND OK\r\n")
            .expect("AT+CIPCLOSE=0\r\n")
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = open(script)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(payload(8192));
      socket.close();
      script.awaitSuccess();
    }
  }

  @Test
  void withoutFlowControlNothingIsSentThatTheModuleCannotHoldWhole() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,8192\r\n")
            .reply(PROMPT)
            .expect(part(0, 8192))
            .reply("\r\nRecv 8192 bytes\r\n\r\nSEND OK\r\n")
            .expect("AT+CIPSEND=0,808\r\n")
            .reply(PROMPT)
            .expect(part(8192, 9000))
            .reply("\r\nRecv 808 bytes\r\n\r\nSEND OK\r\n");
    try (EspAtModule module = Scripts.open(script)) {
      connect(module).getOutputStream().write(payload(9000));
      script.awaitSuccess();
    }
  }

  @Test
  void whatIsWrittenDuringASendIsTheNextOne() throws Exception {
    ScriptedModule script =
        connected()
            .expect(CIPSENDL)
            .reply(PROMPT)
            .expect(part(0, SIZE))
            .reply(FINAL)
            .expect("AT+CIPSENDL=0,10000\r\n")
            .reply(PROMPT)
            .expect(payload(10_000))
            .reply("+CIPSENDL:10000,10000\r\n\r\nSEND OK\r\n");
    Valve valve = new Valve(script.output(), 5000);
    try (EspAtModule module = open(script, valve)) {
      OutputStream out = connect(module).getOutputStream();
      out.write(payload(SIZE));
      valve.awaitShut();
      for (int i = 0; i < 10; i++) {
        out.write(part(1000 * i, 1000 * (i + 1))); // returns though the line stands still
      }
      valve.open();
      script.awaitSuccess();
    }
  }

  // ---- others

  @Test
  void aSendIsShortWhileAnotherLinkNeedsTheLine() throws Exception {
    ScriptedModule script =
        connected()
            .expect("AT+CIPSTART=1,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("1,CONNECT\r\n" + OK)
            .expect("AT+CIPSENDL=0,11520\r\n") // a second at 115200 baud
            .reply(PROMPT)
            .expect(part(0, 11_520))
            .reply("+CIPSENDL:11520,11520\r\n\r\nSEND OK\r\n")
            .expect("AT+CIPSENDL=0,8480\r\n")
            .reply(PROMPT)
            .expect(part(11_520, SIZE))
            .reply("+CIPSENDL:8480,8480\r\n\r\nSEND OK\r\n");
    ModuleConfig config = CONFIG.toBuilder().baud(115_200).build();
    try (EspAtModule module =
        EspAtModule.open(ByteStream.of(script.input(), script.output()), config)) {
      Socket bulk = connect(module);
      connect(module); // who connects will soon say something
      bulk.getOutputStream().write(payload(SIZE));
      script.awaitSuccess();
    }
  }

  @Test
  void linksTakeTurnsAndCallersComeBetweenTheirSends() throws Exception {
    ScriptedModule script =
        connected()
            .expect("AT+CIPSTART=1,\"TCP\",\"192.0.2.1\",25\r\n")
            .reply("1,CONNECT\r\n" + OK)
            .expect(CIPSENDL)
            .reply(PROMPT)
            .expect(payload(SIZE))
            .reply(FINAL)
            .expect("AT+CWMODE?\r\n")
            .reply("+CWMODE:1\r\n" + OK)
            .expect("AT+CIPSENDL=1,9000\r\n")
            .reply(PROMPT)
            .expect(payload(9000))
            .reply("+CIPSENDL:9000,9000\r\n\r\nSEND OK\r\n")
            .expect("AT+CIPSENDL=0,10000\r\n")
            .reply(PROMPT)
            .expect(payload(10_000))
            .reply("+CIPSENDL:10000,10000\r\n\r\nSEND OK\r\n");
    Valve valve = new Valve(script.output(), 5000);
    ModuleConfig config =
        CONFIG.toBuilder()
            .commandTimeout(Duration.ofSeconds(5))
            .sendTimeout(Duration.ofSeconds(5))
            .build();
    try (EspAtModule module = EspAtModule.open(ByteStream.of(script.input(), valve), config)) {
      Socket first = connect(module);
      Socket second = connect(module);
      first.getOutputStream().write(payload(SIZE));
      valve.awaitShut();
      first.getOutputStream().write(payload(10_000));
      second.getOutputStream().write(payload(9000));
      Thread caller = new Thread(() -> ask(module));
      caller.start();
      assertThat(awaitWaiting(caller)).isTrue();
      valve.open();
      script.awaitSuccess();
      script.close(); // nobody waits for the answer to the farewell
    }
  }

  private static void ask(EspAtModule module) {
    try {
      module.command(AtCommand.of("AT+CWMODE?"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Waits until a thread waits for its turn. */
  private static boolean awaitWaiting(Thread thread) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (thread.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return thread.getState() == Thread.State.TIMED_WAITING;
  }
}
