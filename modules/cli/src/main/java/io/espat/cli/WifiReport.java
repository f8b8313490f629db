package io.espat.cli;

import io.espat.at.WifiState;
import java.net.InetAddress;

/** Where the module stands in its network, in words and as JSON. */
final class WifiReport {
  private WifiReport() {}

  /** {@code joined plant-iot -58 dBm 192.168.4.2}, or that it is not. */
  static String line(WifiState wifi, Style style) {
    if (!wifi.joined()) return style.bad("not joined");
    String strength = wifi.rssi().isPresent() ? "  " + wifi.rssi().getAsInt() + " dBm" : "";
    String address = wifi.address().map(each -> "  " + each.getHostAddress()).orElse("");
    return style.good("joined") + " " + Escape.line(wifi.ssid()) + strength + address;
  }

  static Json json(WifiState wifi) {
    return new Json()
        .put("joined", wifi.joined())
        .put("ssid", wifi.ssid())
        .put("rssi", wifi.rssi().isPresent() ? wifi.rssi().getAsInt() : null)
        .put("address", wifi.address().map(InetAddress::getHostAddress).orElse(null));
  }
}
