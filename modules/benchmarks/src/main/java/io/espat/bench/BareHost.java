package io.espat.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One thread that knows beforehand how many bytes every answer has and looks at none of them: what
 * the simulator and this computer's wake-ups leave of the model's limit, for small exchanges.
 */
final class BareHost {
  private final InputStream in;
  private final OutputStream out;

  BareHost(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Opens link 0, pushed data, and answers how many 64-byte exchanges it does in a second. */
  double asksPerSecond(int port, int count) throws IOException {
    started();
    exchange("ATE0\r\n", "ATE0\r\n\r\nOK\r\n");
    exchange("AT+CIPMUX=1\r\n", "\r\nOK\r\n");
    String start = "AT+CIPSTART=0,\"TCP\",\"127.0.0.1\"," + port + "\r\n";
    exchange(start, "0,CONNECT\r\n\r\nOK\r\n");
    ask();
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      ask();
    }
    return count / ((System.nanoTime() - begin) / 1e9);
  }

  /** Reads what the module says while it starts. */
  private void started() throws IOException {
    StringBuilder heard = new StringBuilder();
    while (heard.indexOf("WIFI GOT IP\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the module ended");
      }
      heard.append((char) b);
    }
  }

  private void ask() throws IOException {
    exchange("AT+CIPSEND=0,64\r\n", "\r\nOK\r\n\r\n>");
    String question = "?".repeat(Peer.QUESTION);
    exchange(
        question,
        "\r\nRecv 64 bytes\r\n" + "\r\nSEND OK\r\n" + "\r\n+IPD,0,64:" + question + "\r\n");
  }

  /** Writes, and reads as many bytes as the answer has. */
  private void exchange(String said, String answer) throws IOException {
    out.write(said.getBytes(ISO_8859_1));
    out.flush();
    if (in.readNBytes(answer.length()).length < answer.length()) {
      throw new EOFException("the module ended");
    }
  }
}
