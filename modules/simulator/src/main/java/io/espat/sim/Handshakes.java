package io.espat.sim;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The TLS handshakes under way, of links that are no links yet; loop thread only. */
final class Handshakes {
  private final EventLoop loop;
  private final List<TlsHandshake> running = new ArrayList<>();

  Handshakes(EventLoop loop) {
    this.loop = loop;
  }

  /** Begins one on a connected socket; the verdict comes later, or never if it is abandoned. */
  TlsHandshake begin(LinkChannel socket, LinkSecurity.Security security, TlsHandshake.Verdict then)
      throws IOException {
    TlsHandshake handshake = new TlsHandshake(security.over(socket), loop, then);
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

  void drop() {
    running.forEach(TlsHandshake::abandon);
    running.clear();
  }
}
