package io.espat.sim;

import java.util.List;

/** A firmware build that {@link SimulatedModule} can be, with the limits that were recorded. */
public enum Firmware {
  /**
   * ESP-AT 4.2 on an ESP32: one payload of up to 8192 bytes, receive window 5760 bytes, frames of
   * one TCP segment (1440 bytes).
   */
  ESP32_AT_4(
      List.of(
          "AT version:4.2.0.0-dev(bbccb5e - ESP32 - Feb  9 2026 02:41:25)",
          "SDK version:-128-NOTFOUND",
          "compile time(28167d3f):Mar  2 2026 11:02:16",
          "Bin version:ES4.2.0(WROOM-32)"),
      8192,
      5760,
      1440,
      2920);

  /** Links 0..4, in every ESP-AT build with default options. */
  static final int LINKS = 5;

  /** A command line with its CR LF is at most this long. */
  static final int LINE_LIMIT = 256;

  /** The receive FIFO of the UART: no chunk that the firmware sees is longer. */
  static final int FIFO = 128;

  final List<String> versionLines;
  final int payloadLimit;
  final int window;
  final int segment;
  final int frameLimit;

  Firmware(List<String> versionLines, int payloadLimit, int window, int segment, int frameLimit) {
    this.versionLines = versionLines;
    this.payloadLimit = payloadLimit;
    this.window = window;
    this.segment = segment;
    this.frameLimit = frameLimit;
  }
}
