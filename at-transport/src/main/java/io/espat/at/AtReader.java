package io.espat.at;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes one message after another off the wire, knowing nothing of commands.
 *
 * <pre>
 *   blank      CR, LF, space and NUL before a line are nothing
 *   &gt;          the prompt, wherever a line may begin
 *   text CRLF  a result, a notice, an information line, or noise
 *   +IPD,id,len[,"ip",port]:  then len raw bytes (MUX=0: without id; 1.x: ip without quotes)
 *   +IPD,id,len CRLF          data waits (passive receive)
 *   +CIPRECVDATA:len,         then len raw bytes; NonOS 1.7 writes +CIPRECVDATA,len:
 * </pre>
 *
 * <p>Counted bytes are taken by their count alone, whatever they look like. CIPDINFO must be 0 for
 * +CIPRECVDATA: with it a peer's address stands before the data, and data may look the same. One
 * thread reads; memory is bounded by one line and one payload.
 */
final class AtReader {
  /** Longer lines are boot noise and are cut. */
  static final int MAX_LINE = 1024;

  /** A larger count is noise: the module sends at most 2920 (+IPD) or what we asked for. */
  static final int MAX_PAYLOAD = 16 * 1024;

  private static final String IPD = "+IPD,";
  private static final String FETCHED = "+CIPRECVDATA:";
  private static final String FETCHED_NONOS = "+CIPRECVDATA,";

  private final ByteStream in;
  private final Duration frameLimit;
  private final byte[] buffer = new byte[8192]; // reader thread only, as all below
  private int next;
  private int filled;
  private final byte[] line = new byte[MAX_LINE];
  private int length;
  private boolean quoted;
  private @Nullable Inbound glued;

  /**
   * Reads from {@code in}; a counted payload that stands still for {@code frameLimit} has lost
   * bytes on the wire.
   */
  AtReader(ByteStream in, Duration frameLimit) {
    this.in = in;
    this.frameLimit = frameLimit;
  }

  /**
   * Blocks until a whole message has arrived; null once the wire has ended between messages.
   *
   * @throws EOFException if the wire ended within a message
   * @throws ProtocolException if a counted payload stopped short: bytes were lost on the wire
   */
  @Nullable Inbound next() throws IOException {
    if (glued != null) {
      Inbound second = glued;
      glued = null;
      return second;
    }
    int first = read();
    while (first == '\r' || first == '\n' || first == ' ' || first == 0) {
      first = read();
    }
    if (first == -1) {
      return null;
    }
    if (first == '>') {
      return new Inbound.Prompt();
    }
    length = 0;
    quoted = false;
    for (int b = first; b != '\n'; b = readOrFail()) {
      if (length < MAX_LINE) {
        line[length++] = (byte) b; // the rest of a longer line is dropped
      }
      Inbound counted = counted(b);
      if (counted != null) {
        return counted;
      }
    }
    return parse(text());
  }

  /** Returns the message whose header ended with {@code b}, or null while none has. */
  private @Nullable Inbound counted(int b) throws IOException {
    if (b == '"') {
      quoted = !quoted;
    }
    if (b == ':' && !quoted && startsWith(IPD)) {
      String[] fields = header(IPD).split(",", -1);
      int at = hasLink(fields) ? 1 : 0;
      int count = number(fields[at]);
      int link = at == 0 ? Inbound.NO_LINK : number(fields[0]);
      return acceptable(count) ? new Inbound.Data(link, payload(count)) : null;
    }
    if (b == ',' && startsWith(FETCHED) || b == ':' && startsWith(FETCHED_NONOS)) {
      int count = number(header(FETCHED)); // both prefixes have this length
      return acceptable(count) ? new Inbound.Fetched(payload(count)) : null;
    }
    return null;
  }

  private static boolean acceptable(int count) {
    return count >= 0 && count <= MAX_PAYLOAD;
  }

  /** Returns what stands between a prefix and the byte that ended the header. */
  private String header(String prefix) {
    int start = prefix.length();
    return new String(line, start, length - 1 - start, StandardCharsets.US_ASCII);
  }

  /** Tells {@code id,len} from {@code len} and from {@code len,"ip",port}. */
  private static boolean hasLink(String[] fields) {
    return fields.length > 1 && !fields[1].startsWith("\"") && fields[1].indexOf('.') < 0;
  }

  private ByteBuffer payload(int count) throws IOException {
    byte[] bytes = new byte[count];
    int done = 0;
    while (done < count) {
      if (next == filled && !fill(frameLimit)) {
        throw new EOFException(
            String.format("the wire ended after %d of %d counted bytes", done, count));
      }
      int run = Math.min(count - done, filled - next);
      System.arraycopy(buffer, next, bytes, done, run);
      next += run;
      done += run;
    }
    return ByteBuffer.wrap(bytes);
  }

  /** Tells what a line means; what nobody knows stays a line. */
  private Inbound parse(String text) {
    switch (text) {
      case "OK":
        return new Inbound.Ok();
      case "ERROR", "FAIL":
        return new Inbound.Failed();
      case "SEND OK":
        return new Inbound.SendOk();
      case "SEND FAIL":
        return new Inbound.SendFail();
      case "SEND Canceled", "SEND CANCELLED":
        return new Inbound.SendCancelled();
      case "ready":
        return new Inbound.Ready();
      case "WIFI CONNECTED":
        return new Inbound.Wifi(Inbound.Wifi.State.CONNECTED);
      case "WIFI GOT IP":
        return new Inbound.Wifi(Inbound.Wifi.State.GOT_IP);
      case "WIFI DISCONNECT":
        return new Inbound.Wifi(Inbound.Wifi.State.DISCONNECTED);
      case "CONNECT":
        return new Inbound.Opened(Inbound.NO_LINK);
      case "CLOSED":
        return new Inbound.Closed(Inbound.NO_LINK);
      default:
        return parseParts(text);
    }
  }

  private Inbound parseParts(String text) {
    if (text.startsWith("busy ")) {
      return new Inbound.Busy(text.startsWith("busy s"));
    }
    if (text.startsWith("Recv ") && text.endsWith(" bytes")) {
      int count = number(text.substring("Recv ".length(), text.length() - " bytes".length()));
      return count < 0 ? new Inbound.Line(text) : new Inbound.Received(count);
    }
    if (text.startsWith(IPD)) {
      return waiting(text);
    }
    Inbound notice = linkNotice(text);
    return notice == null ? new Inbound.Line(text) : notice;
  }

  private static Inbound waiting(String text) {
    String[] fields = text.substring(IPD.length()).split(",", -1);
    int first = number(fields[0]);
    if (fields.length == 1 && first >= 0) {
      return new Inbound.Waiting(Inbound.NO_LINK, first);
    }
    int second = fields.length > 1 ? number(fields[1]) : -1;
    boolean known = first >= 0 && second >= 0;
    return known ? new Inbound.Waiting(first, second) : new Inbound.Line(text);
  }

  /**
   * Finds {@code 0,CLOSED} and its like also at the end of a line: these notices have no CRLF
   * before them, so they stick to whatever was not ended, such as an echo.
   */
  private @Nullable Inbound linkNotice(String text) {
    Inbound notice = null;
    int start = 0;
    int detailed = text.indexOf("+LINK_CONN:");
    if (detailed >= 0) {
      String[] fields = text.substring(detailed + "+LINK_CONN:".length()).split(",", -1);
      int link = fields.length > 1 ? number(fields[1]) : -1;
      boolean up = link >= 0 && fields[0].equals("0");
      notice = up ? new Inbound.Opened(link) : null;
      start = detailed;
    } else if (text.endsWith(",CLOSED")) {
      start = text.length() - "0,CLOSED".length();
      int link = start < 0 ? -1 : number(text.substring(start, start + 1));
      notice = link >= 0 ? new Inbound.Closed(link) : null;
    } else if (text.endsWith(",CONNECT")) {
      start = text.length() - "0,CONNECT".length();
      int link = start < 0 ? -1 : number(text.substring(start, start + 1));
      notice = link >= 0 ? new Inbound.Opened(link) : null;
    }
    if (notice == null || start == 0) {
      return notice;
    }
    glued = notice;
    return new Inbound.Line(text.substring(0, start));
  }

  /** Reads a count or an id; -1 for anything that is not a plain number below 10^9. */
  private static int number(String digits) {
    if (digits.isEmpty() || digits.length() > 9) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + digit - '0';
    }
    return value;
  }

  private boolean startsWith(String prefix) {
    if (length < prefix.length() || length == MAX_LINE) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (line[i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String text() {
    int end = length;
    while (end > 0 && (line[end - 1] == '\r' || line[end - 1] == ' ')) {
      end--;
    }
    return new String(line, 0, end, StandardCharsets.UTF_8);
  }

  private int readOrFail() throws IOException {
    int b = read();
    if (b == -1) {
      throw new EOFException("the wire ended within a line of " + length + " bytes");
    }
    return b;
  }

  private int read() throws IOException {
    if (next == filled && !fill(Duration.ZERO)) {
      return -1;
    }
    return buffer[next++] & 0xff;
  }

  private boolean fill(Duration limit) throws IOException {
    in.timeout(limit);
    Arrays.fill(buffer, 0, filled, (byte) 0); // may have held a passphrase's echo
    next = 0;
    filled = 0;
    try {
      int count = in.read(buffer, 0, buffer.length);
      filled = Math.max(count, 0);
      return count > 0;
    } catch (SocketTimeoutException e) {
      ProtocolException lost =
          new ProtocolException(
              "no byte for "
                  + limit.toMillis()
                  + " ms within a counted payload: bytes were lost on the wire");
      lost.initCause(e);
      throw lost;
    }
  }
}
