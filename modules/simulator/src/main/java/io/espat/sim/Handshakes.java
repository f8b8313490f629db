package io.espat.sim;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The TLS handshakes under way, of links that are no links yet; loop thread only. */
final class Handshakes {
  /** How long the firmware waits for the peer's next word. */
  private static final Duration READ_LIMIT = Duration.ofSeconds(10);

  private final EventLoop loop;
  private final Duration limit;
  private final List<TlsHandshake> running = new ArrayList<>();

  Handshakes(EventLoop loop) {
    this(loop, READ_LIMIT);
  }

  Handshakes(EventLoop loop, Duration limit) {
    this.loop = loop;
    this.limit = limit;
  }

  /** Begins one on a connected socket; the verdict comes later, or never if it is abandoned. */
  TlsHandshake begin(LinkChannel socket, LinkSecurity.Security security, TlsHandshake.Verdict then)
      throws IOException {
    TlsHandshake handshake = new TlsHandshake(security.over(socket), loop, limit, then);
    running.add(handshake);
    loop.post(handshake::proceed);
    return handshake;
  }

  /** Goes on with those whose peer has answered. */
  void serve() {
    for (TlsHandshake one : List.copyOf(running)) {
      one.serve();
    }
  }

  int count() {
    running.removeIf(TlsHandshake::ended);
    return running.size();
  }

  void want() {
    running.removeIf(TlsHandshake::ended);
    running.forEach(TlsHandshake::want);
  }

  /** Leaves them alone. */
  void rest() {
    running.forEach(TlsHandshake::rest);
  }

  void drop() {
    running.forEach(TlsHandshake::abandon);
    running.clear();
  }
}
