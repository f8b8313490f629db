package io.espat.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes down the conversation in the form of the recordings: seconds, {@code >>} from the host,
 * {@code <<} from the module; loop thread only.
 *
 * <p>Passphrases are struck out before a line leaves here, and bytes that are no whole command are
 * only counted, so a broken command cannot carry one out.
 */
final class Transcript {
  /** What follows the network's name in a join, and all parameters of what carries a key. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(CW(?:[JS]|JE)AP(?:\\\\.|[^,\\\\])*,|(?:PSK|MQTT|SMART)[^=]*=).*?(\r\n)?$",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** The shared key in what a query of it answers. */
  private static final Pattern ANSWERED_KEY = Pattern.compile("(\\+CIPSSLCPSK(?:HEX)?:\\d,)[^\r]*");

  private final @Nullable Consumer<String> lines;
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
      to.accept(String.format(Locale.ROOT, "%10.3f %s \"%s\"", seconds, direction, text));
    }
  }

  static String redact(String command) {
    return SECRET.matcher(command).replaceFirst("$1\"***\"$2");
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
