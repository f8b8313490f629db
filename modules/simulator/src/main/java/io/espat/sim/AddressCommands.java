package io.espat.sim;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The addresses of the station and of its name servers. */
final class AddressCommands {
  private final Setup setup;
  private final EventLoop loop;
  private final Uart uart;
  private final Memory memory;
  private final Station station;
  private final Links links;

  AddressCommands(Parts parts) {
    setup = parts.setup();
    loop = parts.loop();
    uart = parts.uart();
    memory = parts.memory();
    station = parts.station();
    links = parts.links();
    station.whenAddressed(this::saySix);
  }

  void register(CommandTable table) {
    table
        .execute("AT+CIFSR", nothing -> addresses())
        .query("AT+CIPSTAMAC", nothing -> uart.say("+CIPSTAMAC:\"" + mac() + "\"\r\n"))
        .set("AT+CIPSTAMAC", this::mac)
        .query("AT+CIPSTA", nothing -> station())
        .set("AT+CIPSTA", this::station)
        .query("AT+CIPDNS", nothing -> nameServers())
        .set("AT+CIPDNS", this::nameServers)
        .query("AT+CIPV6", nothing -> uart.say("+CIPV6:" + (memory.kept().six ? 1 : 0) + "\r\n"))
        .set("AT+CIPV6", this::six);
  }

  private boolean six() {
    return memory.kept().six && station.joined();
  }

  private void six(Arguments given) throws Refusal {
    boolean was = memory.kept().six;
    memory.kept().six = BasicCommands.flag(given);
    memory.store();
    if (!was) {
      loop.post(this::saySix);
    }
  }

  private void saySix() {
    if (six()) {
      links.words().status("WIFI GOT IPv6 LL\r\n");
      links.words().status("WIFI GOT IPv6 GL\r\n");
    }
  }

  /** The addresses in force: given by hand, by DHCP, or none. */
  private Kept.Addresses now() {
    Kept.Addresses fixed = memory.kept().fixed;
    if (fixed != null && (memory.kept().dhcp & 1) == 0) {
      return fixed;
    }
    return station.joined() ? Kept.Addresses.BY_DHCP : Kept.Addresses.NONE;
  }

  private String mac() {
    return memory.kept().mac;
  }

  /** Changes the address of the station's radio, which must be nobody else's group. */
  private void mac(Arguments given) throws Refusal {
    given.count(1, 1);
    String wanted = given.text(0, 17);
    if (!wanted.matches("[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}")
        || !memory.kept().station()) {
      throw Refusal.plain();
    }
    memory.kept().mac = wanted.toLowerCase(Locale.ROOT);
    memory.store();
  }

  /** The address in a network that follows from the MAC (RFC 4291, appendix A). */
  private String six(String network) {
    String[] octets = mac().split(":");
    int first = Integer.parseInt(octets[0], 16) ^ 2;
    String own =
        String.format(
            "%x%s:%sff:fe%s:%s%s", first, octets[1], octets[2], octets[3], octets[4], octets[5]);
    InetAddress address = Family.literal(network + "::" + own);
    return Family.text(Objects.requireNonNull(address));
  }

  private void addresses() {
    if (memory.kept().station()) {
      uart.say("+CIFSR:STAIP,\"" + now().ip() + "\"\r\n");
      if (six()) {
        uart.say("+CIFSR:STAIP6LL,\"" + six("FE80") + "\"\r\n");
        uart.say("+CIFSR:STAIP6GL,\"" + six("2001:DB8") + "\"\r\n");
      }
      uart.say("+CIFSR:STAMAC,\"" + mac() + "\"\r\n");
    }
  }

  private void station() {
    Kept.Addresses now = now();
    uart.say("+CIPSTA:ip:\"" + now.ip() + "\"\r\n");
    uart.say("+CIPSTA:gateway:\"" + now.gateway() + "\"\r\n");
    uart.say("+CIPSTA:netmask:\"" + now.mask() + "\"\r\n");
    if (six()) {
      uart.say("+CIPSTA:ip6ll:\"" + six("FE80") + "\"\r\n");
      uart.say("+CIPSTA:ip6gl:\"" + six("2001:DB8") + "\"\r\n");
    }
  }

  /** Gives the station an address by hand; that ends DHCP for it. */
  private void station(Arguments given) throws Refusal {
    given.count(1, 3);
    if (given.count() == 2 || !memory.kept().station()) {
      throw Refusal.plain();
    }
    String ip = address(given, 0);
    boolean all = given.count() == 3;
    String gateway = all ? address(given, 1) : ip.substring(0, ip.lastIndexOf('.')) + ".1";
    String mask = all ? address(given, 2) : "255.255.255.0";
    memory.kept().fixed = new Kept.Addresses(ip, gateway, mask);
    memory.kept().dhcp &= ~1;
    memory.store();
  }

  private static String address(Arguments given, int index) throws Refusal {
    String text = given.text(index, 15);
    if (Resolver.literal(text) == null) {
      throw Refusal.plain();
    }
    return text;
  }

  private void nameServers() {
    List<String> byHand = memory.kept().nameServers;
    List<String> servers = byHand.isEmpty() ? usual() : byHand;
    uart.say(
        "+CIPDNS:" + (byHand.isEmpty() ? 0 : 1) + ",\"" + String.join("\",\"", servers) + "\"\r\n");
  }

  private List<String> usual() {
    boolean newer = setup.firmware().has(Trait.DIAL_TIMEOUT); // both came with 4.1
    return List.of("10.0.2.3", newer ? "114.114.114.114" : "208.67.222.222", "8.8.8.8");
  }

  private void nameServers(Arguments given) throws Refusal {
    given.count(1, 4);
    List<String> servers = new ArrayList<>();
    boolean byHand = given.number(0, 0, 1) == 1;
    for (int i = 1; i < given.count(); i++) {
      servers.add(address(given, i));
    }
    if (!byHand && !servers.isEmpty()) {
      throw Refusal.plain();
    }
    memory.kept().nameServers = byHand && servers.isEmpty() ? usual() : List.copyOf(servers);
    memory.store();
  }
}
