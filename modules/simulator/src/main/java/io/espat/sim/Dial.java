package io.espat.sim;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** One dial: a TCP connection and, where it is wanted, TLS on it; loop thread only. */
final class Dial {
  /** Hears once how it ended: with a channel, or with the refusal to print. */
  interface Ended {
    void ended(@Nullable LinkChannel channel, Refusal why);
  }

  private static final Logger LOG = LogManager.getLogger(Dial.class);
  private static final int REFUSED = 0x68; // lwIP's ECONNRESET, as recorded for a closed port
  private static final int NOT_REACHED = 0x8004; // what esp-tls makes of any failed connection

  private final Firmware firmware;
  private final Server.Carrier carrier;
  private final Handshakes handshakes;
  private final LinkSecurity.@Nullable Security security;
  private final Ended then;
  private @Nullable SocketChannel socket;
  private @Nullable TlsHandshake handshake;

  Dial(
      Firmware firmware,
      Server.Carrier carrier,
      Handshakes handshakes,
      LinkSecurity.@Nullable Security security,
      Ended then) {
    this.firmware = firmware;
    this.carrier = carrier;
    this.handshakes = handshakes;
    this.security = security;
    this.then = then;
  }

  /** Begins; the end may come at once. */
  void start(EventLoop loop, InetSocketAddress to) {
    SocketChannel made;
    try {
      made = SocketChannel.open();
    } catch (IOException e) {
      LOG.warn("no socket for the simulated module: {}", e.getMessage());
      then.ended(null, Refusal.plain());
      return;
    }
    socket = made;
    try {
      prepare(made, firmware);
      SelectionKey key = loop.watch(made, 0, () -> {});
      if (made.connect(to)) {
        connected(made, key);
      } else {
        key.attach((Runnable) () -> finish(made, key));
        EventLoop.want(key, SelectionKey.OP_CONNECT);
      }
    } catch (IOException e) {
      failed(e);
    } catch (UnsupportedAddressTypeException e) {
      failed(new IOException("this computer has no IPv6", e));
    }
  }

  /** Small buffers, so that the peer feels the module's window and SEND OK means what it means. */
  static void prepare(SocketChannel socket, Firmware firmware) throws IOException {
    socket.configureBlocking(false);
    socket.setOption(StandardSocketOptions.SO_RCVBUF, firmware.window);
    socket.setOption(StandardSocketOptions.SO_SNDBUF, firmware.window);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  private void finish(SocketChannel made, SelectionKey key) {
    try {
      if (made.finishConnect()) {
        connected(made, key);
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private void connected(SocketChannel made, SelectionKey key) throws IOException {
    LinkChannel plain = carrier.of(made, key);
    if (security == null) {
      then.ended(plain, Refusal.plain());
    } else {
      handshake =
          handshakes.begin(
              plain,
              security,
              (channel, why) ->
                  then.ended(
                      why == null ? channel : null, why == null ? Refusal.plain() : why.refusal()));
    }
  }

  private void failed(IOException why) {
    LOG.debug("dialling from the simulated module: {}", why.getMessage());
    abandon();
    if (why instanceof ConnectException) {
      then.ended(null, Refusal.errno(security == null ? REFUSED : NOT_REACHED));
    } else {
      then.ended(null, Refusal.plain());
    }
  }

  /** Whether the connection is there and TLS is under way, which has limits of its own. */
  boolean shakesHands() {
    return handshake != null;
  }

  /** Gives it up without a word. */
  void abandon() {
    if (handshake != null) {
      handshake.abandon();
    }
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.debug("closing a socket that never connected: {}", e.getMessage());
    }
  }
}
