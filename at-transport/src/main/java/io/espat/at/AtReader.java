package io.espat.at;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Takes one message after another off the wire, knowing nothing of commands.
 *
 * <pre>
 *   blank      CR, LF, space and NUL before a line are nothing
 *   &gt;          the prompt, wherever a line may begin
 *   text CRLF  a result, a notice, an information line, or noise
 *   +IPD,id,len[,"ip",port]:  then len raw bytes (MUX=0: without id; 1.x: ip without quotes),
 *                             and CRLF since 2.0
 *   +IPD,id,len CRLF          data waits (passive receive)
 *   +CIPRECVDATA:len,         then len raw bytes and a result; NonOS 1.7 writes +CIPRECVDATA,len:
 * </pre>
 *
 * <p>Counted bytes are taken by their count alone, whatever they look like, and believed only when
 * what must follow them does: else bytes were lost or added on the wire. CIPDINFO must be 0 for
 * +CIPRECVDATA: with it a peer's address stands before the data, and data may look the same. One
 * thread reads; memory is bounded by one line and one payload.
 */
final class AtReader {
  /** Longer lines are boot noise and are cut. */
  static final int MAX_LINE = 1024;

  /** A larger count is noise: the module sends at most 2920 (+IPD) or what we asked for. */
  static final int MAX_PAYLOAD = 8192;

  private static final String IPD = "+IPD,";
  private static final String FETCHED = "+CIPRECVDATA:";
  private static final String FETCHED_NONOS = "+CIPRECVDATA,";

  /** As many bytes as the shortest thing that may follow fetched data. */
  private static final int RESULT = "\r\nOK\r\n".length();

  private final ReadAhead in; // reader thread only, as all below
  private final byte[] line = new byte[MAX_LINE];
  private int length;
  private int at;
  private boolean quoted;
  private boolean blank;
  private boolean frameBefore;
  private @Nullable Inbound glued;
  private volatile boolean ended;

  /**
   * Reads from {@code in}; a counted payload that stands still for {@code frameLimit} has lost
   * bytes on the wire.
   */
  AtReader(ByteStream in, Duration frameLimit) {
    this.in = new ReadAhead(in, frameLimit);
  }

  /** Says whether CRLF ends each {@code +IPD} frame, as it does since 2.0; any thread. */
  void framesEnd(boolean ended) {
    this.ended = ended;
  }

  /**
   * Blocks until a whole message has arrived; null once the wire has ended between messages.
   *
   * <p>The bytes of a message are good until the next call.
   *
   * @throws EOFException if the wire ended within a message
   * @throws ProtocolException if a counted payload is not whole: bytes were lost on the wire
   */
  @Nullable Inbound next() throws IOException {
    if (glued != null) {
      Inbound second = glued;
      glued = null;
      return second;
    }
    int first = skipBlank();
    if (first == -1) {
      return null;
    }
    Inbound message = first == '>' ? new Inbound.Prompt() : message(first);
    frameBefore = message instanceof Inbound.Data;
    return message;
  }

  private int skipBlank() throws IOException {
    int first = in.read();
    if (frameBefore && first == '\n') {
      throw wrong("the line end behind received data has lost its beginning");
    }
    blank = false;
    while (first == '\r' || first == '\n' || first == ' ' || first == 0) {
      blank |= first == '\n';
      first = in.read();
    }
    return first;
  }

  private Inbound message(int first) throws IOException {
    length = 0;
    quoted = false;
    for (int b = first; b != '\n'; b = readOrFail()) {
      if (length < MAX_LINE) {
        line[length++] = (byte) b; // the rest of a longer line is dropped
      }
      if (b == ':' || b == ',') {
        Inbound counted = counted(b);
        if (counted != null) {
          return counted;
        }
      }
      quoted ^= b == '"';
    }
    String text = text();
    int notice = AtLine.noticeAt(text);
    if (notice > 0) {
      glued = AtLine.parse(text.substring(notice));
      return new Inbound.Line(text.substring(0, notice));
    }
    return AtLine.parse(text);
  }

  /** Returns the message whose header ended with {@code b}, or null while none has. */
  private @Nullable Inbound counted(int b) throws IOException {
    if (b == ':' && !quoted && startsWith(IPD)) {
      return pushed();
    }
    if (b == ',' && startsWith(FETCHED) || b == ':' && startsWith(FETCHED_NONOS)) {
      at = FETCHED.length(); // both prefixes have this length
      int count = number();
      return at == length - 1 && acceptable(count) ? fetched(count) : damaged();
    }
    return null;
  }

  private static boolean acceptable(int count) {
    return count >= 0 && count <= MAX_PAYLOAD;
  }

  private Inbound damaged() {
    return new Inbound.Damaged(text());
  }

  /** Tells {@code id,len} from {@code len} and from {@code len,"ip",port}. */
  private Inbound pushed() throws IOException {
    at = IPD.length();
    int first = number();
    boolean many = line[at] == ',' && line[at + 1] != '"';
    int second = -1;
    if (many) {
      at++;
      second = number();
      many = line[at] != '.'; // an address without quotes
    }
    boolean whole = first >= 0 && (at == length - 1 || line[at] == ',' || line[at] == '.');
    boolean swallowed = ended && frameBefore && !blank; // its line end, by the frame before
    int count = many ? second : first;
    if (!whole || swallowed || !acceptable(count)) {
      return damaged();
    }
    return data(many ? first : Inbound.NO_LINK, count);
  }

  private Inbound data(int link, int count) throws IOException {
    if (!ended) {
      in.await(count);
      return new Inbound.Data(link, in.take(count));
    }
    in.await(count + 2);
    if (!in.startsWith(count, "\r\n")) {
      throw wrong("no line end follows received data");
    }
    Inbound data = new Inbound.Data(link, in.take(count));
    in.skip(2);
    return data;
  }

  /** The result follows at once; up to 4.1 a notice may come between. */
  private Inbound fetched(int count) throws IOException {
    in.await(count + RESULT);
    boolean believed =
        in.startsWith(count, "\r\nOK\r\n")
            || in.startsWith(count, "\r\n") && "+Ebr".indexOf(in.peek(count + 2)) >= 0
            || in.startsWith(count + 1, ",C")
            || in.startsWith(count, "+") && isCapital(in.peek(count + 1))
            || in.startsWith(count, "CLOSED")
            || in.startsWith(count, "WIFI ");
    if (!believed) {
      throw wrong("no result follows fetched data");
    }
    return new Inbound.Fetched(in.take(count));
  }

  private static boolean isCapital(int b) {
    return b >= 'A' && b <= 'Z';
  }

  private static ProtocolException wrong(String what) {
    return new ProtocolException("bytes were lost on the wire, or added: " + what);
  }

  /** Reads a number from where the header is looked at; -1 for none, or one beyond reason. */
  private int number() {
    int start = at;
    int value = 0;
    while (line[at] >= '0' && line[at] <= '9') { // what ends a header is no digit
      value = value * 10 + line[at++] - '0';
    }
    return at == start || at - start > 9 ? -1 : value;
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
    int b = in.read();
    if (b == -1) {
      throw new EOFException("the wire ended within a line of " + length + " bytes");
    }
    return b;
  }
}
