package io.espat.at;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the module stands in the Wi-Fi network; by {@code AT+CWJAP?} and {@code AT+CIPSTA?}.
 *
 * @param joined whether the module is in a network and has an IPv4 address
 * @param ssid name of the network, empty when in none
 * @param rssi signal strength in dBm
 * @param address the module's IPv4 address
 */
public record WifiState(
    boolean joined, String ssid, OptionalInt rssi, Optional<InetAddress> address) {}
