package io.espat.cli;

import io.espat.at.SerialPorts;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code espat ports}: the serial ports of this computer. */
@Command(
    name = "ports",
    description = "List the serial ports of this computer.",
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  espat ports             what may be given to --device",
      "  espat ports --json      the same for a program"
    })
final class PortsCommand implements Action {
  @ArgGroup(validate = false)
  private OutputOptions output = new OutputOptions();

  @ArgGroup(validate = false)
  private ReportOptions report = new ReportOptions();

  @Override
  public OutputOptions output() {
    return output;
  }

  @Override
  public boolean json() {
    return report.json();
  }

  @Override
  public ExitCode run(Run run) throws IOException {
    run.scene().doing("listing the serial ports");
    tell(run.output(), SerialPorts.list());
    return ExitCode.OK;
  }

  static void tell(Output out, List<SerialPorts.Port> ports) {
    if (out.json()) {
      out.result(
          Json.report("ports", "ok")
              .put("ports", ports.stream().map(PortsCommand::json).toList())
              .put("error", null));
      return;
    }
    if (ports.isEmpty()) {
      out.note("no serial port found; is the adapter plugged in?");
      return;
    }
    int device = ports.stream().mapToInt(each -> each.device().length()).max().orElse(0);
    String form = "%-" + Math.max(12, device) + "s  %-9s  %-28s  %s";
    out.data(row(form, "DEVICE", "USB", "DESCRIPTION", "SERIAL"));
    for (SerialPorts.Port each : ports) {
      out.data(row(form, each.device(), each.usbId(), each.description(), each.serialNumber()));
    }
  }

  private static String row(String form, String device, String usb, String text, String serial) {
    String row = String.format(form, device, orDash(usb), orDash(text), orDash(serial));
    return Escape.line(row.stripTrailing());
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static Json json(SerialPorts.Port port) {
    return new Json()
        .put("device", port.device())
        .put("usb", port.usbId().isEmpty() ? null : port.usbId())
        .put("description", port.description())
        .put("serial", port.serialNumber().isEmpty() ? null : port.serialNumber());
  }
}
