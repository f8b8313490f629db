package io.espat.smtp;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Counts a message instead of sending it, and remembers its Message-ID. */
final class Measure extends OutputStream {
  private static final String FIELD = "message-id:";
  private static final int[] MARK = {0xef, 0xbb, 0xbf};

  private final StringBuilder line = new StringBuilder();
  private long octets;
  private long dots;
  private boolean marked = true;
  private boolean eightBit;
  private boolean header = true;
  private boolean lineStart = true;
  private boolean folded;
  private @Nullable String messageId;

  @Override
  public void write(int octet) {
    int value = octet & 0xff;
    if (octets < MARK.length) marked &= value == MARK[(int) octets];
    octets++;
    if (lineStart && value == '.') dots++;
    if (value > 127) eightBit = true;
    lineStart = value == '\n';
    if (header) header(value);
  }

  /** Octets of the message, as RFC 1870 counts them. */
  long octets() {
    return octets;
  }

  /** Octets that will go out: the message, a dot for each dot that begins a line, the final dot. */
  long octetsOnTheWire() {
    return octets + dots + 3;
  }

  /** Whether a byte order mark stands before the message. */
  boolean marked() {
    return marked && octets >= MARK.length;
  }

  boolean eightBit() {
    return eightBit;
  }

  @Nullable String messageId() {
    return messageId;
  }

  private void header(int value) {
    if (value != '\n') {
      if (line.length() < 1000) line.append((char) value);
      return;
    }
    String text = line.toString();
    line.setLength(0);
    if (text.equals("\r")) header = false;
    boolean field = text.regionMatches(true, 0, FIELD, 0, FIELD.length());
    boolean more = folded && (text.startsWith(" ") || text.startsWith("\t"));
    folded = false;
    if (messageId == null && (field || more)) {
      String rest = text.substring(field ? FIELD.length() : 0).trim();
      byte[] id = rest.getBytes(StandardCharsets.ISO_8859_1);
      if (id.length > 0) messageId = Text.shown(id, id.length);
      folded = id.length == 0; // long ones stand on a line of their own
    }
  }
}
