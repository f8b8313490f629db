package io.espat.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The way the known hosts for ESP-AT work, with no time lost on the host: 2048 bytes by {@code
 * AT+CIPSEND}, then its verdict; {@code AT+CIPRECVDATA} of 2048 after a notice (lwesp, WiFiEspAT).
 */
final class KnownHost implements Host {
  private static final int PIECE = 2048;

  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[8192];
  private int next;
  private int filled;
  private final boolean[] notified = new boolean[5];
  private int links;

  KnownHost(InputStream in, OutputStream out) throws IOException {
    this.in = in;
    this.out = out;
    command("ATE0");
    command("AT+CIPMUX=1");
    command("AT+CIPRECVTYPE=5,1");
  }

  @Override
  public String name() {
    return "2048-byte sends and reads";
  }

  @Override
  public Channel open(int port) throws IOException {
    int link = links++;
    command("AT+CIPSTART=" + link + ",\"TCP\",\"127.0.0.1\"," + port);
    return new Link(link);
  }

  private final class Link implements Channel {
    private final int id;
    private final byte[] piece = new byte[PIECE];

    Link(int id) {
      this.id = id;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      for (int done = 0; done < bytes.length; done += PIECE) {
        sendPiece(bytes, done, Math.min(PIECE, bytes.length - done));
      }
    }

    private void sendPiece(byte[] bytes, int offset, int count) throws IOException {
      write("AT+CIPSEND=" + id + "," + count + "\r\n");
      awaitPrompt();
      out.write(bytes, offset, count);
      out.flush();
      await("SEND OK");
    }

    @Override
    public void receive(int count, Peer.Progress progress) throws IOException {
      byte[] expected = Peer.pattern(count);
      for (int done = 0; done < count; ) {
        int run = fetch();
        if (!Arrays.equals(piece, 0, run, expected, done, done + run)) {
          throw new IOException("bytes from " + done + " on are not those that were sent");
        }
        done += run;
        progress.reached(done);
      }
    }

    private int fetch() throws IOException {
      while (!notified[id]) {
        line();
      }
      notified[id] = false;
      write("AT+CIPRECVDATA=" + id + "," + PIECE + "\r\n");
      String head = head();
      int count = Integer.parseInt(head.substring(head.indexOf(':') + 1, head.length() - 1));
      for (int i = 0; i < count; i++) {
        piece[i] = (byte) read();
      }
      await("OK");
      return count;
    }

    @Override
    public void ask(byte[] question) throws IOException {
      sendPiece(question, 0, question.length);
      for (int done = 0; done < question.length; ) {
        done += fetch();
      }
    }
  }

  /** Sends a piece each time something was fetched: one thread, half duplex, as those hosts are. */
  void both(Channel up, Channel down, byte[] bytes, Progress progress) throws IOException {
    Link sending = (Link) up;
    Link receiving = (Link) down;
    int received = 0;
    for (int sent = 0; sent < bytes.length && received < bytes.length; ) {
      int count = Math.min(PIECE, bytes.length - sent);
      sending.sendPiece(bytes, sent, count);
      sent += count;
      received += receiving.fetch();
      progress.reached(sent, received);
    }
  }

  /** Hears how far both directions are. */
  interface Progress {
    void reached(int sent, int received);
  }

  private void command(String text) throws IOException {
    write(text + "\r\n");
    await("OK");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  private void await(String line) throws IOException {
    for (String heard = line(); !heard.equals(line); heard = line()) {
      if (heard.equals("ERROR") || heard.equals("SEND FAIL")) {
        throw new IOException("expected " + line + ", not " + heard);
      }
    }
  }

  private void awaitPrompt() throws IOException {
    int b = read();
    while (b != '>') {
      if (b != '\r' && b != '\n') {
        line(b);
      }
      b = read();
    }
  }

  /** Reads lines until one is the head of fetched data. */
  private String head() throws IOException {
    while (true) {
      int b = skip();
      StringBuilder text = new StringBuilder();
      while (b != '\r') {
        text.append((char) b);
        if (b == ',' && text.toString().startsWith("+CIPRECVDATA:")) {
          return text.toString();
        }
        b = read();
      }
      note(text.toString());
    }
  }

  private String line() throws IOException {
    return line(skip());
  }

  private String line(int first) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int b = first; b != '\r'; b = read()) {
      text.append((char) b);
    }
    note(text.toString());
    return text.toString();
  }

  private int skip() throws IOException {
    int b = read();
    while (b == '\r' || b == '\n') {
      b = read();
    }
    return b;
  }

  private void note(String line) {
    if (line.startsWith("+IPD,")) {
      notified[line.charAt("+IPD,".length()) - '0'] = true;
    }
  }

  private int read() throws IOException {
    if (next == filled) {
      next = 0;
      filled = in.read(buffer);
      if (filled < 0) {
        throw new EOFException("the module ended");
      }
    }
    return buffer[next++] & 0xff;
  }

  @Override
  public void close() {
    // the module goes with its line
  }
}
