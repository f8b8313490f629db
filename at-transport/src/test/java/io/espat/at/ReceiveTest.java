package io.espat.at;

import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the module pushes, what it keeps, and how it is told which. */
class ReceiveTest {
  private static final String PER_LINK = "+CMD:2,\"AT+CIPRECVTYPE\",0,1,1,0\r\n";
  private static final String GLOBAL = "+CMD:2,\"AT+CIPRECVMODE\",0,1,1,0\r\n";
  private static final String PIECE = "0123456789abcdef".repeat(256);

  private final CountDownLatch switched = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private static EspAtModule open(ScriptedModule script, ReceiveMode mode) throws IOException {
    ModuleConfig config = Scripts.QUICK.toBuilder().receive(mode).build();
    return EspAtModule.open(ByteStream.of(script.input(), script.output()), config);
  }

  private static Socket connect(EspAtModule module) throws IOException {
    return module.sockets().createSocket("192.0.2.1", 25);
  }

  private static String start(int id) {
    return "AT+CIPSTART=" + id + ",\"TCP\",\"192.0.2.1\",25\r\n";
  }

  private static ScriptedModule active() {
    return Scripts.identified(PER_LINK).expect("AT+CIPRECVTYPE=5,0\r\n").reply(OK);
  }

  private static String pushed(int id, String data) {
    return "\r\n+IPD," + id + "," + data.length() + ":" + data + "\r\n";
  }

  private static String read(InputStream in, int count) throws IOException {
    return new String(in.readNBytes(count), US_ASCII);
  }

  @Test
  void passiveIsTheDefaultWhereNothingHoldsTheModuleBack() throws Exception {
    ScriptedModule script = Scripts.broughtUp();
    try (EspAtModule module = open(script, ReceiveMode.AUTO)) {
      script.awaitSuccess();
      assertThat(module.info().atVersion()).startsWith("4.2");
    }
  }

  @Test
  void olderFirmwareHasOneSettingForAllLinks() throws Exception {
    ScriptedModule script =
        Scripts.identified(GLOBAL)
            .expect("AT+CIPRECVMODE=0\r\n")
            .reply(OK)
            .expect(start(0))
            .reply("0,CONNECT\r\n" + OK + pushed(0, "hello"));
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      assertThat(read(connect(module).getInputStream(), 5)).isEqualTo("hello");
      script.awaitSuccess();
    }
  }

  @Test
  void dataBehindConnectBelongsToTheNewLinkAlsoBeforeOk() throws Exception {
    ScriptedModule script =
        active()
            .expect(start(0))
            .reply("0,CONNECT\r\n" + pushed(0, "220 ") + OK + pushed(0, "ready") + "0,CLOSED\r\n");
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("220 ready");
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void dataOfAnEarlierConnectionIsNotTheNewOnes() throws Exception {
    ScriptedModule script =
        active()
            .expect(start(0))
            .reply(pushed(0, "old") + "0,CLOSED\r\n0,CONNECT\r\n" + pushed(0, "new") + OK)
            .reply("0,CLOSED\r\n");
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("new");
    }
  }

  @Test
  void dataBeforeAConnectThatNeverCameIsAGap() throws Exception {
    ScriptedModule script =
        active().expect(start(0)).reply("0,C0NNECT\r\n" + pushed(0, "220 ") + OK);
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThatThrownBy(in::read)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("4 bytes came before CONNECT");
    }
  }

  @Test
  void dataForALinkThatIsNotThereIsMissingInAnother() throws Exception {
    ScriptedModule script =
        active()
            .expect(start(0))
            .reply("0,CONNECT\r\n" + OK + pushed(0, "a") + pushed(2, "b") + pushed(0, "c"));
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThat(in.read()).isEqualTo('a');
      assertThatThrownBy(in::read)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("1 bytes came for link 2");
    }
  }

  @Test
  void aFrameWithADamagedHeaderIsALoss() throws Exception {
    ScriptedModule script =
        active().expect(start(0)).reply("0,CONNECT\r\n" + OK + "\r\n+I\320D,0,5:hello\r\n");
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThatThrownBy(in::read)
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("lost on the wire");
    }
  }

  /** Nothing is asked while the module pushes; a poll would come after 1.5 s. */
  @Test
  void aReaderOfPushedDataNeedsNoTurn() throws Exception {
    ScriptedModule script =
        active()
            .expect(start(0))
            .reply("0,CONNECT\r\n" + OK)
            .expectSilence(Duration.ofMillis(1800))
            .reply(pushed(0, "!"));
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      assertThat(connect(module).getInputStream().read()).isEqualTo('!');
      script.awaitSuccess();
    }
  }

  /** Pushes until 64 KiB are unread. */
  private static ScriptedModule behind(ScriptedModule script, int id) {
    return behind(script, pushed(id, PIECE));
  }

  private static ScriptedModule behind(ScriptedModule script, String frame) {
    for (int i = 0; i < 16; i++) {
      script.reply(frame);
    }
    return script;
  }

  private static void assertPieces(InputStream in, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      assertThat(read(in, PIECE.length())).isEqualTo(PIECE);
    }
  }

  @Test
  void aLinkWhoseReaderIsBehindIsSwitchedAndSwitchedBackWhenItHasCaughtUp() throws Exception {
    ScriptedModule script =
        behind(active().expect(start(0)).reply("0,CONNECT\r\n" + OK), 0)
            .expect("AT+CIPRECVTYPE=0,1\r\n")
            .reply(pushed(0, "on the way") + OK + "\r\n+IPD,0,8\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n") // its reader did not wait: it is behind still
            .reply("+CIPRECVDATA:8, fetched" + OK)
            .expectSilence(Duration.ofMillis(100))
            .reply("\r\n+IPD,0,7\r\n")
            .expect("AT+CIPRECVTYPE=0,0\r\n")
            .reply(pushed(0, " pushed") + OK + pushed(0, "!") + "0,CLOSED\r\n");
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      Socket socket = connect(module);
      InputStream in = socket.getInputStream();
      while (in.available() < 16 * PIECE.length() + "on the way fetched".length()) {
        Thread.onSpinWait();
      }
      assertPieces(in, 16);
      assertThat(read(in, 10 + 8 + 7 + 1)).isEqualTo("on the way fetched pushed!");
      assertThat(in.read()).isEqualTo(-1);
      script.awaitSuccess();
    }
  }

  /** As 2.1 does. */
  @Test
  void dataThatIsPushedBehindTheOkOfTheSwitch() throws Exception {
    ScriptedModule script =
        behind(
                Scripts.identified(GLOBAL)
                    .expect("AT+CIPRECVMODE=0\r\n")
                    .reply(OK)
                    .expect(start(0))
                    .reply("0,CONNECT\r\n" + OK),
                0)
            .expect("AT+CIPRECVMODE=1\r\n")
            .then(switched::countDown)
            .reply(OK)
            .expectSilence(Duration.ofMillis(200))
            .reply("\r\n+IPD,0,7\r\n")
            .expect("AT+CIPRECVMODE=0\r\n")
            .reply(OK + pushed(0, "waiting") + "0,CLOSED\r\n");
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThat(switched.await(5, TimeUnit.SECONDS)).isTrue();
      assertPieces(in, 16);
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("waiting");
      script.awaitSuccess();
    }
  }

  /** NonOS does not push what waits behind its CLOSED: it is not told to, and if so told back. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWaitsBehindClosedIsFetchedThoughDataWasToBePushed(boolean late) throws Exception {
    ScriptedModule script =
        behind(
                Scripts.broughtUpNonOs(0).expect(start(0)).reply("0,CONNECT\r\n" + OK),
                "\r\n+IPD,0,4096:" + PIECE)
            .expect("AT+CIPRECVMODE=1\r\n")
            .then(switched::countDown)
            .reply(OK)
            .expectSilence(Duration.ofMillis(200));
    if (late) {
      script
          .reply("\r\n+IPD,0,7\r\n")
          .expect("AT+CIPRECVMODE=0\r\n")
          .reply("0,CLOSED\r\n" + OK)
          .expect("AT+CIPRECVLEN?\r\n")
          .reply("+CIPRECVLEN:7,0,0,0,0\r\n" + OK)
          .expect("AT+CIPRECVMODE=1\r\n")
          .reply(OK);
    } else {
      script.reply("0,CLOSED\r\n\r\n+IPD,0,7\r\n");
    }
    script
        .expect("AT+CIPRECVDATA=0,2048\r\n")
        .reply("+CIPRECVDATA,7:waiting" + OK)
        .expect("AT+CIPRECVLEN?\r\n")
        .reply("+CIPRECVLEN:0,0,0,0,0\r\n" + OK);
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThat(switched.await(5, TimeUnit.SECONDS)).isTrue();
      if (!late) {
        awaitHeld(in, 16 * PIECE.length() + 7);
      }
      assertPieces(in, 16);
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("waiting");
      script.awaitSuccess();
    }
  }

  /** Had it been pushed, CLOSED would have come behind it. */
  @Test
  void aClosedInsteadOfWhatWasToBePushedIsNoEnd() throws Exception {
    ScriptedModule script =
        behind(
                Scripts.broughtUpNonOs(0).expect(start(0)).reply("0,CONNECT\r\n" + OK),
                "\r\n+IPD,0,4096:" + PIECE)
            .expect("AT+CIPRECVMODE=1\r\n")
            .then(switched::countDown)
            .reply(OK)
            .expectSilence(Duration.ofMillis(200))
            .reply("\r\n+IPD,0,7\r\n")
            .expect("AT+CIPRECVMODE=0\r\n")
            .reply(OK)
            .expectSilence(Duration.ofMillis(100))
            .reply("0,CLOSED\r\n")
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:7,0,0,0,0\r\n" + OK)
            .expect("AT+CIPRECVMODE=1\r\n")
            .reply(OK)
            .expect("AT+CIPRECVDATA=0,2048\r\n")
            .reply("+CIPRECVDATA,7:waiting" + OK)
            .expect("AT+CIPRECVLEN?\r\n")
            .reply("+CIPRECVLEN:0,0,0,0,0\r\n" + OK);
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThat(switched.await(5, TimeUnit.SECONDS)).isTrue();
      assertPieces(in, 16);
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("waiting");
      script.awaitSuccess();
    }
  }

  private static void awaitHeld(InputStream in, int count) throws IOException {
    while (in.available() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void firmwareThatDoesNotPushWhatWaitsIsAskedForIt() throws Exception {
    ScriptedModule script =
        behind(active().expect(start(0)).reply("0,CONNECT\r\n" + OK), 0)
            .expect("AT+CIPRECVTYPE=0,1\r\n")
            .then(switched::countDown)
            .reply(OK)
            .expectSilence(Duration.ofMillis(200))
            .reply("\r\n+IPD,0,7\r\n")
            .expect("AT+CIPRECVTYPE=0,0\r\n")
            .reply(OK)
            .expect("AT+CIPRECVTYPE=0,1\r\n")
            .reply(OK)
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:7,waiting" + OK + "0,CLOSED\r\n");
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      assertThat(switched.await(5, TimeUnit.SECONDS)).isTrue();
      assertPieces(in, 16);
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("waiting");
      script.awaitSuccess();
    }
  }

  @Test
  void firmwareThatRefusesTheSwitchIsNotAskedAgain() throws Exception {
    ScriptedModule script =
        behind(active().expect(start(0)).reply("0,CONNECT\r\n" + OK), 0)
            .expect("AT+CIPRECVTYPE=0,1\r\n")
            .reply(ERROR + pushed(0, "more") + "0,CLOSED\r\n");
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      InputStream in = connect(module).getInputStream();
      awaitHeld(in, 16 * PIECE.length() + 4);
      assertPieces(in, 16);
      assertThat(new String(in.readAllBytes(), US_ASCII)).isEqualTo("more");
      script.awaitSuccess();
    }
  }

  @Test
  void whereThereIsOneSettingTheSlowestReaderDecides() throws Exception {
    ScriptedModule script =
        Scripts.identified(GLOBAL)
            .expect("AT+CIPRECVMODE=0\r\n")
            .reply(OK)
            .expect(start(0))
            .reply("0,CONNECT\r\n" + OK)
            .expect(start(1))
            .reply("1,CONNECT\r\n" + OK);
    behind(script, 0)
        .expect("AT+CIPRECVMODE=1\r\n")
        .reply(OK)
        .expectSilence(Duration.ofMillis(100))
        .reply("\r\n+IPD,1,3\r\n")
        .expect("AT+CIPRECVDATA=1,8192\r\n") // its reader has caught up, the other has not
        .reply("+CIPRECVDATA:3,abc" + OK);
    try (EspAtModule module = open(script, ReceiveMode.ACTIVE)) {
      Socket slow = connect(module);
      InputStream quick = connect(module).getInputStream();
      Future<String> read = threads.submit(() -> read(quick, 3));
      assertThat(read.get(5, TimeUnit.SECONDS)).isEqualTo("abc");
      script.awaitSuccess();
      assertPieces(slow.getInputStream(), 16);
    }
  }

  @Test
  void aFetchThatIsAnsweredWithoutDataIsAGap() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .reply("\r\n+IPD,0,5\r\n")
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+C1PRECVDATA:5,hello" + OK);
    try (EspAtModule module = open(script, ReceiveMode.AUTO)) {
      InputStream in = connect(module).getInputStream();
      assertThatThrownBy(in::read)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("lost on the wire");
    }
  }
}
