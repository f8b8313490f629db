package io.espat.at;

import java.util.List;

/**
 * What the module says it is; by {@code AT+GMR}. Unknown parts are empty strings.
 *
 * @param atVersion version of the AT core, such as {@code 4.2.0.0-dev}
 * @param sdkVersion version of the SDK below it
 * @param compileTime when the firmware was built, as printed
 * @param binVersion name of the firmware image, as printed
 * @param chip chip name such as {@code ESP32C3}; printed since 2.2
 * @param lines the whole answer
 */
public record ModuleInfo(
    String atVersion,
    String sdkVersion,
    String compileTime,
    String binVersion,
    String chip,
    List<String> lines) {

  /** Copies the lines. */
  public ModuleInfo {
    lines = List.copyOf(lines);
  }

  /** Reads the answer of {@code AT+GMR}; vendors change the text freely, so nothing is required. */
  static ModuleInfo parse(List<String> lines) {
    String at = "";
    String sdk = "";
    String compiled = "";
    String bin = "";
    for (String line : lines) {
      if (line.startsWith("AT version:")) {
        at = line.substring("AT version:".length());
      } else if (line.startsWith("SDK version:")) {
        sdk = line.substring("SDK version:".length());
      } else if (line.startsWith("compile time")) {
        compiled = line.substring(line.indexOf(':') + 1);
      } else if (line.startsWith("Bin version")) {
        bin = line.substring(line.indexOf(':') + 1);
      }
    }
    int open = at.indexOf('(');
    String version = open < 0 ? at : at.substring(0, open);
    return new ModuleInfo(version.strip(), sdk, compiled, bin, chip(at), lines);
  }

  /** Finds the chip between the dashes of {@code (bbccb5e - ESP32 - Feb 9 2026 02:41:25)}. */
  private static String chip(String version) {
    for (String part : version.split(" - ", -1)) {
      if (part.strip().startsWith("ESP")) {
        return part.strip();
      }
    }
    return "";
  }
}
