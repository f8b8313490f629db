package io.espat.sim;

/** What the firmware says of its links by itself, and how; loop thread only. */
final class LinkWords {
  private final Firmware firmware;
  private final Uart uart;
  private final Memory memory;
  private boolean muted; // a passthrough has the line

  LinkWords(Firmware firmware, Uart uart, Memory memory) {
    this.firmware = firmware;
    this.uart = uart;
    this.memory = memory;
  }

  /** Whether a passthrough has the line. */
  void muted(boolean now) {
    muted = now;
  }

  /** Says data that was received: head, data and tail are one write. */
  void data(SimLink link, byte[] data) {
    String tail = firmware.has(Trait.BARE_FRAMES) ? "" : "\r\n";
    uart.say(head(link, data.length) + details(link) + ":", data, data.length, tail);
  }

  /** Says received data as it is. */
  void raw(byte[] data) {
    uart.say("", data, data.length, "");
  }

  /** Says that data waits, and how much. */
  void notice(SimLink link) {
    uart.say(head(link, link.readable()) + "\r\n");
  }

  private String head(SimLink link, int count) {
    return "\r\n+IPD," + prefix(link.id()) + count;
  }

  /** The peer's address as {@code AT+CIPDINFO=1} adds it. */
  String details(SimLink link) {
    if (!memory.settings().details) {
      return "";
    }
    String quote = firmware.has(Trait.BARE_FRAMES) ? "" : "\"";
    return "," + quote + link.address() + quote + "," + link.port();
  }

  /** Says that a link is there. */
  void connected(SimLink link) {
    if ((memory.kept().statusMessages & 2) == 0) {
      status(prefix(link.id()) + "CONNECT\r\n");
      return;
    }
    String head = "+LINK_CONN:0," + link.id() + ",\"" + link.type() + "\",";
    String peer = ",\"" + link.address() + "\"," + link.port() + "," + link.localPort() + "\r\n";
    status(head + (link.accepted() ? 1 : 0) + peer);
  }

  /** Says that a link is gone. */
  void closed(int id) {
    status(prefix(id) + "CLOSED\r\n");
  }

  /** What stands before a word about a link: nothing while there is one only. */
  private String prefix(int id) {
    return memory.settings().multiple ? id + "," : "";
  }

  /** Says a change of state; within a passthrough only if {@code AT+SYSMSG} bit 2 wants it. */
  void status(String text) {
    if (!muted || (memory.kept().statusMessages & 4) != 0) {
      uart.say(text);
    }
  }
}
