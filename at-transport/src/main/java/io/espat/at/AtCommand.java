package io.espat.at;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * One command line for the module: quoting, escaping, time limit, and what may be shown of it.
 *
 * <p>Immutable but for {@link #wipe}, which overwrites the line once it has been sent. By ESP-AT,
 * AT command syntax: strings stand in quotes, with {@code \} before a quote, comma or backslash; a
 * line has at most 256 bytes including CR LF.
 */
public final class AtCommand {
  static final String REDACTED = "********";
  private static final int MAX_LINE = 254; // and CR LF

  private final byte[] line;
  private final String shown;
  private final boolean secret;
  private final Duration limit;

  private AtCommand(byte[] line, String shown, boolean secret, Duration limit) {
    this.line = line;
    this.shown = shown;
    this.secret = secret;
    this.limit = limit;
  }

  /**
   * Takes a ready command such as {@code AT+CWMODE=1}; it may be shown in logs as it is.
   *
   * @throws IllegalArgumentException if it holds CR, LF or NUL, does not begin with AT, or is
   *     longer than a line
   */
  public static AtCommand of(String text) {
    return new Builder(text).build();
  }

  /** Starts a command whose parameters follow, such as {@code AT+CIPSTART}. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /**
   * Returns the time that the module has for its result; zero leaves it to the module's default.
   */
  public Duration limit() {
    return limit;
  }

  /** Returns the command with every secret replaced. */
  @Override
  public String toString() {
    return shown;
  }

  /** Returns whether the line holds a secret, so that an echo of it must not be shown. */
  boolean secret() {
    return secret;
  }

  /** Copies the bytes of the line with its CR LF; the caller wipes the copy of a secret one. */
  byte[] bytes() {
    byte[] bytes = Arrays.copyOf(line, line.length + 2);
    bytes[line.length] = '\r';
    bytes[line.length + 1] = '\n';
    return bytes;
  }

  /** Overwrites the line; the command cannot be sent again. */
  void wipe() {
    Arrays.fill(line, (byte) 0);
  }

  /** Collects the parameters of a command; used by one thread, once. */
  public static final class Builder {
    private final Line line = new Line();
    private final StringBuilder shown = new StringBuilder();
    private char separator = '=';
    private boolean secret;
    private Duration limit = Duration.ZERO;

    private Builder(String name) {
      if (!name.regionMatches(true, 0, "AT", 0, 2)) {
        throw new IllegalArgumentException("a command begins with AT: " + name);
      }
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      for (byte b : bytes) {
        line.append(checked(b));
      }
      shown.append(name);
    }

    /** Appends a number. */
    public Builder with(long number) {
      separate();
      for (byte b : Long.toString(number).getBytes(StandardCharsets.US_ASCII)) {
        line.append(b);
      }
      shown.append(number);
      return this;
    }

    /** Appends a string in quotes, escaped, in UTF-8. */
    public Builder with(String text) {
      separate();
      quote(text.getBytes(StandardCharsets.UTF_8));
      shown.append('"').append(text).append('"');
      return this;
    }

    /** Appends a string in quotes that is never shown; the caller keeps and wipes {@code text}. */
    public Builder withSecret(char[] text) {
      separate();
      secret = true;
      // large enough from the start: an encoder that has to grow its buffer leaves a copy behind
      ByteBuffer encoded = ByteBuffer.allocate(text.length * 3);
      CoderResult result =
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), encoded, true);
      byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
      boolean quoted = false;
      try {
        if (result.isError()) { // it stops there, and half a passphrase is a wrong one
          throw new IllegalArgumentException("half a character cannot be sent in an AT command");
        }
        quote(bytes);
        quoted = true;
      } finally {
        if (!quoted) {
          Arrays.fill(line.take(), (byte) 0);
        }
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(encoded.array(), (byte) 0);
      }
      shown.append('"').append(REDACTED).append('"');
      return this;
    }

    /** Bounds the wait for the result; a module that is late may be declared lost. */
    public Builder limit(Duration limit) {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("a time limit is not negative: " + limit);
      }
      this.limit = limit;
      return this;
    }

    /**
     * Returns the command and wipes what was collected.
     *
     * @throws IllegalArgumentException if the line is longer than 254 bytes
     */
    public AtCommand build() {
      byte[] bytes = line.take();
      if (bytes.length > MAX_LINE) {
        Arrays.fill(bytes, (byte) 0);
        throw new IllegalArgumentException(
            "a command line has at most " + MAX_LINE + " bytes, not " + bytes.length);
      }
      return new AtCommand(bytes, shown.toString(), secret, limit);
    }

    private void separate() {
      line.append((byte) separator);
      shown.append(separator);
      separator = ',';
    }

    private void quote(byte[] text) {
      line.append((byte) '"');
      for (byte b : text) {
        if (b == '"' || b == ',' || b == '\\') {
          line.append((byte) '\\');
        }
        line.append(checked(b));
      }
      line.append((byte) '"');
    }

    /** Refuses what would end the line (command injection) or make the module drop it. */
    private static byte checked(byte b) {
      if (b == '\r' || b == '\n' || b == 0) {
        throw new IllegalArgumentException("CR, LF and NUL cannot be sent in an AT command");
      }
      return b;
    }
  }

  /** A byte buffer that leaves no copies behind when it grows. */
  private static final class Line extends ByteArrayOutputStream {
    Line() {
      super(MAX_LINE * 4);
    }

    void append(byte b) {
      if (count == buf.length) {
        Arrays.fill(take(), (byte) 0);
        throw new IllegalArgumentException("a command line has at most " + MAX_LINE + " bytes");
      }
      write(b);
    }

    byte[] take() {
      byte[] bytes = toByteArray();
      Arrays.fill(buf, (byte) 0);
      reset();
      return bytes;
    }
  }
}
