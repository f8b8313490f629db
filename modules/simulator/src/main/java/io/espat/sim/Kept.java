package io.espat.sim;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the firmware can keep over a restart; {@code AT+RESTORE} replaces it by factory values. */
final class Kept {
  /** One link's {@code AT+CIPTCPOPT}. */
  record TcpOptions(int linger, boolean noDelay, int sendTimeout, int keepAlive) {
    static final TcpOptions DEFAULT = new TcpOptions(-1, false, 0, 0);
  }

  /** The station's addresses. */
  record Addresses(String ip, String gateway, String mask) {
    static final Addresses BY_DHCP = new Addresses("10.0.2.15", "10.0.2.2", "255.255.255.0");
    static final Addresses NONE = new Addresses("0.0.0.0", "0.0.0.0", "0.0.0.0");
  }

  /** {@code AT+SAVETRANSLINK}: where the passthrough of each start leads. */
  record SavedLink(String host, int port, int keepAlive) {}

  /** One link's {@code AT+CIPSSLCCONF}: what is proved and checked, and with which sets. */
  record SslMode(int mode, int identity, int authority) {
    static final SslMode DEFAULT = new SslMode(0, 0, 0);

    /** Whether the module presents its own certificate when asked. */
    boolean identifies() {
      return (mode & 1) != 0;
    }

    /** Whether the peer's certificate is checked. */
    boolean verifies() {
      return (mode & 2) != 0;
    }
  }

  int mode; // AT+CWMODE: 0 off, 1 station, 2 access point, 3 both
  boolean joinsByItself = true; // AT+CWAUTOCONN
  int dhcp = 3; // AT+CWDHCP: 1 for the station, 2 for the access point
  int rejoinInterval = 1; // AT+CWRECONNCFG: seconds; 0 for never
  int rejoinCount; // 0 for without end
  String ssid = "";
  String passphrase = "";
  int statusMessages; // AT+SYSMSG
  String mac = "10:01:00:c4:0a:24"; // AT+CIPSTAMAC
  boolean six; // AT+CIPV6
  @Nullable Addresses fixed; // AT+CIPSTA, in force while DHCP is off
  List<String> nameServers = List.of(); // AT+CIPDNS; none: those of the network
  int reconnectInterval = 1; // AT+CIPRECONNINTV, 100 ms each
  @Nullable SavedLink savedLink;
  Settings.UartSetting uart = Settings.UartSetting.FACTORY;
  final TcpOptions[] tcp = new TcpOptions[Firmware.LINKS];
  final SslMode[] ssl = new SslMode[Firmware.LINKS];

  Kept(int mode) {
    this.mode = mode;
    Arrays.fill(tcp, TcpOptions.DEFAULT);
    Arrays.fill(ssl, SslMode.DEFAULT);
  }

  Kept copy() {
    Kept copy = new Kept(mode);
    copy.joinsByItself = joinsByItself;
    copy.dhcp = dhcp;
    copy.rejoinInterval = rejoinInterval;
    copy.rejoinCount = rejoinCount;
    copy.ssid = ssid;
    copy.passphrase = passphrase;
    copy.statusMessages = statusMessages;
    copy.mac = mac;
    copy.six = six;
    copy.fixed = fixed;
    copy.nameServers = nameServers;
    copy.reconnectInterval = reconnectInterval;
    copy.savedLink = savedLink;
    copy.uart = uart;
    System.arraycopy(tcp, 0, copy.tcp, 0, tcp.length);
    System.arraycopy(ssl, 0, copy.ssl, 0, ssl.length);
    return copy;
  }

  boolean station() {
    return (mode & 1) != 0;
  }
}
