package io.espat.interop;

import io.espat.interop.Scenario.Kind;
import io.espat.interop.Scenario.Traffic;
import io.espat.tls.TlsUpgrader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** The device's end of one link of the soak: returns how it went, in the words of the failure. */
final class SoakLink {
  private static final int READ_TIMEOUT = 4000;
  private static final int NOBODY = 1; // a port below 1024 that nobody serves

  private final Traffic traffic;
  private final SocketFactory sockets;
  private final @Nullable TlsUpgrader tls;
  private final SoakPeer peer;
  private final boolean mayBeCutInAFrame;
  private volatile @Nullable Socket socket;

  /** Prepares a link; {@code mayBeCutInAFrame} as {@link Scenario#mayBeCutInAFrame} says. */
  SoakLink(
      Traffic traffic,
      SocketFactory sockets,
      @Nullable TlsUpgrader tls,
      SoakPeer peer,
      boolean mayBeCutInAFrame) {
    this.mayBeCutInAFrame = mayBeCutInAFrame;
    this.traffic = traffic;
    this.sockets = sockets;
    this.tls = tls;
    this.peer = peer;
  }

  /** Bytes that came and are not those that were sent, or an end where there was none. */
  static final class WrongBytes extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongBytes(String what) {
      super(what);
    }
  }

  /** The stream ended before all was here, in good order as far as the engine says. */
  static final class EarlyEnd extends IOException {
    private static final long serialVersionUID = 1L;

    EarlyEnd(String what) {
      super(what);
    }
  }

  /** Moves everything and compares it; whatever is thrown is what a caller would have been told. */
  void run() throws IOException {
    try (Socket connected = connect()) {
      if (traffic.kind() == Kind.REFUSED) {
        throw new WrongBytes("connected to a port where nobody listens");
      }
      InputStream in = connected.getInputStream();
      OutputStream out = connected.getOutputStream();
      if (traffic.kind() == Kind.DIALOGUE) {
        dialogue(in, out);
      } else {
        bulk(in, out);
      }
      int more = in.read();
      if (more >= 0) {
        throw new WrongBytes("a byte came behind the last one: " + more);
      }
    }
  }

  /** Whether a failure is what a connection to nobody has to end in. */
  boolean refused(Throwable failure) {
    return traffic.kind() == Kind.REFUSED && failure instanceof ConnectException;
  }

  /** What the peer got that was not sent, if anything. */
  @Nullable String wrong() {
    return peer.wrong();
  }

  /** Closes the socket in whatever it is doing. */
  void closeSocket() {
    Socket open = socket;
    if (open != null) {
      closeQuietly(open);
    }
  }

  private Socket connect() throws IOException {
    int port = traffic.kind() == Kind.REFUSED ? NOBODY : peer.port();
    Socket plain = sockets.createSocket("peer.test", port);
    socket = plain;
    boolean connected = false;
    try {
      plain.setSoTimeout(READ_TIMEOUT);
      Socket result = tls == null ? plain : tls.upgrade(plain, "peer.test");
      socket = result;
      connected = true;
      return result;
    } finally {
      if (!connected) {
        closeQuietly(plain);
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // the failure that led here is the one that counts
    }
  }

  private void dialogue(InputStream in, OutputStream out) throws IOException {
    byte[] questions = SoakPeer.upward(traffic);
    byte[] answers = SoakPeer.downward(traffic);
    for (int done = 0; done < traffic.size(); ) {
      int count = SoakPeer.round(traffic, done);
      out.write(questions, done, count);
      out.flush();
      take(in, answers, done, count);
      done += count;
    }
    confirmed(in, questions);
  }

  private void bulk(InputStream in, OutputStream out) throws IOException {
    CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);
    byte[] upward = SoakPeer.upward(traffic);
    if (traffic.kind() != Kind.DOWNLOAD) {
      sent =
          SoakPeer.inBackground(
              () -> {
                out.write(upward);
                out.flush();
              });
    }
    try {
      if (traffic.kind() != Kind.UPLOAD) {
        take(in, SoakPeer.downward(traffic), 0, traffic.size());
      }
      if (traffic.kind() != Kind.DOWNLOAD) {
        confirmed(in, upward);
      }
      sent.join();
    } catch (CompletionException e) {
      throw new IOException("sending: " + e.getCause().getMessage(), e.getCause());
    }
  }

  /** The peer says the SHA-256 of what it got. */
  private void confirmed(InputStream in, byte[] sent) throws IOException {
    take(in, SoakPeer.digest(sent), 0, SoakPeer.DIGEST);
  }

  private void take(InputStream in, byte[] expected, int from, int count) throws IOException {
    byte[] buffer = new byte[Math.max(1, count)];
    for (int done = 0; done < count; ) {
      int run = in.read(buffer, 0, count - done);
      if (run < 0) {
        throw new EarlyEnd("ended after " + (from + done) + " of " + expected.length + " bytes");
      }
      if (!Arrays.equals(buffer, 0, run, expected, from + done, from + done + run)) {
        if (mayBeCutInAFrame) {
          in.transferTo(OutputStream.nullOutputStream()); // an error must follow
        }
        throw new WrongBytes(
            "other bytes than were sent, within " + run + " from " + (from + done));
      }
      done += run;
    }
  }
}
