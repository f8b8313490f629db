package io.espat.ftp;

import java.net.ProtocolException;
import java.util.regex.Pattern;

/** What may be said on a control connection, and what never. */
final class Commands {
  private static final Pattern PROTECTED = Pattern.compile("PROT +P *", Pattern.CASE_INSENSITIVE);
  private static final Pattern BINARY = Pattern.compile("TYPE +I *", Pattern.CASE_INSENSITIVE);
  private static final Pattern TLS = Pattern.compile("AUTH +TLS *", Pattern.CASE_INSENSITIVE);

  private Commands() {}

  static void check(String verb, String line, boolean encrypted) throws ProtocolException {
    checkText("a command", line);
    if (!encrypted) {
      require(TLS.matcher(line).matches(), verb + " is sent inside TLS only");
      return;
    }
    switch (verb) {
      case "AUTH" -> require(false, "the connection is encrypted already");
      case "CCC" -> require(false, "CCC would bring the control connection back to clear text");
      case "REIN" -> require(false, "REIN would bring the control connection back to clear text");
      case "PROT" ->
          require(PROTECTED.matcher(line).matches(), "PROT P only: files stay encrypted");
      case "TYPE" -> require(BINARY.matcher(line).matches(), "TYPE I only: no byte is translated");
      default -> {}
    }
  }

  /** Refuses what would end a line and begin a command of its own. */
  static void checkText(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      refuseControl(what, text.charAt(i));
    }
  }

  /** The same for a secret, which no message quotes. */
  static void checkSecret(char[] secret) {
    for (char c : secret) refuseControl("a secret", c);
  }

  /** A path of a remote file; nothing that a server could take for a directory or for nothing. */
  static void checkFile(String path) {
    checkText("a remote path", path);
    if (path.isBlank() || path.endsWith("/")) {
      throw new IllegalArgumentException("a remote path with a file name is needed: " + path);
    }
  }

  private static void refuseControl(String what, char c) {
    if (c == '\r' || c == '\n' || c == '\0') {
      throw new IllegalArgumentException(what + " must not hold a line end or NUL");
    }
  }

  private static void require(boolean fine, String sentence) throws ProtocolException {
    if (!fine) throw new ProtocolException(sentence);
  }
}
