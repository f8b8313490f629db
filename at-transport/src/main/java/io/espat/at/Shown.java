package io.espat.at;

import java.util.regex.Pattern;

/** What may be shown of a message: payload as a count, unknown text not at all. */
final class Shown {
  /** Lines of the firmware itself; anything else could be an echo, or payload out of step. */
  private static final Pattern KNOWN =
      Pattern.compile(
          "(\\+(?!CWJAP_|CWSAP|CWJEAP|MQTT|HTTP)[A-Z0-9_]+[:,].*"
              + "|ERR CODE:0x[0-9a-fA-F]+|AT version:.*|SDK version:.*|compile time.*"
              + "|Bin version.*|STATUS:\\d|Will force to restart!!!|ALREADY CONNECTED"
              // what NonOS says before ERROR
              + "|\\+timeout|link is not valid|no ip|DNS Fail|UNLINK|MUX=\\d|Link type ERROR)");

  private Shown() {}

  /** Describes a message; {@code secret} when the command it may be the echo of holds one. */
  static String of(Inbound message, boolean secret) {
    if (message instanceof Inbound.Data data) {
      return "+IPD," + data.link() + ": " + data.bytes().remaining() + " bytes";
    }
    if (message instanceof Inbound.Fetched fetched) {
      return "+CIPRECVDATA: " + fetched.bytes().remaining() + " bytes";
    }
    if (message instanceof Inbound.Damaged damaged) {
      return "(a damaged header in " + damaged.text().length() + " characters)";
    }
    if (message instanceof Inbound.Line line) {
      return line(line.text(), secret);
    }
    return message.toString();
  }

  /** Shows a line of the firmware, and only the length of any other. */
  static String line(String text, boolean secret) {
    boolean known = KNOWN.matcher(text).matches() && !(secret && text.contains("\""));
    return known ? text : "(a line of " + text.length() + " characters)";
  }
}
