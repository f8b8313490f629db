package io.espat.at;

import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/** The settings of the module's TLS for one link, made before it is dialled; in a turn. */
final class LinkTls {
  private static final Logger LOG = LogManager.getLogger();

  private final @Nullable ModuleTls tls;
  private final int id;
  private final String name;
  private final String doing;

  LinkTls(Dial dial, int id) {
    this.tls = dial.tls();
    this.id = id;
    this.name = tls == null ? "" : tls.serverName(dial.peer().getHostString());
    this.doing = "connecting to " + dial.place() + " by the module's TLS: ";
  }

  /**
   * Tells the module what to check; before 5.0 it looks at no name unless it is told one. Nothing
   * is done for a link without TLS.
   */
  void prepare(Turn turn) throws IOException {
    if (tls == null) {
      return;
    }
    try {
      certificates(turn, tls);
      named(turn, "AT+CIPSSLCCN", tls);
      named(turn, "AT+CIPSSLCSNI", tls);
      protocols(turn, tls.protocols());
      key(turn, tls.key(id));
    } catch (SSLException e) {
      clear(turn);
      throw e;
    }
  }

  private void protocols(Turn turn, List<String> names) throws IOException {
    if (!names.isEmpty()) {
      AtCommand.Builder command = AtCommand.builder("AT+CIPSSLCALPN").with(id).with(names.size());
      names.forEach(command::with);
      set(turn, command.build(), "application protocols");
    }
  }

  private void key(Turn turn, @Nullable AtCommand command) throws IOException {
    if (command != null) {
      try {
        set(turn, command, "pre-shared keys");
      } finally {
        command.wipe();
      }
    }
  }

  /** What is missing is said before the OK. */
  private void certificates(Turn turn, ModuleTls tls) throws IOException {
    AtReply reply;
    try {
      reply = Unstored.set(turn, tls.configuration(id));
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      throw refused("certificates by index", e);
    }
    List<String> missing =
        reply.lines().stream()
            .filter(line -> line.startsWith("NO ") && line.endsWith(" FOUND"))
            .toList();
    if (!missing.isEmpty()) {
      throw new SSLException(
          doing + "the module says " + missing + "; store it there by AT+SYSMFG (" + tls + ")");
    }
  }

  private void named(Turn turn, String command, ModuleTls tls) throws IOException {
    try {
      turn.ask(AtCommand.builder(command).with(id).with(name).build());
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      if (tls.checksName()) {
        throw refused("the server name " + name, e);
      }
      LOG.debug("{}no server name is sent: {}", doing, e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new SSLException(doing + "this cannot be a server name: " + name, e);
    }
  }

  private void set(Turn turn, AtCommand command, String what) throws IOException {
    try {
      turn.ask(command);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      throw refused(what, e);
    }
  }

  private SSLException refused(String what, AtException error) {
    return new SSLException(
        doing + "the firmware does not take " + what + " " + error.words(), error);
  }

  /** Takes back what the next user of the id would not set anew; a key does not stay either. */
  void clear(Turn turn) throws IOException {
    if (tls == null) {
      return;
    }
    if (!tls.protocols().isEmpty()) {
      quietly(turn, AtCommand.builder("AT+CIPSSLCALPN").with(id).with(0).build());
    }
    if (tls.hasKey()) {
      quietly(turn, AtCommand.builder(tls.keyCommand()).with(id).with("").with("").build());
    }
  }

  private void quietly(Turn turn, AtCommand command) throws IOException {
    try {
      turn.ask(command);
    } catch (ModuleLostException e) {
      throw e;
    } catch (AtException e) {
      LOG.debug("{}{} is refused", doing, command);
    }
  }
}
