package io.espat.ftp;

import io.espat.tls.TlsSocket;
import io.espat.tls.TlsUpgrader;
import io.espat.tls.UpgradableSocket;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The control connection: commands out, replies in, first in clear, then inside TLS. */
final class ControlChannel {
  /** How much longer than the reader the watch waits, so that the reader's words come first. */
  private static final int GRACE = 10_000;

  private final Charset charset;
  private final Watch watch;
  private Socket socket;
  private ReplyReader reader;
  private @Nullable TlsSocket tls;

  /** Takes a connected socket whose first bytes travel in clear. */
  ControlChannel(UpgradableSocket clear, Charset charset, Watch watch) throws IOException {
    this.charset = charset;
    this.watch = watch;
    this.socket = clear;
    this.reader = new ReplyReader(clear, charset);
  }

  /** Takes a connection that is encrypted from the start. */
  ControlChannel(TlsSocket tls, Charset charset, Watch watch) throws IOException {
    this.charset = charset;
    this.watch = watch;
    this.socket = tls;
    this.tls = tls;
    this.reader = new ReplyReader(tls, charset);
  }

  /** Switches TLS on; refuses if a byte came behind the reply to AUTH TLS. */
  TlsSocket secure(TlsUpgrader upgrader, String host) throws IOException {
    if (!(socket instanceof UpgradableSocket clear)) {
      throw new ProtocolException("the control connection is encrypted already");
    }
    if (reader.held() > 0) {
      // cannot happen with a socket that hands over one line a read; never go on if it does
      clear.close();
      throw new ProtocolException(reader.held() + " bytes in clear behind the reply to AUTH TLS");
    }
    int timeout = clear.getSoTimeout();
    TlsSocket secured = upgrader.upgrade(clear, host);
    secured.setSoTimeout(timeout);
    tls = secured;
    socket = secured;
    reader = new ReplyReader(secured, charset);
    return secured;
  }

  @Nullable TlsSocket tls() {
    return tls;
  }

  Socket socket() {
    return socket;
  }

  /** Reads one reply within the socket's time-out. */
  FtpReply read() throws IOException {
    int timeout = socket.getSoTimeout();
    watch.enter(timeout == 0 ? Integer.MAX_VALUE : timeout + GRACE);
    try {
      return reader.read();
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
    }
  }

  /** True if a reply was begun and not ended: nothing more can be read from this connection. */
  boolean brokenOff() {
    return reader.underway();
  }

  /** A server that speaks unasked has lost the thread, or takes its leave: no command follows. */
  boolean speaksUnasked() throws IOException {
    return reader.held() > 0 || tls != null && socket.getInputStream().available() > 0;
  }

  void send(String line) throws IOException {
    write(encoded(CharBuffer.wrap(line + "\r\n")));
  }

  /** Sends a word that is kept nowhere; should the server echo it, it is replaced. */
  void sendSecret(String command, char[] secret) throws IOException {
    CharBuffer line = CharBuffer.allocate(command.length() + secret.length + 3);
    line.put(command).put(' ').put(secret).put("\r\n").flip();
    try {
      write(encoded(line));
    } finally {
      Arrays.fill(line.array(), '\0');
    }
  }

  void hide(char @Nullable [] secret) {
    reader.hide(secret);
  }

  private ByteBuffer encoded(CharBuffer line) throws IOException {
    try {
      return charset
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .encode(line);
    } catch (CharacterCodingException e) {
      // without the cause: its text could tell a part of a secret
      throw new ProtocolException("a command has characters that " + charset + " does not know");
    }
  }

  private void write(ByteBuffer line) throws IOException {
    int timeout = socket.getSoTimeout();
    watch.enter(timeout == 0 ? Integer.MAX_VALUE : timeout + GRACE);
    try {
      socket.getOutputStream().write(line.array(), line.arrayOffset(), line.remaining());
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw watch.explain(e);
    } finally {
      watch.leave();
      Arrays.fill(line.array(), (byte) 0);
    }
  }
}
