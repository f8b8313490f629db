package io.espat.sim;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The passthrough: how it begins, also by itself after a start, and its two intervals. */
final class PassthroughCommands {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Parts parts;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Links links;
  private final CommandPort port;
  private Runnable again = () -> {}; // takes the next attempt back

  PassthroughCommands(Parts parts) {
    this.parts = parts;
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    links = parts.links();
    port = parts.port();
    parts.station().whenAddressed(this::resume);
  }

  void register(CommandTable table) {
    table
        .executeLater("AT+CIPSEND", nothing -> begin())
        .query("AT+TRANSINTVL", nothing -> say("TRANSINTVL", memory.settings().transferInterval))
        .set("AT+TRANSINTVL", this::transferInterval)
        .query("AT+CIPRECONNINTV", nothing -> say("CIPRECONNINTV", memory.kept().reconnectInterval))
        .set("AT+CIPRECONNINTV", this::reconnectInterval)
        .set("AT+SAVETRANSLINK", this::save);
  }

  private void say(String name, int value) {
    uart.say("+" + name + ":" + value + "\r\n");
  }

  private void begin() throws Refusal {
    SimLink link = links.at(0);
    if (!links.raw() || link == null) {
      throw Refusal.plain();
    }
    port.prompt(new Passthrough(parts, link));
  }

  private void transferInterval(Arguments given) throws Refusal {
    given.count(1, 1);
    memory.settings().transferInterval = given.number(0, 0, 1000);
  }

  private void reconnectInterval(Arguments given) throws Refusal {
    given.count(1, 1);
    memory.kept().reconnectInterval = given.number(0, 1, 36_000);
    memory.store();
  }

  /** Names the link that the module dials by itself after each start; 0 none. */
  private void save(Arguments given) throws Refusal {
    given.count(1, 6);
    if (given.number(0, 0, 1) == 0) {
      memory.storeAlways(kept -> kept.savedLink = null);
      return;
    }
    given.count(3, 6);
    String host = given.text(1, 64);
    int number = given.number(2, 1, 65535);
    String type = given.given(3) ? given.text(3) : "TCP";
    int keepAlive = given.number(4, 0, 7200, 0);
    if (host.isEmpty() || !type.equals("TCP")) {
      throw Refusal.plain();
    }
    Kept.SavedLink link = new Kept.SavedLink(host, number, keepAlive);
    memory.storeAlways(kept -> kept.savedLink = link);
  }

  /** Dials the link that was saved, again and again, and begins its passthrough. */
  private void resume() {
    again.run();
    Kept.SavedLink saved = memory.kept().savedLink;
    if (saved == null || !parts.station().joined() || links.at(0) != null || !port.idle()) {
      return;
    }
    parts.resolver().lookup(saved.host(), Family.V4, address -> dial(saved, address));
  }

  private void dial(Kept.SavedLink saved, @Nullable InetAddress address) {
    if (address == null || !parts.resolver().allows(address) || !links.reach().alive()) {
      again();
      return;
    }
    links
        .dials()
        .dial(
            0,
            address,
            saved.port(),
            null,
            (link, refusal) -> {
              if (link == null) {
                again();
              } else {
                enter(link);
              }
            });
  }

  /** Begins the passthrough once no command runs that the host gave meanwhile. */
  private void enter(SimLink link) {
    if (links.at(0) != link) {
      return;
    }
    if (port.idle()) {
      memory.settings().passthrough = true;
      port.enter(new Passthrough(parts, link));
    } else {
      again = loop.after(LOOK_AGAIN, () -> enter(link));
    }
  }

  private void again() {
    Duration interval = Duration.ofMillis(100L * memory.kept().reconnectInterval);
    again = loop.after(interval, this::resume);
  }
}
