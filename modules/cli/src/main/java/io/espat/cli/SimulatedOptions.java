package io.espat.cli;

import io.espat.sim.FaultPlan;
import io.espat.sim.FaultScriptException;
import io.espat.sim.Firmware;
import io.espat.sim.LineModel;
import io.espat.sim.SimulatedModule;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What a simulated module is told to be: by options of a command, or behind the question mark of
 * {@code sim:?}.
 */
final class SimulatedOptions {
  private final String prefix; // before the name of an option, in messages
  private final SimulatedModule.Builder builder = SimulatedModule.builder();
  private final FaultPlan.Builder faults = FaultPlan.builder();
  private Firmware firmware = Firmware.ESP32_AT_4;

  SimulatedOptions(String prefix) {
    this.prefix = prefix;
  }

  SimulatedModule.Builder builder() {
    return builder.firmware(firmware).faults(faults.build());
  }

  Firmware firmware() {
    return firmware;
  }

  FaultPlan faults() {
    return faults.build();
  }

  /** Takes an option by its name; without such an option the failure says which there are. */
  void set(String name, String value) throws FailureException {
    switch (name) {
      case "host" -> host(prefix + name, value);
      case "firmware" -> firmware(value);
      case "baud" -> baud(value);
      case "fault" -> fault(value);
      case "script" -> script(Path.of(value));
      case "seed" -> faults.seed(number("seed", value));
      default ->
          throw FailureException.usage(
              "a simulated module has no option " + Escape.line(name),
              "it has host, firmware, baud, fault, script and seed");
    }
  }

  /** Adds one NAME=ADDRESS. */
  void host(String option, String spec) throws FailureException {
    int equals = spec.indexOf('=');
    try {
      if (equals > 0) {
        builder.host(spec.substring(0, equals), spec.substring(equals + 1));
        return;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw unreadable(option, spec, "write NAME=ADDRESS, as mail.test=127.0.0.1 or mail.test=::1");
  }

  void firmware(String title) throws FailureException {
    firmware =
        Firmware.of(title)
            .orElseThrow(
                () ->
                    unreadable(
                        prefix + "firmware",
                        title,
                        "the firmwares are "
                            + Arrays.stream(Firmware.values())
                                .map(Firmware::title)
                                .collect(Collectors.joining(", "))));
  }

  void baud(String text) throws FailureException {
    try {
      int baud = Math.toIntExact(number("baud", text));
      builder.line(LineModel.builder().baud(baud).build());
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw unreadable(prefix + "baud", text, "write a speed of 80 to 5000000");
    }
  }

  /** A fault's name, NAME@PROBABILITY, or a whole rule. */
  void fault(String text) throws FailureException {
    int at = text.indexOf('@');
    String rule = text;
    if (at == text.length() - 1 && at > 0) {
      throw unreadable(prefix + "fault", text, "a probability is 0..1, as BUSY@0.01");
    }
    if (text.indexOf(':') < 0) {
      rule =
          at < 0
              ? "once: " + text
              : "chance " + text.substring(at + 1) + ": " + text.substring(0, at);
    }
    try {
      faults.rule(rule);
    } catch (IllegalArgumentException e) {
      throw unreadable(prefix + "fault", text, String.valueOf(e.getMessage()));
    }
  }

  void script(Path file) throws FailureException {
    try {
      faults.script(Files.readString(file));
    } catch (FaultScriptException e) {
      throw FailureException.usage(
          prefix + "script cannot be read: " + Escape.line(file.toString()),
          Escape.line(String.valueOf(e.getMessage())));
    } catch (CharacterCodingException e) {
      throw unreadable(file, "it is not UTF-8 text", e);
    } catch (FileSystemException e) { // its words begin with the file
      throw new FailureException(Failure.of(ErrorId.FILE_READ, Causes.words(e)), e);
    } catch (IOException e) {
      throw unreadable(file, Causes.words(e), e);
    }
  }

  private long number(String option, String text) throws FailureException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw unreadable(prefix + option, text, "write a whole number");
    }
  }

  private static FailureException unreadable(Path file, String why, IOException cause) {
    return new FailureException(Failure.of(ErrorId.FILE_READ, file + ": " + why), cause);
  }

  private static FailureException unreadable(String option, String text, String remedy) {
    return FailureException.usage(
        option + " cannot be read: " + Escape.line(text), Escape.line(remedy));
  }
}
