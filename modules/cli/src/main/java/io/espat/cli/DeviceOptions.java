package io.espat.cli;

import io.espat.at.FlowControl;
import io.espat.at.ModuleConfig;
import io.espat.at.ResetMode;
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

  /** The values of --reset; the names are what the user types. */
  enum Reset {
    NONE(ResetMode.NONE),
    AT(ResetMode.AT),
    LINE(ResetMode.LINE);

    private final ResetMode mode;

    Reset(ResetMode mode) {
      this.mode = mode;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int SLOWEST = 80;
  private static final int FASTEST = 5_000_000;

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
      description =
          "Line speed, or auto to try the usual ones (default: $ESPAT_BAUD, else 115200).")
  private @Nullable String baud;

  @Option(
      names = "--switch-baud",
      paramLabel = "N",
      description =
          "Raise the line to this speed once the module answers, if a test shows that it works,"
              + " and put it back at the end.")
  private int switchBaud;

  @Option(
      names = "--flow",
      paramLabel = "MODE",
      description =
          "RTS/CTS flow control: auto (if a test shows that it works), rts-cts (must work) or"
              + " none.")
  private Flow flow = Flow.AUTO;

  @Option(
      names = "--reset",
      paramLabel = "MODE",
      description =
          "Reset the module first: none (default), at (AT+RST) or line (RTS is wired to EN).")
  private Reset reset = Reset.NONE;

  /** The device as it was asked for; it holds no secret. */
  String device(Map<String, String> environment) {
    if (device != null) return device;
    String fromEnvironment = environment.getOrDefault("ESPAT_DEVICE", "");
    return fromEnvironment.isEmpty() ? "auto" : fromEnvironment;
  }

  /** Whether the device is a port of this computer, whose speed means something. */
  boolean isSerial(Map<String, String> environment) {
    String spec = device(environment);
    return !spec.startsWith("tcp:") && !spec.startsWith("sim:");
  }

  boolean raisesSpeed() {
    return switchBaud != 0;
  }

  ModuleConfig.Builder config(Map<String, String> environment, TimeOptions times)
      throws FailureException {
    String spec = device(environment);
    if (spec.isBlank()) throw FailureException.usage("--device is empty", "espat ports lists them");
    try {
      return ModuleConfig.builder()
          .device(spec)
          .baud(baud(environment))
          .speed(switchBaud)
          .flow(flow.control)
          .reset(reset.mode)
          .connectTimeout(times.connect());
    } catch (IllegalArgumentException e) {
      throw noSpeed("--switch-baud", "" + switchBaud, "");
    }
  }

  private int baud(Map<String, String> environment) throws FailureException {
    String given = environment.getOrDefault("ESPAT_BAUD", "");
    String text = baud != null ? baud : given;
    if (text.isEmpty()) return 115_200;
    if (text.equals("auto")) return ModuleConfig.ANY_BAUD;
    if (text.matches("\\d{2,7}")) {
      int speed = Integer.parseInt(text);
      if (speed >= SLOWEST && speed <= FASTEST) return speed;
    }
    throw noSpeed(baud != null ? "--baud" : "ESPAT_BAUD", text, ", or auto");
  }

  private static FailureException noSpeed(String option, String text, String more) {
    return FailureException.usage(
        option + " cannot be " + (text.isBlank() ? "empty" : Escape.line(text)),
        "write a speed of " + SLOWEST + " to " + FASTEST + more);
  }
}
