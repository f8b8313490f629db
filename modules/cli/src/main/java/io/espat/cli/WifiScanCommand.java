package io.espat.cli;

import io.espat.at.WifiNetwork;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code espat wifi scan}: the networks that the module hears. */
@Command(
    name = "scan",
    customSynopsis = "espat wifi scan [OPTIONS]",
    description = "List the networks in range, the strongest first.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  espat wifi scan", "  espat wifi scan -d /dev/ttyUSB0 --json"})
final class WifiScanCommand extends ModuleCommand {
  @Override
  public ExitCode run(Run run) throws IOException, FailureException {
    try (ModuleSession session = ModuleSession.open(run, device(), times(), List.of())) {
      run.scene().doing("asking the module for the networks in range");
      List<WifiNetwork> networks =
          session.module().scanWifi().stream()
              .sorted(Comparator.comparingInt(WifiNetwork::rssi).reversed())
              .toList();
      tell(run, networks);
      return ExitCode.OK;
    }
  }

  private static void tell(Run run, List<WifiNetwork> networks) {
    Output out = run.output();
    if (out.json()) {
      out.result(
          Json.report("wifi scan", "ok")
              .put("networks", networks.stream().map(WifiScanCommand::json).toList())
              .put("timing", run.timing().json())
              .put("error", null));
    } else if (networks.isEmpty()) {
      out.note("the module hears no network; ESP32 and ESP8266 hear 2.4 GHz only");
    } else {
      out.data(row("SIGNAL", "CHANNEL", "SECURITY", "BSSID", "NAME"));
      for (WifiNetwork each : networks) {
        String name = each.ssid().isEmpty() ? "(hidden)" : Escape.line(each.ssid());
        out.data(
            row(each.rssi() + " dBm", "" + each.channel(), security(each), each.bssid(), name));
      }
    }
  }

  private static String row(
      String signal, String channel, String security, String bssid, String name) {
    return String.format("%-8s  %-7s  %-15s  %-17s  %s", signal, channel, security, bssid, name);
  }

  /** {@code WPA2_WPA3} as {@code WPA2/WPA3}, {@code OPEN} as {@code open}. */
  private static String security(WifiNetwork network) {
    return switch (network.security()) {
      case OPEN -> "open";
      case OTHER -> "other";
      case WPA2_ENTERPRISE -> "WPA2 enterprise";
      default -> network.security().name().replace('_', '/');
    };
  }

  private static Json json(WifiNetwork network) {
    return new Json()
        .put("ssid", network.ssid())
        .put("bssid", network.bssid())
        .put("channel", network.channel())
        .put("rssi", network.rssi())
        .put("security", security(network));
  }
}
