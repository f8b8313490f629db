package io.espat.cli;

import io.espat.at.FlowControl;
import io.espat.at.ModuleConfig;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the module is and how its line is set. */
final class DeviceOptions {
  /** The values of --flow; the names are what the user types. */
  enum Flow {
    AUTO(FlowControl.AUTO),
    RTS_CTS(FlowControl.RTS_CTS),
    NONE(FlowControl.NONE);

    private final FlowControl control;

    Flow(FlowControl control) {
      this.control = control;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = {"-d", "--device"},
      paramLabel = "SPEC",
      description = {
        "The module: a port such as /dev/ttyUSB0 or COM3, auto, tcp://HOST:PORT or sim:"
            + " (default: $ESPAT_DEVICE, else auto)."
      })
  private @Nullable String device;

  @Option(
      names = {"-b", "--baud"},
      paramLabel = "N",
      description = "Line speed (default: $ESPAT_BAUD, else 115200).")
  private @Nullable Integer baud;

  @Option(
      names = "--flow",
      paramLabel = "MODE",
      description = "Hardware flow control: auto, rts-cts or none.")
  private Flow flow = Flow.AUTO;

  /** The device as it was asked for; it holds no secret. */
  String device(Map<String, String> environment) {
    if (device != null) return device;
    String fromEnvironment = environment.getOrDefault("ESPAT_DEVICE", "");
    return fromEnvironment.isEmpty() ? "auto" : fromEnvironment;
  }

  /** The speed of the serial line, 0 when the device is none whose speed is known. */
  int lineRate(Map<String, String> environment) throws FailureException {
    String spec = device(environment);
    boolean serial = !spec.startsWith("tcp:") && !spec.startsWith("sim:");
    return serial ? baud(environment) : 0;
  }

  ModuleConfig.Builder config(Map<String, String> environment, TimeOptions times)
      throws FailureException {
    String spec = device(environment);
    if (spec.isBlank()) throw FailureException.usage("--device is empty", "espat ports lists them");
    try {
      return ModuleConfig.builder()
          .device(spec)
          .baud(baud(environment))
          .flow(flow.control)
          .connectTimeout(times.connect());
    } catch (IllegalArgumentException e) {
      throw FailureException.usage("--baud cannot be used: " + Causes.words(e), "");
    }
  }

  private int baud(Map<String, String> environment) throws FailureException {
    if (baud != null) return baud;
    String text = environment.getOrDefault("ESPAT_BAUD", "");
    if (text.isEmpty()) return 115_200;
    if (text.matches("\\d{1,7}")) return Integer.parseInt(text);
    throw FailureException.usage("ESPAT_BAUD is no number: " + Escape.line(text), "");
  }
}
