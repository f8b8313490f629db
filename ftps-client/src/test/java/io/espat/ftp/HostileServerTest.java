package io.espat.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espat.sim.ScriptedServer;
import io.espat.tls.PlaintextInjectionException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no honest server says, on the control connection and on data connections. */
class HostileServerTest {
  private static final SSLContext TLS =
      Servers.AUTHORITY.issue(LoopbackSockets.HOST).serverContext();
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir Path local;
  private final LoopbackSockets sockets = new LoopbackSockets();
  private ScriptedServer control;
  private ScriptedServer data;

  @BeforeEach
  void start() throws IOException {
    control = new ScriptedServer();
    data = new ScriptedServer();
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    control.close();
    data.close();
    assertThat(sockets.open()).isZero();
    Servers.assertNoThreadLeft();
  }

  // The way into TLS

  @Test
  void bytesGluedBehind234AreRefusedAtEverySplit() throws Exception {
    String glued = "234 go\r\n230 you are in\r\n";
    for (int split = 1; split < glued.length(); split++) {
      try (ScriptedServer one = new ScriptedServer()) {
        one.send("220 hi\r\n").expectLine("AUTH TLS");
        one.send(glued.substring(0, split)).send(glued.substring(split));

        assertThatThrownBy(() -> Servers.client(sockets, one.port()).open())
            .as("split at %d", split)
            .isInstanceOf(PlaintextInjectionException.class);
        assertThat(one.heardInClear()).as("split at %d", split).startsWith("AUTH TLS\r\n");
        assertThat(one.heard()).doesNotContain("USER", "PASS", HonestServer.USER);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500 what?, E-STARTTLS-ABSENT, false",
    "502 not implemented, E-STARTTLS-ABSENT, false",
    "504 no such mechanism, E-STARTTLS-REFUSED, false",
    "534 policy, E-STARTTLS-REFUSED, false",
    "530 log in first, E-STARTTLS-REFUSED, false",
    "431 no resources, E-STARTTLS-TEMP, true",
    "454 later, E-STARTTLS-TEMP, true",
    "200 sure, E-STARTTLS-REFUSED, false",
    "220 sure, E-STARTTLS-REFUSED, false",
    "230 you are in, E-STARTTLS-REFUSED, false",
    "334 ADAT=, E-STARTTLS-REFUSED, false",
    "421 bye, E-FTP-TEMP, true"
  })
  void withoutTlsNothingIsSaid(String reply, String id, boolean isTransient) throws Exception {
    control.send("220 hi\r\n").expectLine("AUTH TLS").send(reply + "\r\n").awaitClose();

    FtpsException e = failure(() -> open(Duration.ofSeconds(10)));

    assertThat(e.id()).isEqualTo(id);
    assertThat(e.stage()).isEqualTo(FtpsStage.AUTH_TLS);
    assertThat(e.reply()).isEqualTo(reply);
    assertThat(e.isTransient()).isEqualTo(isTransient);
    control.awaitSuccess();
    assertThat(control.heard()).isEqualTo("AUTH TLS\r\n");
  }

  @Test
  void aReplyInMiddleOfTheHandshakesPlaceIsRefused() throws Exception {
    control.send("220 hi\r\n").expectLine("AUTH TLS").send("234 go\r\n").expectLine(".*");
    control.send("230 you are in\r\n");

    assertThatThrownBy(() -> open(Duration.ofSeconds(10))).isInstanceOf(IOException.class);
    assertThat(control.heard()).doesNotContain("PASS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"530 go away\r\n", "500 \r\n", "421 full\r\n", "120 soon\r\n421 no\r\n"})
  void anUnwelcomingGreetingEndsIt(String greeting) throws Exception {
    control.send(greeting).awaitClose();

    FtpsException e = failure(() -> open(Duration.ofSeconds(10)));

    assertThat(e.stage()).isEqualTo(FtpsStage.BANNER);
    control.awaitSuccess();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 400 Bad Request\r\n", "SSH-2.0-x\r\n", "\u0000\u0001\u0002\r\n", "\r\n"})
  void aGreetingThatIsNoFtpIsAProtocolError(String greeting) throws Exception {
    control.send(greeting).awaitClose();

    FtpsException e = failure(() -> open(Duration.ofSeconds(10)));

    assertThat(e.id()).isEqualTo("E-FTP-PROTOCOL");
    control.awaitSuccess();
  }

  @Test
  void aDelayedWelcomeIsWaitedFor() throws Exception {
    control.send("120 in a minute\r\n220 hi\r\n").expectLine("AUTH TLS").send("534 no\r\n");

    assertThat(failure(() -> open(Duration.ofSeconds(10))).stage()).isEqualTo(FtpsStage.AUTH_TLS);
  }

  @Test
  void aLoginPromptEchoingThePasswordIsNotTold() throws Exception {
    RecordingListener heard = new RecordingListener();
    secured().expectLine("USER .*").send("331 go on\r\n").expectLine("PASS .*");
    control.send("530-" + HonestServer.PASSWORD + "\r\n530 no\r\n");

    FtpsException e = failure(() -> client(Duration.ofSeconds(10)).listener(heard).open());

    assertThat(e.id()).isEqualTo("E-AUTH-DENIED");
    assertThat(e.reply() + e.getMessage() + heard.dialogue)
        .contains("********")
        .doesNotContain(HonestServer.PASSWORD);
  }

  @ParameterizedTest
  @CsvSource({"503 no, 200, 200", "200, 536 no, 200", "200, 534 no, 200", "200, 200, 504 no"})
  void unprotectedDataConnectionsEndTheSession(String pbsz, String prot, String type)
      throws Exception {
    secured().expectLine("USER .*").send("331 go on\r\n").expectLine("PASS .*").send("230 in\r\n");
    control.expectLine("PBSZ 0").send(pbsz + " \r\n");
    if (pbsz.startsWith("2")) control.expectLine("PROT P").send(prot + " \r\n");
    if (pbsz.startsWith("2") && prot.startsWith("2")) {
      control.expectLine("TYPE I").send(type + " \r\n");
    }

    FtpsException e = failure(() -> open(Duration.ofSeconds(10)));

    assertThat(e.id()).isEqualTo("E-FTP-REJECTED");
    assertThat(e.stage()).isEqualTo(FtpsStage.PROTECT);
  }

  // Data connections

  @Test
  void anAddressIn227IsIgnored() throws Exception {
    loggedIn().expectLine("EPSV").send("500 what?\r\n").expectLine("PASV");
    control.send(
        "227 here (192,0,2,77," + (data.port() >> 8) + "," + (data.port() & 255) + ")\r\n");
    control.expectLine("STOR f.part").send("150 go\r\n").send("226 done\r\n");
    control.expectLine("SIZE f.part").send("213 5\r\n");
    renamed();
    data.startTls(TLS).skipBytes(5).awaitClose().hangUp();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      upload(ftp, 5);
    }
    assertThat(sockets.dials())
        .containsExactly(
            LoopbackSockets.HOST + ":" + control.port(), LoopbackSockets.HOST + ":" + data.port());
  }

  @ParameterizedTest
  @CsvSource({
    "522 SSL connection failed; session reuse required: see require_ssl_reuse, true",
    "425 Unable to build data connection: Operation not permitted, true",
    "450 TLS session of data connection has not resumed, true",
    "426 aborted, false",
    "552 quota, false"
  })
  void aRefusalBehindTheDataHandshakeIsToldInTheServersWords(String words, boolean reuse)
      throws Exception {
    // another key: the data connection cannot resume the control connection's session
    SSLContext other = Servers.AUTHORITY.issue(LoopbackSockets.HOST).serverContext();
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").send(words + "\r\n");
    data.startTls(other).skipBytes(10).reset();
    FtpsClient ftp = open(Duration.ofSeconds(10));

    FtpsException e = failure(() -> upload(ftp, 8 * 1024 * 1024));

    assertThat(e.reply()).isEqualTo(words);
    assertThat(e.id().equals("E-FTP-REUSE")).as(e.id()).isEqualTo(reuse);
    assertThat(ftp.isOpen()).isFalse();
    assertThat(ftp.dataConnections()).isEqualTo(1);
    assertThat(ftp.resumedConnections()).isZero();
    ftp.close();
  }

  @Test
  void aRefusalInPlaceOf226IsToldTooAndTheSessionGoesOn() throws Exception {
    SSLContext other = Servers.AUTHORITY.issue(LoopbackSockets.HOST).serverContext();
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").send("522 reuse\r\n");
    control
        .expectLine("DELE x")
        .send("250 gone\r\n")
        .expectLine("QUIT")
        .send("221 bye\r\n")
        .hangUp();
    data.startTls(other).awaitClose().hangUp();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      FtpsException e = failure(() -> upload(ftp, 0));

      assertThat(e.id()).isEqualTo("E-FTP-REUSE");
      ftp.delete("x");
    }
    control.awaitSuccess();
  }

  @Test
  void aTransferThatIsRefusedBeforeItBeginsLeavesTheSessionUsable() throws Exception {
    loggedIn();
    control.expectLine("SIZE f").send("550 no\r\n");
    passive().expectLine("RETR f").send("550 no such file\r\n");
    control
        .expectLine("DELE x")
        .send("250 gone\r\n")
        .expectLine("QUIT")
        .send("221 bye\r\n")
        .hangUp();
    data.awaitClose();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      FtpsException e = failure(() -> ftp.download("f", local.resolve("f")));

      assertThat(e.id()).isEqualTo("E-FTP-MISSING");
      ftp.delete("x");
    }
    data.awaitSuccess();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 16384, 40000})
  void aDownloadWithoutCloseNotifyIsAnError(int offset) throws Exception {
    byte[] bytes = new byte[offset];
    loggedIn();
    control.expectLine("SIZE f").send("550 not told\r\n");
    passive().expectLine("RETR f").send("150 go\r\n").send("226 all sent, truly\r\n");
    data.startTls(TLS).send(bytes).cut();
    FtpsClient ftp = open(Duration.ofSeconds(10));

    FtpsException e = failure(() -> ftp.download("f", local.resolve("f")));

    assertThat(e.id()).isEqualTo("E-FTP-TRUNCATED");
    assertThat(e.isTransient()).isTrue();
    assertThat(local.resolve("f")).doesNotExist();
    if (offset > 0) assertThat(Files.size(local.resolve("f.part"))).isEqualTo(offset);
    ftp.close();
  }

  @Test
  void aDownloadOfAnotherSizeThanToldIsAnError() throws Exception {
    for (String size : List.of("9", "11")) {
      try (ScriptedServer one = new ScriptedServer();
          ScriptedServer two = new ScriptedServer()) {
        loggedIn(one).expectLine("SIZE f").send("213 " + size + "\r\n");
        passive(one, two).expectLine("RETR f").send("150 go\r\n").send("226 done\r\n");
        two.startTls(TLS).send(new byte[10]).hangUp();
        try (FtpsClient ftp = Servers.client(sockets, one.port()).open()) {
          FtpsException e = failure(() -> ftp.download("f", local.resolve("f")));

          assertThat(e.id()).isEqualTo("E-FTP-SIZE");
          assertThat(local.resolve("f")).doesNotExist();
        }
      }
    }
  }

  @Test
  void aDownloadThatTheServerDoesNotConfirmIsAnError() throws Exception {
    loggedIn().expectLine("SIZE f").send("213 10\r\n");
    passive().expectLine("RETR f").send("150 go\r\n").send("451 disk error\r\n");
    data.startTls(TLS).send(new byte[10]).hangUp();
    FtpsClient ftp = open(Duration.ofSeconds(10));

    FtpsException e = failure(() -> ftp.download("f", local.resolve("f")));

    assertThat(e.id()).isEqualTo("E-FTP-TEMP");
    assertThat(local.resolve("f")).doesNotExist();
    ftp.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"213 4", "213 6", "213 five", "550 gone", "213"})
  void anUploadWhoseSizeIsNotConfirmedGetsNoName(String size) throws Exception {
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").send("226 done\r\n");
    control.expectLine("SIZE f.part").send(size + "\r\n");
    control
        .expectLine("DELE f.part")
        .send("250 gone\r\n")
        .expectLine("QUIT")
        .send("221 bye\r\n")
        .hangUp();
    data.startTls(TLS).skipBytes(5).awaitClose().hangUp();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      assertThat(failure(() -> upload(ftp, 5)).id()).isEqualTo("E-FTP-SIZE");
    }
    control.awaitSuccess();
  }

  @Test
  void aServerWithoutSizeIsBelievedAndThatIsTold() throws Exception {
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").send("226 done\r\n");
    control.expectLine("SIZE f.part").send("502 what?\r\n");
    renamed();
    data.startTls(TLS).skipBytes(5).awaitClose().hangUp();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      assertThat(upload(ftp, 5).sizeConfirmed()).isFalse();
    }
  }

  @Test
  void aRenameThatFailsHalfWayPutsTheOldFileBack() throws Exception {
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").send("226 done\r\n");
    control.expectLine("SIZE f.part").send("213 5\r\n");
    control.expectLine("RNFR f.part").send("350 \r\n").expectLine("RNTO f").send("553 exists\r\n");
    control.expectLine("SIZE f").send("213 99\r\n");
    control.expectLine("RNFR f").send("350 \r\n").expectLine("RNTO f.espat-old").send("250 \r\n");
    control.expectLine("RNFR f.part").send("350 \r\n").expectLine("RNTO f").send("550 never\r\n");
    control.expectLine("RNFR f.espat-old").send("350 \r\n").expectLine("RNTO f").send("250 \r\n");
    control.expectLine("QUIT").send("221 bye\r\n").hangUp();
    data.startTls(TLS).skipBytes(5).awaitClose().hangUp();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      FtpsException e = failure(() -> upload(ftp, 5));

      assertThat(e.id()).isEqualTo("E-FTP-CREATE");
      assertThat(e.reply()).isEqualTo("550 never");
      assertThat(e).hasMessageContaining("f.part");
    }
    control.awaitSuccess();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"229 nowhere\r\n", "229 (|||0|)\r\n", "227 x\r\n", "22\r\n", "229-(|||1|)\r\n229"})
  void malformedRepliesToEpsvAreProtocolErrors(String reply) throws Exception {
    loggedIn().expectLine("EPSV").send(reply);
    if (reply.startsWith("227")) control.expectLine("PASV").send("227 (1,2,3)\r\n");
    else control.hangUp();
    FtpsClient ftp = open(Duration.ofSeconds(10));

    FtpsException e = failure(() -> upload(ftp, 5));

    assertThat(e.id()).isIn("E-FTP-PROTOCOL", "E-FTP-LOST");
    assertThat(ftp.isOpen()).isFalse();
    ftp.close();
  }

  @Test
  void aReplyNobodyAskedForEndsTheSession() throws Exception {
    loggedIn().expectLine("DELE a").send("250 gone\r\n250 and more\r\n");
    FtpsClient ftp = open(Duration.ofSeconds(10));
    ftp.delete("a");

    assertThat(failure(() -> ftp.delete("b")).id()).isEqualTo("E-FTP-PROTOCOL");
    assertThat(control.heard()).doesNotContain("DELE b");
    ftp.close();
  }

  @Test
  void aReplyThatPromisesAnotherEndsTheSession() throws Exception {
    loggedIn().expectLine("DELE a").send("150 in a moment\r\n").awaitClose();
    FtpsClient ftp = open(Duration.ofSeconds(10));

    assertThat(failure(() -> ftp.delete("a")).id()).isEqualTo("E-FTP-PROTOCOL");
    assertThat(ftp.isOpen()).isFalse();
    control.awaitSuccess();
  }

  @Test
  @Timeout(30)
  void bytesThatComeBackWithoutEndDoNotHoldAnUpload() throws Exception {
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").send("226 done\r\n");
    control.expectLine("SIZE f.part").send("213 5\r\n");
    renamed();
    data.startTls(TLS).skipBytes(5).drip("x".repeat(10_000), Duration.ofMillis(10));
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      assertThat(upload(ftp, 5).bytes()).isEqualTo(5);
    }
  }

  @Test
  void aListingThatIsNotUnderstoodLeavesTheSessionUsable() throws Exception {
    loggedIn().expectLine("FEAT").send("500 what?\r\n");
    passive().expectLine("LIST").send("150 go\r\n").send("226 done\r\n");
    control
        .expectLine("DELE x")
        .send("250 gone\r\n")
        .expectLine("QUIT")
        .send("221 bye\r\n")
        .hangUp();
    data.startTls(TLS).send("what is this\r\n").hangUp();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      FtpsException e = failure(() -> ftp.list(""));

      assertThat(e.id()).isEqualTo("E-FTP-PROTOCOL");
      assertThat(e).hasMessageContaining("what is this");
      ftp.delete("x");
    }
    control.awaitSuccess();
  }

  @Test
  void anEndlessListingIsRefused() throws Exception {
    loggedIn().expectLine("FEAT").send("211-x\r\n MLST type*;\r\n211 end\r\n");
    passive().expectLine("MLSD").send("150 go\r\n");
    byte[] chunk = "type=file;size=1; some name or other\r\n".repeat(10_000).getBytes();
    data.startTls(TLS);
    for (int i = 0; i < 30; i++) data.send(chunk);
    FtpsClient ftp = open(Duration.ofMillis(1500));

    assertThat(failure(() -> ftp.list("")).id()).isEqualTo("E-FTP-PROTOCOL");
    ftp.close();
  }

  @Test
  void withoutMlstInFeatListIsUsed() throws Exception {
    loggedIn().expectLine("FEAT").send("500 what?\r\n");
    passive().expectLine("LIST \\./-l").send("150 go\r\n").send("226 done\r\n");
    data.startTls(TLS).send("total 1\r\n-rw-r--r-- 1 u g 12 Jan 01 2024 a b\r\n").hangUp();
    try (FtpsClient ftp = open(Duration.ofSeconds(10))) {
      assertThat(ftp.list("-l")).extracting(RemoteFile::name).containsExactly("a b");
    }
  }

  // Time

  @ParameterizedTest
  @CsvSource({"0, greeting", "1, AUTH TLS", "3, login", "5, PROT", "6, data"})
  void aServerThatStopsTalkingIsTimedOutAndTheStageNamed(int at, String stage) throws Exception {
    if (at > 0) control.send("220 hi\r\n").expectLine("AUTH TLS");
    if (at > 1) control.send("234 go\r\n").startTls(TLS).expectLine("USER .*");
    if (at > 3) control.send("331 go on\r\n").expectLine("PASS .*").send("230 \r\n");
    if (at > 3) control.expectLine("PBSZ 0");
    if (at > 5) control.send("200 \r\n").expectLine("PROT P").send("200 \r\n");
    if (at > 5) control.expectLine("TYPE I").send("200 \r\n").expectLine("EPSV");
    control.stall();

    assertThatThrownBy(
            () -> {
              try (FtpsClient ftp = open(SHORT)) {
                upload(ftp, 5);
              }
            })
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining(stage.equals("PROT") ? "protecting" : stage);
  }

  @Test
  void aReplyThatDripsIsTimedOut() throws Exception {
    control.drip("220-hi\r\n".repeat(500), Duration.ofMillis(20));

    assertThatThrownBy(() -> open(SHORT)).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void aDownloadThatStallsIsTimedOut() throws Exception {
    loggedIn().expectLine("SIZE f").send("213 100\r\n");
    passive().expectLine("RETR f").send("150 go\r\n").stall();
    data.startTls(TLS).send(new byte[10]).stall();
    FtpsClient ftp = open(SHORT);

    assertThatThrownBy(() -> ftp.download("f", local.resolve("f")))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("10 bytes received");
    assertThat(ftp.isOpen()).isFalse();
    assertThat(local.resolve("f")).doesNotExist();
  }

  @Test
  void anUploadToADeafServerIsTimedOut() throws Exception {
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").stall();
    data.startTls(TLS).deaf();
    FtpsClient ftp = open(SHORT);

    assertThatThrownBy(() -> upload(ftp, 64 * 1024 * 1024))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("uploading f");
    assertThat(ftp.isOpen()).isFalse();
  }

  @Test
  void anUploadThatIsNeverConfirmedIsTimedOut() throws Exception {
    loggedIn();
    passive().expectLine("STOR f.part").send("150 go\r\n").stall();
    data.startTls(TLS).skipBytes(5).awaitClose().hangUp();
    FtpsClient ftp = open(SHORT);

    assertThatThrownBy(() -> upload(ftp, 5))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("transfer");
    assertThat(ftp.isOpen()).isFalse();
  }

  @Test
  void closingFromAnotherThreadEndsATransfer() throws Exception {
    CountDownLatch underway = new CountDownLatch(1);
    FtpsClient ftp = stalledDownload(underway);
    CompletableFuture<Throwable> end = failing(ftp, underway);
    assertThat(underway.await(10, TimeUnit.SECONDS)).isTrue();

    ftp.close();

    assertThat(end.get(5, TimeUnit.SECONDS))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("closed meanwhile");
  }

  @Test
  void anInterruptionEndsATransferAndIsKept() throws Exception {
    CountDownLatch underway = new CountDownLatch(1);
    FtpsClient ftp = stalledDownload(underway);
    CompletableFuture<Thread> who = new CompletableFuture<>();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    CompletableFuture<Boolean> flag = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              who.complete(Thread.currentThread());
              try {
                ftp.download("f", new Latching(underway));
              } catch (IOException e) {
                end.complete(e);
              }
              flag.complete(Thread.interrupted());
            });
    thread.start();
    assertThat(underway.await(10, TimeUnit.SECONDS)).isTrue();

    who.get().interrupt();

    assertThat(end.get(5, TimeUnit.SECONDS))
        .isInstanceOf(InterruptedIOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    assertThat(flag.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(ftp.isOpen()).isFalse();
    thread.join(5_000);
  }

  private FtpsClient stalledDownload(CountDownLatch underway) throws IOException {
    loggedIn().expectLine("SIZE f").send("213 100\r\n");
    passive().expectLine("RETR f").send("150 go\r\n").stall();
    data.startTls(TLS).send(new byte[10]).stall();
    return open(Duration.ofSeconds(30));
  }

  private static CompletableFuture<Throwable> failing(FtpsClient ftp, CountDownLatch underway) {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                ftp.download("f", new Latching(underway));
                end.complete(new AssertionError("no failure"));
              } catch (IOException e) {
                end.complete(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return end;
  }

  /** Tells when the first bytes have come. */
  private static final class Latching extends ByteArrayOutputStream {
    private final CountDownLatch latch;

    Latching(CountDownLatch latch) {
      this.latch = latch;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int count) {
      super.write(bytes, offset, count);
      latch.countDown();
    }
  }

  // The honest parts of a conversation

  private ScriptedServer secured() {
    return secured(control);
  }

  private static ScriptedServer secured(ScriptedServer server) {
    return server.send("220 hi\r\n").expectLine("AUTH TLS").send("234 go\r\n").startTls(TLS);
  }

  private ScriptedServer loggedIn() {
    return loggedIn(control);
  }

  private static ScriptedServer loggedIn(ScriptedServer server) {
    secured(server).expectLine("USER .*").send("331 go on\r\n");
    server.expectLine("PASS .*").send("230 in\r\n");
    return server
        .expectLine("PBSZ 0")
        .send("200 ok\r\n")
        .expectLine("PROT P")
        .send("200 ok\r\n")
        .expectLine("TYPE I")
        .send("200 ok\r\n");
  }

  private ScriptedServer passive() {
    return passive(control, data);
  }

  private static ScriptedServer passive(ScriptedServer server, ScriptedServer data) {
    return server.expectLine("EPSV").send("229 ok (|||" + data.port() + "|)\r\n");
  }

  private void renamed() {
    control.expectLine("RNFR f.part").send("350 \r\n").expectLine("RNTO f").send("250 \r\n");
    control.expectLine("QUIT").send("221 bye\r\n").hangUp();
  }

  private FtpsClient.Builder client(Duration timeout) throws IOException {
    return Servers.client(sockets, control.port()).timeout(timeout);
  }

  private FtpsClient open(Duration timeout) throws IOException {
    return client(timeout).open();
  }

  private static Transferred upload(FtpsClient ftp, int size) throws IOException {
    return ftp.upload(new ByteArrayInputStream(new byte[size]), size, "f");
  }

  private static FtpsException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    FtpsException e = catchThrowableOfType(FtpsException.class, call);
    assertThat(e).as("an FtpsException").isNotNull();
    return e;
  }
}
