package io.espat.at;

/** What one line of the module means; what nobody knows stays a line. */
final class AtLine {
  private static final String IPD = "+IPD,";
  private static final String LINK_CONN = "+LINK_CONN:";

  private AtLine() {}

  /** Tells what a line means, without its line end. */
  static Inbound parse(String text) {
    switch (text) {
      case "OK":
        return new Inbound.Ok();
      case "ERROR", "FAIL":
        return new Inbound.Failed();
      case "SEND OK":
        return new Inbound.SendOk();
      case "SEND FAIL":
        return new Inbound.SendFail();
      case "SEND Canceled", "SEND CANCELLED":
        return new Inbound.SendCancelled();
      case "ready":
        return new Inbound.Ready();
      case "WIFI CONNECTED":
        return new Inbound.Wifi(Inbound.Wifi.State.CONNECTED);
      case "WIFI GOT IP":
        return new Inbound.Wifi(Inbound.Wifi.State.GOT_IP);
      case "WIFI DISCONNECT":
        return new Inbound.Wifi(Inbound.Wifi.State.DISCONNECTED);
      case "CONNECT":
        return new Inbound.Opened(Inbound.NO_LINK);
      case "CLOSED":
        return new Inbound.Closed(Inbound.NO_LINK);
      default:
        return parseParts(text);
    }
  }

  private static Inbound parseParts(String text) {
    if (text.startsWith("busy ")) {
      return new Inbound.Busy(text.startsWith("busy s"));
    }
    if (text.startsWith("Recv ") && text.endsWith(" bytes")) {
      int end = text.length() - " bytes".length(); // "Recv bytes" has one blank for both
      int count = end < "Recv ".length() ? -1 : number(text.substring("Recv ".length(), end));
      return count < 0 ? new Inbound.Line(text) : new Inbound.Received(count);
    }
    if (text.startsWith(IPD)) {
      return waiting(text);
    }
    if (text.startsWith(LINK_CONN)) {
      int link = linkConn(text);
      return link < 0 ? new Inbound.Line(text) : new Inbound.Opened(link);
    }
    if (linkNotice(text)) {
      int link = text.charAt(0) - '0';
      return text.endsWith("CLOSED") ? new Inbound.Closed(link) : new Inbound.Opened(link);
    }
    return isNearly(IPD, text) ? new Inbound.Damaged(text) : new Inbound.Line(text);
  }

  private static Inbound waiting(String text) {
    String[] fields = text.substring(IPD.length()).split(",", -1);
    int first = number(fields[0]);
    if (fields.length == 1 && first >= 0) {
      return new Inbound.Waiting(Inbound.NO_LINK, first);
    }
    int second = fields.length > 1 ? number(fields[1]) : -1;
    boolean known = first >= 0 && second >= 0;
    return known ? new Inbound.Waiting(first, second) : new Inbound.Damaged(text);
  }

  /**
   * Returns where a link's notice begins that sticks to the end of something that was not ended,
   * such as an echo, because these notices have no CRLF before them; -1 if there is none.
   */
  static int noticeAt(String text) {
    int detailed = text.indexOf(LINK_CONN);
    if (detailed >= 0) {
      return linkConn(text.substring(detailed)) >= 0 ? detailed : -1;
    }
    int start = text.length();
    if (text.endsWith(",CLOSED")) {
      start -= "0,CLOSED".length();
    } else if (text.endsWith(",CONNECT")) {
      start -= "0,CONNECT".length();
    }
    return start >= 0 && linkNotice(text.substring(start)) ? start : -1;
  }

  private static boolean linkNotice(String text) {
    boolean notice = text.endsWith(",CLOSED") || text.endsWith(",CONNECT");
    return notice && text.indexOf(',') == 1 && number(text.substring(0, 1)) >= 0;
  }

  /** Returns the link that {@code +LINK_CONN:0,id,...} opens; -1 for a failure (1.2) or noise. */
  private static int linkConn(String text) {
    String[] fields = text.substring(LINK_CONN.length()).split(",", -1);
    return fields.length > 1 && fields[0].equals("0") ? number(fields[1]) : -1;
  }

  /**
   * Tells whether a text begins with what one flipped, lost or doubled byte makes of {@code word}.
   */
  private static boolean isNearly(String word, String text) {
    int same = 0;
    while (same < word.length() && same < text.length() && word.charAt(same) == text.charAt(same)) {
      same++;
    }
    String rest = word.substring(Math.min(same + 1, word.length()));
    return text.startsWith(rest, same + 1) // flipped
        || text.startsWith(rest, same) // lost
        || text.startsWith(word.substring(same), same + 1); // doubled
  }

  /** Reads a count or an id; -1 for anything that is not a plain number below 10^9. */
  static int number(CharSequence digits) {
    if (digits.length() == 0 || digits.length() > 9) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + digit - '0';
    }
    return value;
  }
}
