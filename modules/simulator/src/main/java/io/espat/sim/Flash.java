package io.espat.sim;

/** What the firmware keeps over a restart; {@code AT+RESTORE} replaces it by a factory one. */
final class Flash {
  int mode; // AT+CWMODE: 0 off, 1 station, 2 access point, 3 both
  String ssid = "";
  String passphrase = "";
  int statusMessages; // AT+SYSMSG
  Settings.UartSetting uart = Settings.UartSetting.FACTORY;

  Flash(int mode) {
    this.mode = mode;
  }

  boolean station() {
    return (mode & 1) != 0;
  }
}
