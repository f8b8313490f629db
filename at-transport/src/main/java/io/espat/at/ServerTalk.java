package io.espat.at;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The conversations about the module's server: begin to listen, end it, where it is. */
final class ServerTalk {
  private static final Logger LOG = LogManager.getLogger();
  private static final List<String> INTERFACES = List.of("STAIP", "ETHIP", "APIP");

  private final Links links;
  private final AtChannel channel;

  ServerTalk(Links links, AtChannel channel) {
    this.links = links;
    this.channel = channel;
  }

  /** The lock of all links. */
  ReentrantLock lock() {
    return links.lock;
  }

  /**
   * Begins to listen and returns the address that the module is reached at.
   *
   * @param wanted an address that it must be, or the wildcard
   * @throws BindException if the module refuses, serves already, or has another address
   */
  InetAddress begin(LinkServer server, InetAddress wanted) throws IOException {
    links.serving.begin(server);
    boolean begun = false;
    try (Turn turn = channel.take()) {
      InetAddress local = address(turn);
      if (!wanted.isAnyLocalAddress() && !wanted.equals(local)) {
        throw new BindException(
            "the module is not at "
                + wanted.getHostAddress()
                + " but at "
                + local.getHostAddress());
      }
      turn.ifUnanswered(
          owed -> {
            stop(owed);
            links.serving.end(server);
          });
      listen(turn, server.port());
      keepIdleLinks(turn);
      begun = true;
      return local;
    } catch (AtException e) {
      throw e instanceof ModuleLostException || e instanceof WifiException ? e : refused(server, e);
    } finally {
      if (!begun) {
        server.drop();
        links.serving.end(server);
      }
    }
  }

  private static IOException refused(LinkServer server, AtException error) {
    BindException refused =
        new BindException("listening on port " + server.port() + ": " + error.getMessage());
    refused.initCause(error);
    return refused;
  }

  /** A program before us, or a close that found no turn, may have left a server. */
  private static void listen(Turn turn, int port) throws IOException {
    AtCommand command = AtCommand.builder("AT+CIPSERVER").with(1).with(port).build();
    try {
      turn.ask(command);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      if (!isListening(turn)) {
        throw e;
      }
      stop(turn);
      turn.ask(command);
    }
  }

  private static boolean isListening(Turn turn) throws IOException {
    try {
      AtReply reply = turn.ask(AtCommand.of("AT+CIPSERVER?"));
      return reply.value("+CIPSERVER:").orElse("0").startsWith("1");
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      return false;
    }
  }

  /** An accepted link that is idle is not to end as if its peer had ended it. */
  private static void keepIdleLinks(Turn turn) throws IOException {
    try {
      turn.ask(AtCommand.of("AT+CIPSTO=0"));
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.debug("idle links of the server keep their time-out: {}", e.getMessage());
    }
  }

  /** Ends it on the module; accepted links stay. Nothing is thrown: what failed is done later. */
  void end(LinkServer server) {
    boolean interrupted = Thread.interrupted(); // or there would be no turn
    Deadline deadline = Deadline.in(channel.config().sendTimeout().multipliedBy(2));
    try (Turn turn = channel.take(deadline, Stop.NEVER)) {
      turn.ifUnanswered(owed -> end(owed, server));
      end(turn, server);
    } catch (IOException e) {
      LOG.debug("port {} is left open for now: {}", server.port(), e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void end(Turn turn, LinkServer server) throws IOException {
    if (links.serving.serves(server)) {
      stop(turn);
      links.serving.end(server);
    }
  }

  /** Ends whatever server there is. */
  static void stop(Turn turn) throws IOException {
    try {
      turn.ask(AtCommand.of("AT+CIPSERVER=0"));
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.trace("the module had no server: {}", e.getMessage());
    }
  }

  /** Returns where the module is reached: as a station, or as an access point. */
  private static InetAddress address(Turn turn) throws IOException {
    AtReply reply = turn.ask(AtCommand.of("AT+CIFSR"));
    for (String name : INTERFACES) {
      Optional<InetAddress> address =
          reply
              .value("+CIFSR:" + name + ",")
              .map(text -> text.replace("\"", ""))
              .flatMap(text -> AddressLiteral.parse(text, text))
              .filter(found -> !found.isAnyLocalAddress());
      if (address.isPresent()) {
        return address.get();
      }
    }
    throw new WifiException(
        WifiException.ABSENT,
        "listening: the module is in no Wi-Fi network",
        "AT+CIFSR",
        reply.lines());
  }
}
