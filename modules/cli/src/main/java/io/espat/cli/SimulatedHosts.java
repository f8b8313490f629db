package io.espat.cli;

import io.espat.sim.SimulatedModule;

/** The names that a simulated module is told. */
final class SimulatedHosts {
  private SimulatedHosts() {}

  /** Adds one NAME=ADDRESS. */
  static void add(SimulatedModule.Builder builder, String option, String spec)
      throws FailureException {
    int equals = spec.indexOf('=');
    try {
      if (equals > 0) {
        builder.host(spec.substring(0, equals), spec.substring(equals + 1));
        return;
      }
    } catch (IllegalArgumentException e) {
      throw unreadable(option, spec);
    }
    throw unreadable(option, spec);
  }

  private static FailureException unreadable(String option, String spec) {
    return FailureException.usage(
        option + " cannot be read: " + Escape.line(spec),
        "write NAME=ADDRESS with an IPv4 address, as mail.test=127.0.0.1");
  }
}
