package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static java.util.regex.Pattern.DOTALL;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the conversation in the form of the recordings: seconds, {@code >>} from the host,
 * {@code <<} from the module; loop thread only.
 *
 * <p>Passphrases are struck out before a line leaves here, and bytes that are no whole command are
 * only counted, so a broken command cannot carry one out.
 */
final class Transcript {
  private static final Logger LOG = LogManager.getLogger(Transcript.class);

  private static final Pattern NAME = Pattern.compile("AT[A-Z0-9+_]*", CASE_INSENSITIVE);
  private static final Pattern JOIN = Pattern.compile("AT\\+CW(?:[JS]|JE)AP.*");
  private static final Pattern KEY = Pattern.compile(".*(?:PSK|SMART).*");

  /** The network's name in a join, if it is well formed: a wrong bit may hide its end. */
  private static final Pattern NETWORK =
      Pattern.compile("=(?:\"(?:\\\\.|[^,\"\\\\])*\"(?:$|,))?", DOTALL);

  /** The shared key in what a query of it answers. */
  private static final Pattern ANSWERED_KEY = Pattern.compile("(\\+CIPSSLCPSK(?:HEX)?:\\d,)[^\r]*");

  private @Nullable Consumer<String> lines;
  private final boolean payloadShown;
  private final long start = System.nanoTime();

  Transcript(@Nullable Consumer<String> lines, boolean payloadShown) {
    this.lines = lines;
    this.payloadShown = payloadShown;
  }

  /**
   * A whole line with its CR LF, and whether it was echoed; one that is no command is only counted:
   * it may be payload that came without a prompt, or the rest of a passphrase with a line end in
   * it.
   */
  void command(byte[] line, boolean echoed) {
    if (!(line.length <= 2 || commands(line))) {
      dropped(line.length);
    } else if (lines != null) {
      String quoted = quote(redact(new String(line, ISO_8859_1)));
      write(">>", quoted);
      if (echoed) {
        write("<<", quoted);
      }
    }
  }

  private static boolean commands(byte[] line) {
    return (line[0] | ' ') == 'a' && (line[1] | ' ') == 't';
  }

  /** Payload behind a prompt; of a secret only its length is ever shown. */
  void payload(byte[] bytes, boolean secret) {
    if (lines != null) {
      write(">>", secret ? counted(bytes.length) : shown(bytes, bytes.length));
    }
  }

  /** Bytes that were no payload and no whole command: dropped, or a line too long. */
  void dropped(int count) {
    if (lines != null) {
      write(">>", "<<" + count + " bytes dropped>>");
    }
  }

  /** Something that is said by neither end, as {@code ##} in the recordings. */
  void note(String text) {
    if (lines != null) {
      write("##", text);
    }
  }

  void said(String text) {
    if (lines != null) {
      write("<<", quote(ANSWERED_KEY.matcher(text).replaceAll("$1***")));
    }
  }

  void said(String head, byte[] payload, int count, String tail) {
    if (lines != null) {
      boolean key = head.startsWith("+SYSMFG:") && head.contains("_key");
      write("<<", quote(head) + (key ? counted(count) : shown(payload, count)) + quote(tail));
    }
  }

  private String shown(byte[] bytes, int count) {
    return payloadShown ? quote(new String(bytes, 0, count, ISO_8859_1)) : counted(count);
  }

  private static String counted(int count) {
    return "<<" + count + " bytes>>";
  }

  private void write(String direction, String text) {
    Consumer<String> to = lines;
    if (to != null) {
      double seconds = (System.nanoTime() - start) / 1e9;
      tell(to, String.format(Locale.ROOT, "%10.3f %s \"%s\"", seconds, direction, text));
    }
  }

  /** A listener that throws is let go: the module's thread is not its to end. */
  private void tell(Consumer<String> to, String line) {
    try {
      to.accept(line);
    } catch (RuntimeException e) {
      lines = null;
      LOG.warn("the transcript ends, for its listener threw {}", e.toString());
    }
  }

  /**
   * Strikes out what follows the network's name in a join, what carries a key, and the parameters
   * of what no firmware has: one wrong bit on the line makes that of a join.
   */
  static String redact(String command) {
    int end = command.endsWith("\r\n") ? command.length() - 2 : command.length();
    Matcher name = NAME.matcher(command).region(0, end);
    if (!name.lookingAt()) {
      return command; // nothing but a line end
    }
    int shown = shown(name.group().toUpperCase(Locale.ROOT), command.substring(name.end(), end));
    int from = name.end() + shown;
    return from == end ? command : command.substring(0, from) + "\"***\"" + command.substring(end);
  }

  /** How much may be shown of what stands behind a name. */
  private static int shown(String name, String rest) {
    if (rest.equals("?") || rest.equals("=?")) {
      return rest.length();
    }
    if (JOIN.matcher(name).matches()) {
      Matcher network = NETWORK.matcher(rest);
      return network.lookingAt() ? network.end() : 0;
    }
    boolean open = Repertoire.NAMES.contains(name) && !KEY.matcher(name).matches();
    return open && rest.startsWith("=") ? rest.length() : 0;
  }

  private static String quote(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      switch (c) {
        case '\r' -> out.append("\\r");
        case '\n' -> out.append("\\n");
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c >= ' ' && c <= '~') {
            out.append(c);
          } else {
            out.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
          }
        }
      }
    }
    return out.toString();
  }
}
