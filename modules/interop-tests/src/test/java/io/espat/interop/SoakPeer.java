package io.espat.interop;

import io.espat.interop.Scenario.Kind;
import io.espat.interop.Scenario.Traffic;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The far end of one link of the soak: it knows every byte that it must get, so anything lost,
 * doubled, reordered or changed is seen here, and answers with the SHA-256 of what it got.
 */
final class SoakPeer implements AutoCloseable {
  static final int DIGEST = 32;
  private static final int ROUND = 700;

  private final ServerSocket listener;
  private final Traffic traffic;
  private final @Nullable SSLContext tls;
  private volatile @Nullable Socket socket;
  private volatile @Nullable String wrong;

  SoakPeer(Traffic traffic, @Nullable SSLContext tls) throws IOException {
    this.traffic = traffic;
    this.tls = tls;
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    start("soak peer", this::serve);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** What was wrong with the bytes that arrived, if anything. */
  @Nullable String wrong() {
    return wrong;
  }

  /** What the device sends. */
  static byte[] upward(Traffic traffic) {
    return bytes(traffic.seed(), traffic);
  }

  /** What the peer sends. */
  static byte[] downward(Traffic traffic) {
    return bytes(~traffic.seed(), traffic);
  }

  private static byte[] bytes(long seed, Traffic traffic) {
    byte[] bytes = new byte[traffic.size()];
    Random random = new Random(seed);
    random.nextBytes(bytes);
    if (traffic.pluses()) {
      strew(random, bytes);
    }
    return bytes;
  }

  /**
   * Runs of plus signs, at the end of each question of a dialogue and of the whole among others.
   */
  private static void strew(Random random, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += 1 + random.nextInt(ROUND / 2)) {
      Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(9)), (byte) '+');
    }
    Arrays.fill(bytes, Math.max(0, bytes.length - random.nextInt(5)), bytes.length, (byte) '+');
  }

  /** The lengths of the questions of a dialogue, each answered by as many bytes. */
  static int round(Traffic traffic, int done) {
    return Math.min(1 + (done * 31 + traffic.size()) % ROUND, traffic.size() - done);
  }

  static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void serve() {
    try (Socket accepted = listener.accept()) {
      socket = accepted;
      accepted.setTcpNoDelay(true);
      Socket talking = tls == null ? accepted : secured(accepted, tls);
      talk(talking.getInputStream(), talking.getOutputStream());
      talking.shutdownOutput();
      talking.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException | CompletionException e) {
      // the link broke, as it may; what has arrived was right so far, or `wrong` says otherwise
    }
  }

  private static Socket secured(Socket accepted, SSLContext tls) throws IOException {
    SSLSocket secured =
        (SSLSocket) tls.getSocketFactory().createSocket(accepted, "peer.test", 0, true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    return secured;
  }

  private void talk(InputStream in, OutputStream out) throws IOException {
    if (traffic.kind() == Kind.DIALOGUE) {
      dialogue(in, out);
      return;
    }
    CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);
    if (traffic.kind() != Kind.UPLOAD) {
      sent = inBackground(() -> out.write(downward(traffic)));
    }
    if (traffic.kind() != Kind.DOWNLOAD) {
      byte[] got = take(in, upward(traffic), 0, traffic.size());
      sent.join();
      out.write(digest(got));
    }
    sent.join();
  }

  private void dialogue(InputStream in, OutputStream out) throws IOException {
    byte[] expected = upward(traffic);
    byte[] answers = downward(traffic);
    for (int done = 0; done < traffic.size(); ) {
      int count = round(traffic, done);
      take(in, expected, done, count);
      out.write(answers, done, count);
      done += count;
    }
    out.write(digest(expected));
  }

  /** Reads so many bytes, comparing each as it comes. */
  private byte[] take(InputStream in, byte[] expected, int from, int count) throws IOException {
    byte[] got = new byte[count];
    for (int done = 0; done < count; ) {
      int run = in.read(got, done, count - done);
      if (run < 0) {
        throw new EOFException();
      }
      if (!Arrays.equals(got, done, done + run, expected, from + done, from + done + run)) {
        wrong = "the peer got other bytes than were sent, within " + run + " from " + (from + done);
        throw new IOException(wrong);
      }
      done += run;
    }
    return got;
  }

  /** Work that may fail with the link. */
  interface Work {
    void run() throws IOException;
  }

  static CompletableFuture<Void> inBackground(Work work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    start(
        "soak background",
        () -> {
          try {
            work.run();
            done.complete(null);
          } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Socket open = socket;
    if (open != null) {
      open.close();
    }
  }
}
