package io.espat.at;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The module refused a command, or did not answer it; secrets are already replaced. */
public class AtException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The module answered ERROR. */
  public static final String REFUSED = "E-AT-ERROR";

  /** The module did not answer. */
  public static final String SILENT = "E-AT-SILENT";

  /** What came back looks like another line speed. */
  public static final String BAUD = "E-AT-BAUD";

  /** The module's boot loader spoke, its firmware did not. */
  public static final String BOOT = "E-AT-BOOT";

  /** The module restarted, or the wire to it ended. */
  public static final String LOST = "E-AT-LOST";

  /** The stable error id. */
  private final String id;

  /** The redacted command, empty where none was involved. */
  private final String command;

  /** What the module said before its result. */
  private final List<String> words;

  AtException(
      String id, String message, String command, List<String> words, @Nullable Throwable cause) {
    super(message, cause);
    this.id = id;
    this.command = command;
    this.words = List.copyOf(words);
  }

  /** Returns the error id, such as {@code E-AT-SILENT}. */
  public final String id() {
    return id;
  }

  /** Returns the redacted command, or an empty string where no command was involved. */
  public final String command() {
    return command;
  }

  /** Returns the module's own lines, such as {@code ERR CODE:0x01090000}; often none. */
  public final List<String> words() {
    return words;
  }
}
