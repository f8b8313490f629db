package io.espat.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the firmware keeps in RAM: back to these values at every restart. */
final class Settings {
  boolean echo = true;
  boolean errorCodes; // AT+SYSLOG
  boolean stores = true; // AT+SYSSTORE
  int sleep = 1;
  int userRam; // AT+USERRAM: bytes
  String hostName = "espressif"; // AT+CWHOSTNAME
  int scanFields = 0x7FF; // AT+CWLAPOPT: a bit for each field of +CWLAP:
  int weakestShown = -100; // dBm
  boolean multiple; // AT+CIPMUX
  boolean passthrough; // AT+CIPMODE
  int transferInterval = 20; // AT+TRANSINTVL, ms
  boolean details; // AT+CIPDINFO
  LongSend.Sizes longSend = LongSend.Sizes.DEFAULT; // AT+CIPSENDLCFG
  final boolean[] passive = new boolean[Firmware.LINKS]; // AT+CIPRECVTYPE
  final SslSettings[] ssl = new SslSettings[Firmware.LINKS];
  final boolean[] persistent = new boolean[Firmware.LINKS]; // AT+CIPCONNPERSIST
  UartSetting uart;

  boolean timeFromNetwork; // AT+CIPSNTPCFG
  boolean timeKnown;
  int timeInterval = 3600; // AT+CIPSNTPINTV, seconds
  String timeZone = "0";
  List<String> timeServers = new ArrayList<>();

  Settings(UartSetting uart) {
    Arrays.setAll(ssl, id -> new SslSettings());
    this.uart = uart;
  }

  /** Serial settings as {@code AT+UART_CUR} carries them. */
  record UartSetting(int baud, int dataBits, int stopBits, int parity, int flow) {
    static final UartSetting FACTORY = new UartSetting(115_200, 8, 1, 0, 1);

    /** The rate that the divider really makes of the wanted one; an ESP32's has four more bits. */
    int realBaud(Firmware firmware) {
      long clock = 80_000_000L << (firmware.has(Trait.WHOLE_DIVIDER) ? 0 : 4);
      return (int) (clock / (clock / baud));
    }

    String listed(int rate) {
      return rate + "," + dataBits + "," + stopBits + "," + parity + "," + flow;
    }
  }
}
