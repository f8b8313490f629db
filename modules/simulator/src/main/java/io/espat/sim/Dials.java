package io.espat.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The one dial that may be under way, and the link that comes of it; loop thread only. */
final class Dials {
  /** Hears how a dial ended: with a link, or with the refusal to print. */
  interface Dialled {
    void result(@Nullable SimLink link, Refusal refusal);
  }

  private final Firmware firmware;
  private final EventLoop loop;
  private final Links links;
  private final StaleClosed stale;
  private @Nullable Dial running;

  Dials(Firmware firmware, EventLoop loop, Links links, StaleClosed stale) {
    this.firmware = firmware;
    this.loop = loop;
    this.links = links;
    this.stale = stale;
  }

  /** Dials, and makes TLS of the connection where that is given; the result comes now or later. */
  void dial(
      int id,
      InetAddress address,
      int port,
      LinkSecurity.@Nullable Security security,
      Dialled then) {
    stale.said();
    abandon(); // one that the module began by itself gives way
    Dial dial =
        new Dial(
            firmware,
            links::plain,
            links.handshakes(),
            security,
            (by, why) -> {
              running = null;
              then.result(by == null ? null : link(id, by, security), why);
              if (by == null) {
                stale.failed(id);
              }
            });
    running = dial;
    dial.start(loop, new InetSocketAddress(address, port));
  }

  private SimLink link(int id, LinkChannel by, LinkSecurity.@Nullable Security security) {
    SimLink link = links.open(id, by);
    link.security(security);
    return link;
  }

  /** Gives the running dial up. */
  void abandon() {
    Dial dial = running;
    running = null;
    if (dial != null) {
      dial.abandon();
    }
  }

  /** Whether the running dial has its connection and is at TLS, which has limits of its own. */
  boolean shakesHands() {
    return running != null && running.shakesHands();
  }

  /** Ends everything, as a restart does. */
  void drop() {
    abandon();
    stale.forget();
  }
}
