package io.espat.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a peer sends while nobody reads, handed over as the recorded network did: as much at a time
 * as the recorded module says it holds.
 */
final class Arrivals {
  /** Hears of bytes that were sent, and waits until the module has them. */
  interface Sent {
    void bytes(int count);
  }

  private static final Pattern LENGTH = Pattern.compile("\\+CIPRECVLEN:(\\d+)\r\n");
  private static final Pattern DATA = Pattern.compile("\\+CIPRECVDATA:(\\d+),");
  private static final Pattern NOTICE = Pattern.compile("\r\n\\+IPD,(\\d+)\r\n$");
  private static final Pattern ASKED = Pattern.compile("AT\\+CIPRECVDATA=(\\d+)\r\n");

  private final Socket from;
  private final Sent sent;
  private String backlog;
  private int unread;

  Arrivals(Socket from, String all, Sent sent) {
    this.from = from;
    this.sent = sent;
    backlog = all;
  }

  /** Sends what the module has when it says this by itself. */
  void beforeNotice(String notice) throws IOException {
    hold(number(NOTICE, notice));
  }

  /** Sends what the module has when it answers this. */
  void beforeAnswer(String command, String answer) throws IOException {
    if (LENGTH.matcher(answer).find()) {
      hold(number(LENGTH, answer));
    } else if (DATA.matcher(answer).find()) {
      int taken = number(DATA, answer);
      boolean drained = taken < number(ASKED, command);
      hold(drained ? taken : taken + left(answer));
      unread -= taken;
    }
  }

  /** The number of bytes that came between a read that left nothing and the notice behind it. */
  int afterwards(String command, String answer) {
    boolean drained = DATA.matcher(answer).find() && number(DATA, answer) < number(ASKED, command);
    return drained ? left(answer) : 0;
  }

  private static int left(String answer) {
    return NOTICE.matcher(answer).find() ? number(NOTICE, answer) : 0;
  }

  private static int number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(pattern + " in " + HostSide.shown(text)).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /** Sends as many bytes as the module lacks to hold that many. */
  void hold(int wanted) throws IOException {
    int count = wanted - unread;
    assertThat(count).as("bytes to send").isBetween(0, backlog.length());
    Peer.send(from, backlog.substring(0, count));
    backlog = backlog.substring(count);
    unread = wanted;
    sent.bytes(count);
  }

  void complete() {
    assertThat(backlog).as("never sent").isEmpty();
  }
}
