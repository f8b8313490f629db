package io.espat.ftp;

import java.net.ProtocolException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the port from the replies to EPSV (RFC 2428 section 3) and PASV (RFC 959). */
final class PassivePort {
  // The delimiter may be any printable character; what stands between the first three is empty.
  private static final Pattern EXTENDED =
      Pattern.compile("\\(([!-~&&[^0-9]])\\1\\1(\\d{1,5})\\1\\)");
  private static final Pattern PASSIVE =
      Pattern.compile("(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3})");

  private PassivePort() {}

  static int ofExtended(FtpReply reply) throws ProtocolException {
    Matcher m = EXTENDED.matcher(reply.words());
    int port = m.find() ? Integer.parseInt(m.group(2)) : 0;
    if (port < 1 || port > 65535) throw unreadable("EPSV", reply);
    return port;
  }

  /** The port alone: the address is not used, since only the control host is dialled. */
  static int ofPassive(FtpReply reply) throws ProtocolException {
    Matcher m = PASSIVE.matcher(reply.words());
    if (!m.find()) throw unreadable("PASV", reply);
    int high = Integer.parseInt(m.group(5));
    int low = Integer.parseInt(m.group(6));
    if (high > 255 || low > 255 || high + low == 0) throw unreadable("PASV", reply);
    return high << 8 | low;
  }

  private static ProtocolException unreadable(String command, FtpReply reply) {
    return new ProtocolException("no port in the reply to " + command + ": " + reply.printable());
  }
}
