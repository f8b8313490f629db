package io.espat.ftp;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.jspecify.annotations.Nullable;

/**
 * Reads replies from a control connection: bounded in time, in lines and in bytes.
 *
 * <p>Commons Net's own reader has no bounds and takes a reply that was cut off for a whole one.
 */
final class ReplyReader {
  static final int LINE_LIMIT = 8 * 1024;
  static final int REPLY_LIMIT = 256 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final Charset charset;
  private final byte[] held = new byte[512];
  private int next;
  private int end;
  private boolean underway;
  private char @Nullable [] secret;

  ReplyReader(Socket socket, Charset charset) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.charset = charset;
  }

  /** Bytes that were taken from the socket and belong to no reply yet. */
  int held() {
    return end - next;
  }

  /** True if the last read stopped inside a reply, so that the next would begin in its middle. */
  boolean underway() {
    return underway;
  }

  /** From now on this word never leaves the reader, should the server echo it; null ends that. */
  void hide(char @Nullable [] word) {
    secret = word == null || word.length == 0 ? null : word;
  }

  /**
   * Reads one whole reply; waits as long as the socket's time-out says, all its lines together.
   *
   * @throws FTPConnectionClosedException if the connection ends first
   * @throws ProtocolException if it is no reply, or too long
   */
  FtpReply read() throws IOException {
    int limit = socket.getSoTimeout();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limit);
    try {
      return read(limit == 0 ? Long.MAX_VALUE : deadline);
    } finally {
      if (!socket.isClosed()) socket.setSoTimeout(limit);
    }
  }

  private FtpReply read(long deadline) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = line(deadline);
    lines.add(line);
    int code = code(line);
    boolean more = line.length() > 3 && line.charAt(3) == '-';
    String last = line.substring(0, 3) + " ";
    for (int size = line.length(); more; ) {
      line = line(deadline);
      lines.add(line);
      size += line.length() + 2;
      if (size > REPLY_LIMIT) throw new ProtocolException("a reply of over " + size + " bytes");
      more = !line.startsWith(last) && !line.equals(last.trim());
    }
    underway = false;
    return new FtpReply(code, lines);
  }

  private static int code(String line) throws ProtocolException {
    boolean reply =
        line.length() >= 3
            && line.charAt(0) >= '1'
            && line.charAt(0) <= '5'
            && isDigit(line.charAt(1))
            && isDigit(line.charAt(2))
            && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-');
    if (!reply) {
      String shown = line.length() > 80 ? line.substring(0, 80) + "..." : line;
      throw new ProtocolException("not an FTP reply: \"" + FtpReply.printable(shown) + "\"");
    }
    return Integer.parseInt(line.substring(0, 3));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String line(long deadline) throws IOException {
    byte[] line = new byte[128];
    int length = 0;
    while (true) {
      if (next == end) fill(deadline, length);
      byte b = held[next++];
      underway = true;
      if (b == '\n') break;
      if (length == LINE_LIMIT) {
        throw new ProtocolException("a reply line of over " + LINE_LIMIT + " bytes");
      }
      if (length == line.length) line = Arrays.copyOf(line, length * 2);
      line[length++] = b;
    }
    if (length > 0 && line[length - 1] == '\r') length--;
    return redacted(new String(line, 0, length, charset));
  }

  private void fill(long deadline, int soFar) throws IOException {
    if (deadline != Long.MAX_VALUE) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) throw new SocketTimeoutException("no whole reply in time");
      socket.setSoTimeout((int) left);
    }
    int count = in.read(held, 0, held.length);
    if (count < 0) {
      throw new FTPConnectionClosedException(
          soFar == 0
              ? "the server closed the control connection"
              : "the server closed the control connection in the middle of a reply");
    }
    next = 0;
    end = count;
  }

  private String redacted(String line) {
    if (secret == null) return line;
    int from = line.length() > 3 && isDigit(line.charAt(0)) && isDigit(line.charAt(2)) ? 4 : 0;
    if (from > line.length()) return line;
    return line.substring(0, from)
        + line.substring(from).replace(CharBuffer.wrap(secret), "********");
  }
}
