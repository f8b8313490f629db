package io.espat.sim;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** Opening links: in clear, in TLS, of datagrams; over IPv4 and IPv6. */
final class DialCommands {
  private static final Logger LOG = LogManager.getLogger(DialCommands.class);
  private static final int ALL = Firmware.LINKS;

  /** What a command asks for. */
  private record Wanted(
      int id, Family family, String host, int port, LinkSecurity.@Nullable Security tls) {}

  private final Setup setup;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final Links links;
  private final Resolver resolver;
  private final CommandPort port;
  private final LinkSecurity security;

  DialCommands(Parts parts) {
    setup = parts.setup();
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    links = parts.links();
    resolver = parts.resolver();
    port = parts.port();
    security = parts.security();
  }

  void register(CommandTable table) {
    table.setLater("AT+CIPSTART", this::start).setLater("AT+CIPSTARTEX", this::startAnywhere);
  }

  private void start(Arguments given) throws Refusal {
    boolean multiple = memory.settings().multiple;
    int id = multiple ? given.number(0, 0, ALL - 1) : 0;
    start(given, id, multiple ? 1 : 0);
  }

  private void startAnywhere(Arguments given) throws Refusal {
    int id = 0;
    while (memory.settings().multiple && id < ALL - 1 && links.at(id) != null) {
      id++;
    }
    start(given, id, 0);
  }

  /** Dials with the parameters from {@code first} on: type, host, port, and what the type adds. */
  private void start(Arguments given, int id, int first) throws Refusal {
    String type = given.text(first);
    String host = given.text(first + 1, 64);
    int number = given.number(first + 2, 1, 65535);
    Family family = family(type, host);
    if (type.startsWith("UDP")) {
      datagrams(given, new Wanted(id, family, host, number, null), first + 3);
    } else {
      connection(given, type, new Wanted(id, family, host, number, null), first + 3);
    }
  }

  /** The family that a type means; a literal of the other one does not go with it. */
  private Family family(String type, String host) throws Refusal {
    boolean six = type.endsWith("v6") && memory.kept().six;
    String kind = six ? type.substring(0, type.length() - 2) : type;
    if (!kind.equals("TCP") && !kind.equals("SSL") && !kind.equals("UDP")) {
      throw Refusal.word("Link type ERROR");
    }
    Family family = six ? Family.V6 : Family.V4;
    InetAddress literal = Family.literal(host);
    if (literal != null && !family.takes(literal)) {
      throw Refusal.plain();
    }
    return family;
  }

  private void connection(Arguments given, String type, Wanted wanted, int next) throws Refusal {
    int id = wanted.id();
    int keepAlive = given.number(next, 0, 7200, memory.kept().tcp[id].keepAlive());
    if (given.given(next + 1)) {
      given.text(next + 1);
    }
    int millis = given.number(next + 2, 0, 60_000, 0);
    given.count(next, next + (setup.firmware().has(Trait.DIAL_TIMEOUT) ? 3 : 2));
    mayDial(id, wanted.host());
    Kept.TcpOptions old = memory.kept().tcp[id];
    LinkSecurity.Security tls = type.startsWith("SSL") ? security.client(id, wanted.host()) : null;
    memory.kept().tcp[id] =
        new Kept.TcpOptions(old.linger(), old.noDelay(), old.sendTimeout(), keepAlive);
    dial(
        new Wanted(id, wanted.family(), wanted.host(), wanted.port(), tls),
        millis == 0 ? setup.pace().connect() : Duration.ofMillis(millis));
  }

  private void mayDial(int id, String host) throws Refusal {
    if (links.at(id) != null) {
      throw Refusal.word("ALREADY CONNECTED");
    }
    if (!station.joined()) {
      throw Refusal.word("no ip");
    }
    if (host.isEmpty() || memory.settings().passthrough && memory.settings().multiple) {
      throw Refusal.plain();
    }
  }

  private void dial(Wanted wanted, Duration limit) {
    links.reserve(wanted.id());
    Duration unheard = setup.pace().unheard();
    boolean dead = !links.reach().alive();
    Runnable timer =
        loop.after(
            dead && unheard.compareTo(limit) < 0 ? unheard : limit,
            port.guard(() -> expired(wanted.id())));
    resolver.lookup(
        wanted.host(), wanted.family(), port.guard(address -> resolved(wanted, address, timer)));
  }

  /** The limit is the connection's: TLS on it has its own. */
  private void expired(int id) {
    if (links.dials().shakesHands()) {
      return;
    }
    links.dials().abandon();
    failed(id, Refusal.plain());
  }

  private void resolved(Wanted wanted, @Nullable InetAddress address, Runnable timer) {
    if (address == null || !resolver.allows(address)) {
      timer.run();
      links.reserve(-1);
      port.refuse(address == null ? Refusal.word("DNS Fail") : Refusal.plain());
      return;
    }
    links.reach().whenBack(port.guard(() -> connect(wanted, address, timer)));
  }

  private void connect(Wanted wanted, InetAddress address, Runnable timer) {
    if (!links.reach().alive()) {
      return; // the module restarts
    }
    links
        .dials()
        .dial(
            wanted.id(),
            address,
            wanted.port(),
            wanted.tls(),
            (link, refusal) -> {
              timer.run();
              if (link == null) {
                failed(wanted.id(), refusal);
              } else {
                connected(link);
              }
            });
  }

  private void failed(int id, Refusal refusal) {
    links.reserve(-1);
    port.refuse(refusal);
    if (setup.firmware().has(Trait.CLOSED_AFTER_FAILED_DIAL)) {
      uart.say((memory.settings().multiple ? id + "," : "") + "CLOSED\r\n");
    }
  }

  private void connected(SimLink link) {
    links.reserve(-1);
    links.words().connected(link);
    port.done();
  }

  /** Opens a link of datagrams: behind the port stand a local port and who may be answered. */
  private void datagrams(Arguments given, Wanted wanted, int next) throws Refusal {
    int local = given.number(next, 1, 65535, 0);
    int mode = given.number(next + 1, 0, 2, 0);
    if (given.given(next + 2)) {
      given.text(next + 2);
    }
    given.count(next, next + 3);
    mayDial(wanted.id(), wanted.host());
    if (mode != 0 && memory.settings().passthrough) {
      throw Refusal.plain();
    }
    resolver.lookup(
        wanted.host(), wanted.family(), port.guard(address -> bound(wanted, address, local, mode)));
  }

  private void bound(Wanted wanted, @Nullable InetAddress address, int local, int mode) {
    if (address == null || !resolver.allows(address)) {
      port.refuse(address == null ? Refusal.word("DNS Fail") : Refusal.plain());
      return;
    }
    try {
      InetSocketAddress remote = new InetSocketAddress(address, wanted.port());
      DatagramChannel channel = bind(wanted.family(), local);
      connected(
          links.open(
              wanted.id(),
              new UdpChannel(channel, loop, links.reach(), setup.firmware().window, remote, mode)));
    } catch (IOException e) {
      LOG.debug("no datagrams for the simulated module: {}", e.getMessage());
      port.refuse(Refusal.plain());
    }
  }

  private DatagramChannel bind(Family family, int local) throws IOException {
    DatagramChannel channel = datagrams(family);
    try {
      channel.configureBlocking(false);
      InetAddress here = setup.allowNetwork() ? null : family.loopback();
      try {
        channel.bind(new InetSocketAddress(here, local));
      } catch (IOException e) {
        LOG.debug("port {} is not to be had: {}", local, e.getMessage());
        channel.bind(new InetSocketAddress(here, 0));
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static DatagramChannel datagrams(Family family) throws IOException {
    try {
      return DatagramChannel.open(
          family == Family.V6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
    } catch (UnsupportedOperationException e) {
      throw new IOException("this computer has no IPv6", e);
    }
  }
}
