package io.espat.at;

import static io.espat.at.Scripts.ERROR;
import static io.espat.at.Scripts.OK;
import static io.espat.at.Scripts.PROMPT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espat.sim.ScriptedModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Prompts, verdicts and answers that are late: what cannot be known is not guessed. */
class DoubtTest {
  private static final String CIPSEND = "AT+CIPSEND=0,5\r\n";
  private static final String CIPMUX = "AT+CIPMUX?\r\n";
  private static final String CIPMODE = "AT+CIPMODE?\r\n";
  private static final String CLOSE = "AT+CIPCLOSE=0\r\n";

  private static Socket connect(EspAtModule module) throws IOException {
    return module.sockets().createSocket("192.0.2.1", 25);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  private static EspAtModule open(ScriptedModule script, ModuleConfig config) throws IOException {
    return EspAtModule.open(ByteStream.of(script.input(), script.output()), config);
  }

  private static ModuleConfig patient() {
    return Scripts.QUICK.toBuilder().commandTimeout(Duration.ofSeconds(3)).build();
  }

  /** The peer has got a question of the engine's: nothing may follow it. */
  @Test
  void aPromptThatComesBehindTheResynchronisationEndsTheLink() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect(CIPSEND)
            .reply("\r\nbusy p...\r\n")
            .expect("+++")
            .reply(PROMPT)
            .expect(CIPMUX)
            .reply("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n" + ERROR)
            .expect(CIPMODE)
            .reply("+CIPMODE:0\r\n" + OK)
            .expect(CLOSE)
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = open(script, patient())) {
      Socket socket = connect(module);
      write(socket, "hello");
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("the prompt came late, behind other commands");
      socket.close();
      script.awaitSuccess();
    }
  }

  /** No question but the first is taken for payload. */
  @Test
  void aPromptThatComesAfterItsTimeIsCancelled() throws Exception {
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPSEND=0,300\r\n")
            .expect("+++")
            .expect(CIPMUX)
            .reply(PROMPT)
            .expect("+++")
            .reply("\r\nSEND Canceled\r\n")
            .expect(CIPMODE)
            .reply("+CIPMODE:0\r\n" + OK)
            .expect(CLOSE)
            .reply("0,CLOSED\r\n" + OK);
    try (EspAtModule module = open(script, patient())) {
      Socket socket = connect(module);
      write(socket, "x".repeat(300));
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("no prompt within");
      socket.close();
      script.awaitSuccess();
    }
  }

  /** The rest of the payload is on its way when CIPSENDL fails, and is answered as lines. */
  @Test
  void whatFollowsASendThatFailedEarlyAnswersNothingElse() throws Exception {
    ScriptedModule script =
        BulkScripts.connected()
            .expect(BulkScripts.CIPSENDL)
            .reply(PROMPT)
            .expect(BulkScripts.part(0, BulkScripts.SIZE))
            .reply("+CIPSENDL:2920,8192\r\n\r\nSEND FAIL\r\n")
            .reply(ERROR)
            .expectSilence(Duration.ofMillis(20))
            .expect("+++")
            .expect(CIPMUX)
            .reply(ERROR)
            .expect(CIPMODE)
            .reply("+CIPMODE:0\r\n" + OK)
            .expect("AT+CWSTATE?\r\n")
            .reply("+CWSTATE:2,\"net\"\r\n" + OK);
    try (EspAtModule module = BulkScripts.open(script)) {
      Socket socket = connect(module);
      socket.getOutputStream().write(BulkScripts.payload(BulkScripts.SIZE));
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("SEND FAIL");
      assertThat(module.command(AtCommand.of("AT+CWSTATE?")).lines()).hasSize(1);
      script.awaitSuccess();
    }
  }

  /** The verdict stands in the module's ring behind 8 KiB of pushed data: 8.5 s at this speed. */
  @Test
  void aVerdictMayWaitBehindPushedData() throws Exception {
    ScriptedModule script =
        BulkScripts.connected()
            .expect(CIPSEND)
            .reply(PROMPT)
            .expect("hello")
            .expectSilence(Duration.ofMillis(900))
            .reply("\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n\r\n+IPD,0,1:!\r\n");
    try (EspAtModule module = open(script, BulkScripts.CONFIG.toBuilder().baud(9600).build())) {
      Socket socket = connect(module);
      write(socket, "hello");
      assertThat(socket.getInputStream().read()).isEqualTo('!');
      script.awaitSuccess();
    }
  }

  /** The time-out of a read is for a silent peer; this one has answered. */
  @Test
  void dataThatWaitsBehindAnotherCommandIsNoSilence() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    ScriptedModule script =
        Scripts.connected()
            .expect("AT+CIPDOMAIN=\"example.org\"\r\n")
            .reply("\r\n+IPD,0,5\r\n")
            .then(() -> asked.complete(null))
            .expectSilence(Duration.ofMillis(400))
            .reply("+CIPDOMAIN:\"192.0.2.7\"\r\n" + OK)
            .expect("AT+CIPRECVDATA=0,8192\r\n")
            .reply("+CIPRECVDATA:5,hello" + OK)
            .expectSilence(Duration.ofMillis(200));
    ModuleConfig config = Scripts.QUICK.toBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    try (EspAtModule module = open(script, config)) {
      Socket socket = connect(module);
      CompletableFuture<Void> resolved = CompletableFuture.runAsync(() -> resolve(module));
      asked.get(5, TimeUnit.SECONDS);
      socket.setSoTimeout(100);
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
      assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
      resolved.get(5, TimeUnit.SECONDS);
      script.awaitSuccess();
    }
  }

  private static void resolve(EspAtModule module) {
    try {
      module.resolve("example.org");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A carrier that is broken, not only unplugged: a native library that cannot be linked, say. */
  @Test
  void anErrorOfTheCarrierLosesTheModule() throws Exception {
    ScriptedModule script = Scripts.connected();
    try (EspAtModule module =
        EspAtModule.open(
            new Breakable(ByteStream.of(script.input(), script.output())), Scripts.QUICK)) {
      Socket socket = connect(module);
      write(socket, "hello");
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(ModuleLostException.class)
          .hasMessageContaining("no such symbol");
    }
  }

  /** Breaks with the first send. */
  private record Breakable(ByteStream stream) implements ByteStream {
    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      return stream.read(buffer, offset, count);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (new String(bytes, offset, count, US_ASCII).startsWith("AT+CIPSEND=")) {
        throw new UnsatisfiedLinkError("no such symbol");
      }
      stream.write(bytes, offset, count);
    }

    @Override
    public void timeout(Duration timeout) {
      stream.timeout(timeout);
    }

    @Override
    public String name() {
      return "breakable";
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
