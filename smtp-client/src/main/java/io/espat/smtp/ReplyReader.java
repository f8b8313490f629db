package io.espat.smtp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads whole replies, and nothing that is not exactly a reply (RFC 5321 section 4.2).
 *
 * <p>The time-out is that of the first octet, which has the whole way of the command before it, and
 * again of all that follows it: a server that drips does not hold us for longer. Before TLS the
 * socket hands over one line per read, so nothing behind a line is ever held here.
 */
final class ReplyReader {
  /** RFC 5321 4.5.3.1.5 allows 512 octets; servers with long texts exist. */
  static final int MAX_LINE = 4096;

  static final int MAX_LINES = 256;

  private final Socket socket;
  private final InputStream in;
  private Duration timeout;
  private Redaction redaction = Redaction.NONE;
  private final byte[] buffer = new byte[4096];
  private int next;
  private int end;
  private long deadline;
  private boolean begun;

  ReplyReader(Socket socket, Duration timeout) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.timeout = timeout;
  }

  /** Changes the time-out of the replies to come. */
  void timeout(Duration limit) {
    timeout = limit;
  }

  /** Whether octets wait although nothing was asked. */
  boolean pending() throws IOException {
    return next < end || in.available() > 0;
  }

  /**
   * Blocks until a whole reply is there.
   *
   * @throws MalformedReplyException for what is no reply
   * @throws SocketTimeoutException when it is not there in time
   * @throws EOFException when the server ends the connection first
   */
  Reply next(Redaction secrets) throws IOException {
    redaction = secrets;
    begun = false;
    List<String> lines = new ArrayList<>();
    byte[] line = line();
    int code = code(line);
    while (true) {
      lines.add(redaction.shown(line));
      if (code(line) != code) throw violation("its lines differ in their code", line);
      if (line.length == 3 || line[3] == ' ') return new Reply(code, List.copyOf(lines));
      if (lines.size() == MAX_LINES) throw violation("it has more than 256 lines", line);
      line = line();
    }
  }

  private byte[] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    int octet = read(line);
    while (octet != '\n') {
      if (octet == 0) throw violation("it holds NUL", line.toByteArray());
      line.write(octet);
      if (line.size() > MAX_LINE) {
        throw violation("it has a line of more than " + MAX_LINE + " octets", line.toByteArray());
      }
      octet = read(line);
    }
    byte[] bytes = line.toByteArray();
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\r') length--; // a bare line feed is let pass
    byte[] content = Arrays.copyOf(bytes, length);
    for (byte each : content) {
      if (each == '\r') throw violation("it holds a carriage return inside a line", content);
    }
    return content;
  }

  private int code(byte[] line) throws MalformedReplyException {
    if (line.length < 3 || line[0] < '2' || line[0] > '5' || !digit(line[1]) || !digit(line[2])) {
      throw violation("it does not begin with a code from 200 to 599", line);
    }
    if (line.length > 3 && line[3] != ' ' && line[3] != '-') {
      throw violation("its code is not followed by a blank or a hyphen", line);
    }
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  }

  private static boolean digit(byte octet) {
    return octet >= '0' && octet <= '9';
  }

  private MalformedReplyException violation(String why, byte[] line) {
    return new MalformedReplyException(
        "the server sent no SMTP reply, " + why + ": " + quoted(line));
  }

  /** What was cut short may hold a part of a secret, which nothing would recognise. */
  private String quoted(byte[] line) {
    if (redaction.any()) return Redaction.MARK;
    String start = Text.shown(line, Math.min(line.length, 100));
    return "'" + start + (line.length > 100 ? "...'" : "'");
  }

  private int read(ByteArrayOutputStream soFar) throws IOException {
    if (next == end) fill(soFar);
    return buffer[next++] & 0xff;
  }

  private void fill(ByteArrayOutputStream soFar) throws IOException {
    long left = begun ? deadline - System.nanoTime() : timeout.toNanos();
    if (left <= 0) throw new SocketTimeoutException("no end of the reply" + within());
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1));
    int count;
    try {
      count = in.read(buffer, 0, buffer.length);
    } catch (SocketTimeoutException e) {
      String what = begun ? "no end of the reply" : "no reply";
      SocketTimeoutException timeout = new SocketTimeoutException(what + within());
      timeout.initCause(e);
      throw timeout;
    }
    if (count < 0) {
      throw new EOFException(
          "the server ended the connection"
              + (soFar.size() > 0 ? " after " + quoted(soFar.toByteArray()) : ""));
    }
    next = 0;
    end = count;
    if (!begun) {
      begun = true;
      deadline = System.nanoTime() + timeout.toNanos();
    }
  }

  private String within() {
    return " within " + timeout.toMillis() + " ms";
  }
}
