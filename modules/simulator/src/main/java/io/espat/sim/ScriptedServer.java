package io.espat.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that plays one conversation, for the replies that no honest server sends.
 *
 * <p>Steps are played in the order in which they are added, by a thread of the server's own, and
 * may be added while it plays. {@link #awaitSuccess()} ends the script and hands the first mismatch
 * to the test. A step that waits for the client gives up after ten seconds. Text is ISO 8859-1: one
 * character is one byte.
 *
 * <pre>{@code
 * ScriptedServer server = new ScriptedServer()
 *     .send("220 mail.test ESMTP\r\n")
 *     .expectLine("EHLO .*").send("250-mail.test\r\n250 STARTTLS\r\n")
 *     .expectLine("STARTTLS").send("454 not now\r\n")
 *     .awaitClose();
 * // ... the client connects to server.port() ...
 * server.awaitSuccess();
 * }</pre>
 */
public final class ScriptedServer implements AutoCloseable {
  /** How long a step waits for the client. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ServerSocket listening;
  private final LinkedBlockingQueue<Step> script = new LinkedBlockingQueue<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> verdict = new CompletableFuture<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream(); // guarded by itself
  private final ByteArrayOutputStream inClear = new ByteArrayOutputStream(); // guarded by heard
  private volatile ScriptedPeer peer = ScriptedPeer.NONE;

  /** Listens on a free port of the loopback address and waits for its first client. */
  public ScriptedServer() throws IOException {
    listening = new ServerSocket();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    Thread player = new Thread(this::play, "scripted-server-" + port());
    player.setDaemon(true);
    player.start();
  }

  /** The port to connect to, on the loopback address. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Waits for a line that matches the whole of this expression, its line end left out. */
  public ScriptedServer expectLine(String regex) {
    Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
    return step(
        "expect line " + regex,
        peer -> {
          String line = peer.line();
          log.add("< " + line);
          if (!pattern.matcher(line).matches()) {
            throw new AssertionError("expected a line like " + regex + " but heard " + line);
          }
        });
  }

  /** Takes lines up to and with the one that matches: a mail's text up to its final dot. */
  public ScriptedServer skipUntil(String regex) {
    Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
    return step(
        "skip until " + regex,
        peer -> {
          String line = peer.line();
          while (!pattern.matcher(line).matches()) line = peer.line();
          log.add("< ... " + line);
        });
  }

  /** Takes at least this many bytes, whatever they are. */
  public ScriptedServer skipBytes(int count) {
    return step("skip " + count + " bytes", peer -> peer.skip(count));
  }

  /** Sends the text as it stands; line ends are the caller's. */
  public ScriptedServer send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends these bytes. */
  public ScriptedServer send(byte[] bytes) {
    byte[] copy = bytes.clone();
    return step(
        "send " + copy.length + " bytes",
        peer -> {
          log.add("> " + new String(copy, StandardCharsets.ISO_8859_1));
          peer.send(copy, 0, copy.length);
        });
  }

  /**
   * Sends the text byte by byte, each in a write of its own, with this pause between them. Stops
   * without failing when the client leaves.
   */
  public ScriptedServer drip(String text, Duration pause) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return step(
        "drip " + bytes.length + " bytes",
        peer -> {
          for (int i = 0; i < bytes.length; i++) {
            if (!peer.trySend(bytes, i, 1)) return;
            if (closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) return;
          }
        });
  }

  /** Negotiates TLS as the server; the step fails when the client refuses. */
  public ScriptedServer startTls(SSLContext context) {
    return step("start TLS", peer -> peer.startTls(context));
  }

  /** Offers TLS and expects the client to refuse it or to leave. */
  public ScriptedServer startTlsRefused(SSLContext context) {
    return step(
        "start TLS, to be refused",
        peer -> {
          try {
            peer.startTls(context);
          } catch (IOException e) {
            log.add("= refused: " + e.getMessage());
            return;
          }
          // TLS 1.3: the server is done before the client has looked at the certificate
          if (peer.heardUntilEnd() > 0) throw new AssertionError("the client accepted and spoke");
        });
  }

  /** Ends the connection in order: close_notify where TLS is on, then FIN. */
  public ScriptedServer hangUp() {
    return step("hang up", ScriptedPeer::hangUp);
  }

  /** Ends the connection without close_notify, as a crash or a broken path does. */
  public ScriptedServer cut() {
    return step("cut", ScriptedPeer::cut);
  }

  /** Ends the connection with a TCP reset. */
  public ScriptedServer reset() {
    return step("reset", ScriptedPeer::reset);
  }

  /** Says nothing more, takes what the client sends, and waits until the client leaves. */
  public ScriptedServer stall() {
    return step(
        "stall",
        peer -> {
          peer.heardUntilEnd();
          peer.hangUp();
        });
  }

  /** Stops reading and writing, with the connection open, until the server is closed. */
  public ScriptedServer deaf() {
    return step("play deaf", peer -> closing.await());
  }

  /** Expects the client to leave without another byte. */
  public ScriptedServer awaitClose() {
    return step(
        "await close",
        peer -> {
          int more = peer.heardUntilEnd();
          peer.hangUp();
          if (more > 0) throw new AssertionError("expected the end but heard " + more + " bytes");
        });
  }

  /** Ends this connection, if it is still open, and waits for the next client. */
  public ScriptedServer nextClient() {
    script.add(new Step("next client", null));
    return this;
  }

  /** Everything the client said, before TLS and inside it, as ISO 8859-1. */
  public String heard() {
    synchronized (heard) {
      return heard.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /** What the client said before TLS was on: what anyone on the path could read. */
  public String heardInClear() {
    synchronized (heard) {
      return inClear.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * Ends the script and waits until it has been played.
   *
   * @throws AssertionError for the first step that went otherwise, with the conversation so far
   */
  public void awaitSuccess() throws IOException {
    script.add(new Step("end", null));
    try {
      verdict.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("the script was not played to its end: " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the script was played", e);
    } finally {
      close();
    }
  }

  /** Ends every connection and stops listening; the script stops where it is. */
  @Override
  public void close() throws IOException {
    closing.countDown();
    script.add(new Step("end", null)); // or the player waits for more of the script for ever
    listening.close();
    peer.cut();
  }

  private ScriptedServer step(String name, Action action) {
    script.add(new Step(name, action));
    return this;
  }

  private void play() {
    String doing = "accept";
    try {
      peer = accept();
      Step step = script.take();
      while (!step.name().equals("end")) {
        doing = step.name();
        if (step.action() == null) {
          peer.hangUp();
          peer = accept();
        } else {
          step.action().play(peer);
        }
        step = script.take();
      }
      peer.hangUp();
      verdict.complete(null);
    } catch (IOException | InterruptedException | AssertionError e) {
      peer.cut();
      String story = doing + ": " + e.getMessage() + "\nuntil then:\n" + String.join("\n", log);
      verdict.completeExceptionally(new AssertionError(story, e));
    }
  }

  private ScriptedPeer accept() throws IOException {
    Socket socket = listening.accept();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return new ScriptedPeer(socket, this::record);
  }

  private void record(int octet, boolean clear) {
    synchronized (heard) {
      heard.write(octet);
      if (clear) inClear.write(octet);
    }
  }

  private record Step(String name, @Nullable Action action) {}

  @FunctionalInterface
  private interface Action {
    void play(ScriptedPeer peer) throws IOException, InterruptedException;
  }
}
