package io.espat.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Leaves the fields Bcc and Resent-Bcc, with their continuation lines, out of a message whose lines
 * end in CRLF; every other octet passes.
 *
 * <p>The header ends at the first line that is no header field (RFC 5322 section 2.2), which mostly
 * is the empty one. A first line of the mailbox format ({@code From }) does not end it.
 */
final class BccFilter extends OutputStream {
  private static final Set<String> HIDDEN = Set.of("bcc", "resent-bcc");
  private static final int MAX_NAME = 998;

  private enum State {
    LINE_START,
    NAME,
    BLANKS_BEHIND_NAME,
    PASS_LINE,
    DROP_LINE,
    BODY
  }

  private final OutputStream out;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream(64);
  private int nameLength;
  private State state = State.LINE_START;
  private long lines;
  private boolean dropped;

  BccFilter(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int octet) throws IOException {
    int value = octet & 0xff;
    switch (state) {
      case BODY -> out.write(value);
      case LINE_START -> lineStart(value);
      case NAME, BLANKS_BEHIND_NAME -> name(value);
      case PASS_LINE -> {
        out.write(value);
        if (value == '\n') state = State.LINE_START;
      }
      case DROP_LINE -> {
        if (value == '\n') state = State.LINE_START;
      }
    }
  }

  /** Hands over a line begun; called when the message is complete. */
  @Override
  public void flush() throws IOException {
    release(state);
    out.flush();
  }

  private void lineStart(int value) throws IOException {
    if ((value == ' ' || value == '\t') && lines > 0) {
      state = dropped ? State.DROP_LINE : State.PASS_LINE;
      if (!dropped) out.write(value);
      return;
    }
    lines++;
    dropped = false;
    state = State.NAME;
    nameLength = 0;
    name(value);
  }

  private void name(int value) throws IOException {
    held.write(value);
    boolean blank = value == ' ' || value == '\t';
    if (value == ':' && held.size() > 1) {
      field();
    } else if (blank && held.size() > 1) {
      if (state == State.NAME) nameLength = held.size() - 1;
      if (mailboxLine()) release(State.PASS_LINE);
      else state = State.BLANKS_BEHIND_NAME;
    } else if (state == State.BLANKS_BEHIND_NAME || value <= ' ' || value > 126 || value == ':') {
      release(State.BODY); // the empty line, or no header field at all
    }
    if (held.size() > MAX_NAME) release(State.PASS_LINE);
  }

  private void field() throws IOException {
    int length = state == State.NAME ? held.size() - 1 : nameLength;
    String name = held.toString(StandardCharsets.ISO_8859_1).substring(0, length);
    dropped = HIDDEN.contains(name.toLowerCase(Locale.ROOT));
    if (dropped) {
      held.reset();
      state = State.DROP_LINE;
    } else {
      release(State.PASS_LINE);
    }
  }

  private boolean mailboxLine() {
    if (lines > 1 || state != State.NAME) return false;
    String name = held.toString(StandardCharsets.ISO_8859_1).trim();
    return name.equals("From") || name.equals(">From");
  }

  private void release(State next) throws IOException {
    held.writeTo(out);
    held.reset();
    state = next;
  }
}
