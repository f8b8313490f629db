package io.espat.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;

/** What all commands that open a module have in common: the options about it and the report. */
abstract class ModuleCommand implements Action {
  @ArgGroup(validate = false, order = 50, heading = "%nThe module:%n")
  private DeviceOptions device = new DeviceOptions();

  @ArgGroup(validate = false, order = 60, heading = "%nTimes:%n")
  private TimeOptions times = new TimeOptions();

  @ArgGroup(validate = false, order = 70, heading = "%nOutput:%n")
  private OutputOptions output = new OutputOptions();

  @ArgGroup(validate = false, order = 80)
  private ReportOptions report = new ReportOptions();

  final DeviceOptions device() {
    return device;
  }

  final TimeOptions times() {
    return times;
  }

  @Override
  public final OutputOptions output() {
    return output;
  }

  @Override
  public final boolean json() {
    return report.json();
  }

  @Override
  public final @Nullable Duration maxTime() {
    return times.max();
  }
}
