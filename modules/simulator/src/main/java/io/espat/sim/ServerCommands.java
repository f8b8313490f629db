package io.espat.sim;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** The module's server: made, limited, asked for and ended. */
final class ServerCommands {
  private static final int DEFAULT_PORT = 333;

  private final Setup setup;
  private final Uart uart;
  private final Memory memory;
  private final Links links;
  private final Server server;
  private final LinkSecurity security;
  private String listed = ""; // of AT+CIPSERVER?

  ServerCommands(Parts parts) {
    setup = parts.setup();
    uart = parts.uart();
    memory = parts.memory();
    links = parts.links();
    server = links.server();
    security = parts.security();
  }

  void register(CommandTable table) {
    table
        .query("AT+CIPSERVER", nothing -> list())
        .set("AT+CIPSERVER", this::server)
        .query("AT+CIPSERVERMAXCONN", nothing -> say("CIPSERVERMAXCONN", server.limit()))
        .set("AT+CIPSERVERMAXCONN", this::limit)
        .query("AT+CIPSTO", nothing -> say("CIPSTO", server.idle().toSeconds()))
        .set("AT+CIPSTO", this::idle);
  }

  private void say(String name, long value) {
    uart.say("+" + name + ":" + value + "\r\n");
  }

  private void list() {
    uart.say("+CIPSERVER:" + (server.on() ? listed : "0") + "\r\n");
  }

  private void server(Arguments given) throws Refusal {
    if (given.number(0, 0, 1) == 0) {
      given.count(1, 2);
      end(given.number(1, 0, 1, 0) == 1);
      return;
    }
    given.count(1, 5);
    int port = given.number(1, 1, 65535, DEFAULT_PORT);
    String type = given.given(2) ? given.text(2) : "TCP";
    int ca = given.number(3, 0, 1, 0);
    String wanted = "1," + port + ",\"" + type + "\"," + ca;
    if (server.on() && wanted.equals(listed) && setup.firmware().has(Trait.SAME_SERVER_AGAIN)) {
      uart.say(setup.firmware().has(Trait.LOG_WORDS) ? "no change\r\n" : "");
      return;
    }
    if (!memory.settings().multiple || server.on() || !types().contains(type)) {
      throw Refusal.plain();
    }
    Server.Admission admission = type.startsWith("SSL") ? secured(ca == 1) : this::plain;
    try {
      Family family = type.endsWith("v6") ? Family.V6 : Family.V4;
      server.listen(family.loopback(), port, admission);
    } catch (IOException e) {
      throw Refusal.plain();
    }
    listed = wanted;
  }

  private void plain(SocketChannel channel, SelectionKey key, Server.Joined then)
      throws IOException {
    then.by(links.plain(channel, key));
  }

  /** Lets peers in after a handshake; one that fails is closed without a word. */
  private Server.Admission secured(boolean checked) throws Refusal {
    LinkSecurity.Security tls = security.server(checked);
    return (channel, key, then) ->
        links
            .handshakes()
            .begin(
                links.plain(channel, key),
                tls,
                (secured, why) -> {
                  if (why == null) {
                    then.by(secured);
                  }
                });
  }

  private List<String> types() {
    return memory.kept().six ? List.of("TCP", "TCPv6", "SSL", "SSLv6") : List.of("TCP", "SSL");
  }

  /** Ends the server, and what it accepted if that is asked for. */
  private void end(boolean closing) throws Refusal {
    if (!server.on()) {
      throw Refusal.plain();
    }
    server.stop();
    if (closing) {
      links.accepted().forEach(links::close);
    }
  }

  private void limit(Arguments given) throws Refusal {
    given.count(1, 1);
    int connections = given.number(0, 1, Firmware.LINKS);
    if (server.on()) {
      throw Refusal.plain();
    }
    server.limit(connections);
  }

  private void idle(Arguments given) throws Refusal {
    given.count(1, 1);
    server.idle(Duration.ofSeconds(given.number(0, 0, 7200)));
  }
}
