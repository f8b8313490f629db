package io.espat.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.espat.sim.ScriptedServer;
import io.espat.smtp.Conversation.Exchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A mail in progress ends when its client is closed or its thread interrupted, at any stage. */
class SmtpCancelTest {
  private static final List<Exchange> TALK = Conversation.startTls();

  @TempDir private Path folder;
  private Path mail;

  @BeforeEach
  void writeTheMail() throws IOException {
    mail = Conversation.message(folder, "Subject: s\n\n" + "x".repeat(10_000) + "\n");
  }

  @TestFactory
  Stream<DynamicTest> closingTheClientEndsAMailAtEveryStage() {
    return everyStage(
        i -> {
          Sending sending = new Sending(Conversation.upTo(TALK, i).stall(), i, mail);
          sending.awaitStage();
          sending.client.close();
          check(sending.result(), i, SocketException.class);
        });
  }

  @TestFactory
  Stream<DynamicTest> interruptingTheThreadEndsAMailAtEveryStage() {
    return everyStage(
        i -> {
          Sending sending = new Sending(Conversation.upTo(TALK, i).stall(), i, mail);
          sending.awaitStage();
          sending.thread.interrupt();
          check(sending.result(), i, InterruptedIOException.class);
          assertThat(sending.interruptKept).isTrue();
          sending.client.close();
        });
  }

  @Test
  void aServerThatStopsReadingEndsTheMailAtTheTimeOut() throws Exception {
    Path large = Conversation.message(folder, ("y".repeat(998) + "\n").repeat(20_000));
    ScriptedServer server = Conversation.upTo(TALK, 8).send("354 go\r\n").deaf();
    Sending sending = new Sending(server, 8, large, Duration.ofMillis(500));
    IOException e = sending.result();
    assertThat(e).isInstanceOf(SmtpException.class).hasMessageContaining("no progress in sending");
    assertThat(((SmtpException) e).id()).isEqualTo("E-SMTP-TIMEOUT");
    assertThat(((SmtpException) e).stage()).isEqualTo(SmtpStage.DATA);
    sending.client.close();
    server.close();
  }

  @Test
  void closingTheClientEndsAConnectThatHangs() throws Exception {
    CountDownLatch connecting = new CountDownLatch(1);
    SmtpClient client = Conversation.client(1).sockets(new HangingSockets(connecting)).build();
    CompletableFuture<IOException> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> result.complete(failure(client, mail)));
    thread.start();
    assertThat(connecting.await(10, TimeUnit.SECONDS)).isTrue();
    client.close();
    assertThat(result.get(5, TimeUnit.SECONDS)).hasMessageContaining("SmtpClient.close()");
  }

  private static void check(IOException thrown, int number, Class<? extends IOException> kind) {
    if (TALK.get(number).stage() == SmtpStage.FINAL) {
      assertThat(thrown).isInstanceOf(SmtpException.class).hasCauseInstanceOf(kind);
      assertThat(((SmtpException) thrown).id()).isEqualTo("E-SMTP-UNKNOWN");
    } else {
      assertThat(thrown).isInstanceOf(kind);
    }
  }

  private static IOException failure(SmtpClient client, Path mail) {
    try {
      client.send(mail, "me@here", Conversation.TO);
      return new IOException("sent");
    } catch (IOException e) {
      return e;
    }
  }

  private static Stream<DynamicTest> everyStage(Play play) {
    return Conversation.failing(TALK).stream()
        .map(i -> DynamicTest.dynamicTest(TALK.get(i).toString(), () -> play.at(i)));
  }

  @FunctionalInterface
  private interface Play {
    void at(int number) throws Exception;
  }

  /** A mail on a thread of its own, up to the exchange in which the server falls silent. */
  private static final class Sending {
    private final CountDownLatch waiting;
    private final CompletableFuture<IOException> result = new CompletableFuture<>();
    private final SmtpClient client;
    private final Thread thread;
    private volatile boolean interruptKept;

    Sending(ScriptedServer server, int silent, Path mail) {
      this(server, silent, mail, Duration.ofSeconds(30));
    }

    Sending(ScriptedServer server, int silent, Path mail, Duration timeout) {
      SmtpStage before = silent == 0 ? SmtpStage.CONNECT : TALK.get(silent - 1).stage();
      long times = TALK.subList(0, silent).stream().filter(e -> e.stage() == before).count();
      waiting = new CountDownLatch(Math.max(1, (int) times));
      client =
          Conversation.client(server)
              .timeout(timeout)
              .listener(new StageListener(before, waiting))
              .build();
      thread =
          new Thread(
              () -> {
                IOException failure = failure(client, mail);
                interruptKept = Thread.currentThread().isInterrupted();
                result.complete(failure);
              });
      thread.start();
    }

    void awaitStage() throws InterruptedException {
      assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
    }

    IOException result() throws InterruptedException, ExecutionException, TimeoutException {
      return result.get(5, TimeUnit.SECONDS);
    }
  }

  /** Tells when the stage before the silence is over. */
  private record StageListener(SmtpStage before, CountDownLatch waiting) implements SmtpListener {
    @Override
    public void stage(SmtpStage stage, Duration took, String detail) {
      if (stage == before) waiting.countDown();
    }
  }

  private static final class HangingSockets extends SocketFactory {
    private final CountDownLatch connecting;

    HangingSockets(CountDownLatch connecting) {
      this.connecting = connecting;
    }

    @Override
    public Socket createSocket() {
      CountDownLatch closed = new CountDownLatch(1);
      return new Socket() {
        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
          connecting.countDown();
          try {
            closed.await();
          } catch (InterruptedException e) {
            throw new InterruptedIOException();
          }
          throw new SocketException("Socket closed");
        }

        @Override
        public synchronized void close() throws IOException {
          closed.countDown();
          super.close();
        }
      };
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new AssertionError();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress own, int ownPort) {
      throw new AssertionError();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new AssertionError();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress own, int ownPort) {
      throw new AssertionError();
    }
  }
}
